"""A market's trend: what one outcome's price was at the end of the last hours."""

from dataclasses import dataclass
from datetime import datetime

from domain.model.history.candle import TREND_HOURS, Interval, PriceHistory
from domain.model.trading.book import Book, Listing, opening_prices, shown_prices
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
    present = [shown.price for shown in shown_prices(book)]
    index = 0 if len(present) == 2 else present.index(max(present))  # noqa: PLR2004 - the first of two
    is_known = history is None or not history.version or history.hours  # a former release kept no hours
    ends = _hour_ends(market.published_at, now) if is_known else []
    past = tuple(_price_at(book, history, end, index) for end in ends)
    return Trend(book.outcomes[index], (*past, present[index]))


def _hour_ends(published_at: datetime, now: datetime) -> list[datetime]:
    """The ends of the last whole hours, oldest first, that lie after the publication."""
    hour, last = Interval.HOUR.duration, Interval.HOUR.start_of(now)
    ends = [last - hour * back for back in reversed(range(TREND_HOURS))]
    return [end for end in ends if published_at < end]


def _price_at(book: Book, history: PriceHistory | None, end: datetime, index: int) -> int:
    """The price after the last trade before an instant; before the first trade, the opening price."""
    hours = history.hours if history else ()
    known = [hour.prices[index] for hour in hours if hour.start < end]
    return known[-1] if known else opening_prices(book)[index]
