"""A market's price history: candles, folded from its trades in the order of their versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from domain.model.kernel.money import ZERO, Money, sum_money
from domain.model.kernel.notation import REMEMBERED_INSTANTS
from domain.model.kernel.record import record
from domain.model.trading.book import Book, opening_prices
from domain.model.trading.trade import Trade

TREND_HOURS = 24
KEPT_HOURS = TREND_HOURS + 1
"""One more than a trend shows: what the prices were when it begins."""
MOST_INTERVALS = 1000
"""The longest span of a price history, in intervals."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST = datetime.min.replace(tzinfo=UTC)


class Interval(Enum):
    """How much time a candle covers; each starts at a whole number of its intervals since the epoch, in UTC."""

    MINUTE = "1m"
    HOUR = "1h"
    DAY = "1d"

    @property
    def duration(self) -> timedelta:
        """The time from one candle to the next."""
        return _DURATIONS[self]

    def start_of(self, instant: datetime) -> datetime:
        """The start of the candle that an instant belongs to."""
        return instant - (instant - _EPOCH) % self.duration


_DURATIONS = {
    Interval.MINUTE: timedelta(minutes=1),
    Interval.HOUR: timedelta(hours=1),
    Interval.DAY: timedelta(days=1),
}


class PriceRange(NamedTuple):
    """The shown prices of one outcome within a candle, in millionths.

    Args:
        open: before the first trade.
        high: the highest, the open included.
        low: the lowest, the open included.
        close: after the last trade.
    """

    open: int
    high: int
    low: int
    close: int


class HourEnd(NamedTuple):
    """The shown prices at the end of an hour, in millionths, in the order of the market's outcomes."""

    start: datetime
    prices: tuple[int, ...]


class CandleSlot(NamedTuple):
    """Which candle of a market: one interval and its start."""

    interval: Interval
    start: datetime


class InvalidSpanError(ValueError):
    """A span of time for which no price history is given; the message says what to ask instead."""


class Span(NamedTuple):
    """From an instant on, and before another."""

    start: datetime
    end: datetime


@record("candle", key=("market", "interval", "start"), counters=("version",))
@dataclass(frozen=True, slots=True)
class Candle:
    """What the prices of a market did in one interval in which somebody traded.

    Args:
        market: the market's slug.
        interval: how much time it covers.
        start: where that begins.
        ranges: for each outcome, in the market's order.
        volume: Σ amount of its trades, buys and sales.
        version: the version of the last trade folded into it.
    """

    market: str
    interval: Interval
    start: datetime
    ranges: tuple[PriceRange, ...]
    volume: Money
    version: int


@record("price_history", key=("market",), counters=("version",))
@dataclass(frozen=True, slots=True)
class PriceHistory:
    """How far a market's trades are folded into candles.

    Args:
        market: the market's slug.
        version: the version of the last trade folded; 0 before the first.
        prices: the shown prices after it, in millionths, in the order of the market's outcomes.
        position: of the last event that was looked at; 0 in histories of releases that numbered no events.
        hours: the prices at the end of the last hours in which somebody traded, oldest first, at most KEPT_HOURS.
    """

    market: str
    version: int
    prices: tuple[int, ...]
    position: int = 0
    hours: tuple[HourEnd, ...] = ()


class Folded(NamedTuple):
    """A price history with the candles that trades have changed, by their slots."""

    history: PriceHistory
    candles: Mapping[CandleSlot, Candle]


def span_of(interval: Interval, start: datetime | None, end: datetime | None, now: datetime) -> Span:
    """The span of time that is asked for: up to the present interval, and its last MOST_INTERVALS, unless told.

    Raises:
        InvalidSpanError: it ends before it starts, or is longer than MOST_INTERVALS.
    """
    longest = MOST_INTERVALS * interval.duration
    if end is None:
        present = interval.start_of(now) + interval.duration
        end = max(start, present) if start else present
    if start is None:
        start = max(_EARLIEST + longest, end) - longest
    if start > end:
        raise InvalidSpanError("must not be later than `to`")
    if end - start > longest:
        raise InvalidSpanError(
            f"must be at most {MOST_INTERVALS} intervals before `to`: ask for less time, or for a longer interval"
        )
    return Span(start, end)


def empty_price_history(book: Book) -> PriceHistory:
    """The history of a market of which no trade is folded yet."""
    return PriceHistory(book.slug, 0, opening_prices(book))


def candle_slots(trade: Trade) -> tuple[CandleSlot, ...]:
    """The candles that a trade belongs to, one for each interval."""
    return _slots_at(trade.created_at)


@lru_cache(REMEMBERED_INSTANTS)
def _slots_at(instant: datetime) -> tuple[CandleSlot, ...]:
    return tuple(CandleSlot(interval, interval.start_of(instant)) for interval in Interval)


def fold_trades(history: PriceHistory, candles: Mapping[CandleSlot, Candle], trades: Sequence[Trade]) -> Folded:
    """Fold trades into the candles they belong to.

    Args:
        history: how far the market's trades are folded already.
        candles: those of :func:`candle_slots` of the trades that exist already.
        trades: the next ones, in the order of their versions, without gaps.
    """
    changed, additions = dict(candles), dict[CandleSlot, list[Trade]]()
    version, prices, hours = history.version, history.prices, history.hours
    for trade in trades:
        if trade.version != version + 1:
            raise ValueError(f"trade {trade.version} does not follow trade {version} of {history.market!r}")
        for slot in candle_slots(trade):
            if slot not in changed:
                changed[slot] = _open_candle(history.market, slot, prices, version)
            additions.setdefault(slot, []).append(trade)
        version, prices = trade.version, _prices_after(trade)
        hours = _end_hour(hours, HourEnd(Interval.HOUR.start_of(trade.created_at), prices))
    changed |= {slot: _extend(changed[slot], added) for slot, added in additions.items()}
    return Folded(replace(history, version=version, prices=prices, hours=hours), changed)


def _end_hour(hours: tuple[HourEnd, ...], latest: HourEnd) -> tuple[HourEnd, ...]:
    """The last hours with the prices of the latest trade in its own."""
    before = hours[:-1] if hours and hours[-1].start == latest.start else hours
    return (*before, latest)[-KEPT_HOURS:]


def _open_candle(market: str, slot: CandleSlot, prices: Sequence[int], version: int) -> Candle:
    ranges = tuple(PriceRange(price, price, price, price) for price in prices)
    return Candle(market, slot.interval, slot.start, ranges, ZERO, version)


def _extend(candle: Candle, trades: Sequence[Trade]) -> Candle:
    """The candle with its next trades, of which there are some."""
    ranges = tuple(
        PriceRange(range_.open, max(range_.high, *prices), min(range_.low, *prices), prices[-1])
        for range_, prices in zip(candle.ranges, zip(*map(_prices_after, trades), strict=True), strict=True)
    )
    volume = sum_money([candle.volume, *(trade.amount for trade in trades)])
    return replace(candle, ranges=ranges, volume=volume, version=trades[-1].version)


def _prices_after(trade: Trade) -> tuple[int, ...]:
    return tuple([shown.price for shown in trade.prices_after])
