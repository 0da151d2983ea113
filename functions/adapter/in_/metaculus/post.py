"""A market as a post with its question."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from domain.model.history.candle import Candle, Interval
from domain.model.kernel.money import MICROS
from domain.model.kernel.notation import format_time
from domain.model.metaculus.forecast import Forecasts
from domain.model.metaculus.post import number_of
from domain.model.trading.book import Listing, shown_prices
from domain.model.trading.market import DECIDED, Market, MarketStatus, Resolution
from functions.adapter.in_.surface.numbers import OPEN_FOR, units

type Json = dict[str, object]

BINARY, MULTIPLE_CHOICE = "binary", "multiple_choice"
_TWO = 2
_PROJECT: Json = {"id": 1, "type": "site_main", "name": "Hunch", "slug": "hunch", "visibility": "normal"}
_STATUS = {MarketStatus.ACTIVE: "open", MarketStatus.CLOSED: "closed"}


class Seen(NamedTuple):
    """A market as one caller sees it.

    Args:
        number: the market's.
        listing: the market and its book, as they read now.
        forecasts: the caller's; None where there are none.
        candles: of the price history, oldest first.
        now: the present instant.
    """

    number: int
    listing: Listing
    forecasts: Forecasts | None
    candles: Sequence[Candle]
    now: datetime


def kind_of(market: Market) -> str:
    """Whether a market is a question of yes or no, or of several options."""
    return BINARY if len(market.outcomes) == _TWO else MULTIPLE_CHOICE


def status_of(market: Market) -> str:
    """Whether a market is open, closed or resolved."""
    return _STATUS.get(market.status, "resolved")


def post(seen: Seen) -> Json:
    """A published market."""
    market, book = seen.listing
    opened = format_time(market.published_at or market.created_at)
    return {
        "id": seen.number,
        "title": market.name,
        "slug": market.slug,
        "status": status_of(market),
        "created_at": format_time(market.created_at),
        "published_at": opened,
        "nr_forecasters": book.holders,
        "forecasts_count": book.version,
        "projects": {"default_project": _PROJECT, "tournament": [_tournament(tag) for tag in market.tags]},
        "question": _question(seen, opened),
    }


def _tournament(tag: str) -> Json:
    return {"id": number_of(tag), "type": "tournament", "slug": tag, "name": tag}


def _question(seen: Seen, opened: str) -> Json:
    market = seen.listing.market
    closes = format_time(market.closes_at or (market.published_at or market.created_at) + OPEN_FOR)
    decided = market.resolution if market.status in DECIDED else None
    return {
        "id": seen.number,
        "title": market.name,
        "type": kind_of(market),
        "status": status_of(market),
        "options": list(market.outcomes) if kind_of(market) == MULTIPLE_CHOICE else None,
        "description": market.description,
        "resolution_criteria": market.rules,
        "fine_print": "\n\n".join(each.text for each in market.clarifications),
        "scheduled_close_time": closes,
        "scheduled_resolve_time": closes,
        "actual_resolve_time": format_time(decided.resolved_at) if decided else None,
        "resolution": _resolution(market, decided) if decided else None,
        "created_at": format_time(market.created_at),
        "open_time": opened,
        "group_variable": "",
        "my_forecasts": _own(market, seen.forecasts),
        "aggregations": {"recency_weighted": _aggregation(seen)},
    }


def _resolution(market: Market, decided: Resolution) -> str:
    """What happened; where it was called off, or paid in parts, nothing did."""
    if decided.payouts is None or MICROS not in decided.payouts:
        return "annulled"
    winner = decided.payouts.index(MICROS)
    return market.outcomes[winner] if kind_of(market) == MULTIPLE_CHOICE else ("yes", "no")[winner]


def _values(market: Market, prices: Sequence[int]) -> list[float]:
    """The probabilities of the options; of a question of yes or no, that of no comes first."""
    values = [units(price) for price in prices]
    return values if kind_of(market) == MULTIPLE_CHOICE else values[::-1]


def _centers(market: Market, prices: Sequence[int]) -> list[float]:
    """The probabilities of the options; of a question of yes or no, that of yes alone."""
    return [units(price) for price in prices] if kind_of(market) == MULTIPLE_CHOICE else [units(prices[0])]


def _own(market: Market, forecasts: Forecasts | None) -> Json:
    history = forecasts.history if forecasts else ()
    starts = [each.created_at for each in history]
    items = [
        {**_time(start, end), "forecast_values": _values(market, each.prices)}
        for each, start, end in zip(history, starts, [*starts[1:], None], strict=False)
    ]
    return {"history": items, "latest": items[-1] if items else None, "score_data": {}}


def _aggregation(seen: Seen) -> Json:
    """What the market says: its price now, and at the end of each hour in which somebody traded."""
    market, book = seen.listing
    present = [shown.price for shown in shown_prices(book)]
    ends = [candle.start + Interval.HOUR.duration for candle in seen.candles]
    known = [(end, [range_.close for range_ in candle.ranges]) for end, candle in zip(ends, seen.candles, strict=True)]
    opening = market.published_at or market.created_at
    first = [range_.open for range_ in seen.candles[0].ranges] if seen.candles else present
    steps = [(opening, first), *((end, prices) for end, prices in known if opening < end < seen.now)]
    if steps[-1][1] != present:
        steps.append((seen.now, present))
    starts = [start for start, _ in steps]
    history = [
        {**_time(start, end), "forecast_values": _values(market, prices), "centers": _centers(market, prices)}
        for (start, prices), end in zip(steps, [*starts[1:], None], strict=True)
    ]
    return {"history": history, "latest": history[-1]}


def _time(start: datetime, end: datetime | None) -> Json:
    """From when until when, in seconds since 1970; no end for what still holds."""
    return {"start_time": start.timestamp(), "end_time": end.timestamp() if end else None}
