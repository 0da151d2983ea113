"""A market's price history: candles, folded from its trades in the order of their versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import NamedTuple

from domain.model.kernel.money import ZERO, Money, add_money
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
    return tuple(CandleSlot(interval, interval.start_of(trade.created_at)) for interval in Interval)


def fold_trades(history: PriceHistory, candles: Mapping[CandleSlot, Candle], trades: Sequence[Trade]) -> Folded:
    """Fold trades into the candles they belong to.

    Args:
        history: how far the market's trades are folded already.
        candles: those of :func:`candle_slots` of the trades that exist already.
        trades: the next ones, in the order of their versions, without gaps.
    """
    changed = dict(candles)
    for trade in trades:
        if trade.version != history.version + 1:
            raise ValueError(f"trade {trade.version} does not follow trade {history.version} of {history.market!r}")
        prices = tuple(shown.price for shown in trade.prices_after)
        for slot in candle_slots(trade):
            candle = changed.get(slot) or _open_candle(slot, history)
            changed[slot] = _extend(candle, prices, trade)
        hours = _end_hour(history.hours, HourEnd(Interval.HOUR.start_of(trade.created_at), prices))
        history = replace(history, version=trade.version, prices=prices, hours=hours)
    return Folded(history, changed)


def _end_hour(hours: tuple[HourEnd, ...], latest: HourEnd) -> tuple[HourEnd, ...]:
    """The last hours with the prices of the latest trade in its own."""
    before = hours[:-1] if hours and hours[-1].start == latest.start else hours
    return (*before, latest)[-KEPT_HOURS:]


def _open_candle(slot: CandleSlot, history: PriceHistory) -> Candle:
    ranges = tuple(PriceRange(price, price, price, price) for price in history.prices)
    return Candle(history.market, slot.interval, slot.start, ranges, ZERO, history.version)


def _extend(candle: Candle, prices: Sequence[int], trade: Trade) -> Candle:
    ranges = tuple(
        PriceRange(range_.open, max(range_.high, price), min(range_.low, price), price)
        for range_, price in zip(candle.ranges, prices, strict=True)
    )
    return replace(candle, ranges=ranges, volume=add_money(candle.volume, trade.amount), version=trade.version)
