"""A market's trend: what one outcome's price was at the end of the last hours."""

import math
from dataclasses import dataclass
from datetime import datetime

from domain.model.history.candle import TREND_HOURS, Interval, PriceHistory
from domain.model.trading.book import Book, Listing, opening_prices, present_prices
from domain.model.trading.market import MarketStatus


@dataclass(frozen=True, slots=True)
class Trend:
    """The prices of one outcome over the last hours.

    Args:
        outcome: the first of two outcomes; of more, the one that leads now.
        prices: shown prices in millionths at the end of up to TREND_HOURS past hours since the publication, oldest
            first, and last the present one.
    """

    outcome: str
    prices: tuple[int, ...]


def trend_of(listing: Listing, history: PriceHistory | None, now: datetime) -> Trend | None:
    """The trend of a market at an instant; None for a draft.

    Args:
        listing: the market and its book.
        history: how far its trades are folded; None where none is.
        now: the instant.
    """
    market, book = listing
    if market.status is MarketStatus.DRAFT or market.published_at is None:
        return None
    present = present_prices(book)
    index = 0 if len(present) == 2 else present.index(max(present))  # noqa: PLR2004 - the first of two
    # Trades of which no hour is kept, not folded yet or by a release that kept none, leave the past open.
    is_known = book.version == 0 or (history is not None and bool(history.hours))
    past = _past_prices(book, history, market.published_at, now, index) if is_known else ()
    return Trend(book.outcomes[index], (*past, present[index]))


def _past_prices(
    book: Book, history: PriceHistory | None, published_at: datetime, now: datetime, index: int
) -> tuple[int, ...]:
    """The prices after the last trade before each hour's end, oldest first; before the first trade, the opening one."""
    hours = history.hours if history else ()
    prices = []
    known, next_ = opening_prices(book)[index], 0
    for end in _hour_ends(published_at, now):
        while next_ < len(hours) and hours[next_].start < end:
            known, next_ = hours[next_].prices[index], next_ + 1
        prices.append(known)
    return tuple(prices)


def _hour_ends(published_at: datetime, now: datetime) -> list[datetime]:
    """The ends of the last whole hours, oldest first, that lie after the publication."""
    hour, last = Interval.HOUR.duration, Interval.HOUR.start_of(now)
    most = min(TREND_HOURS, max(0, math.ceil((last - published_at) / hour)))
    return [last - hour * back for back in reversed(range(most))]
