from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.history.candle import (
    MOST_INTERVALS,
    Candle,
    CandleSlot,
    Interval,
    InvalidSpanError,
    PriceHistory,
    PriceRange,
    candle_slots,
    fold_trades,
    span_of,
)
from domain.model.kernel.money import MICROS, Money
from domain.model.trading.trade import NO_TRADE_DIGEST, OutcomePrice, Side, Trade
from tests.fakes.clock import START

BEFORE = PriceHistory("rain", 0, (500_000, 500_000))


def trade(version: int, seconds: float, price: int, amount: int) -> Trade:
    """A trade after which YES costs ``price`` millionths."""
    prices = (OutcomePrice("YES", price), OutcomePrice("NO", MICROS - price))
    at = START + timedelta(seconds=seconds)
    return Trade("t", "rain", "ann", "YES", Side.BUY, 1, Money(amount), prices, version, NO_TRADE_DIGEST, created_at=at)


@st.composite
def histories(draw: st.DrawFn) -> list[Trade]:
    """The trades of a market, some of which a clock that is behind has dated before the one before."""
    steps = st.tuples(st.floats(-90, 4000), st.integers(1, MICROS - 1), st.integers(0, 10**9))
    trades, seconds = [], 0.0
    for version, (step, price, amount) in enumerate(draw(st.lists(steps, max_size=30)), start=1):
        seconds += step
        trades.append(trade(version, seconds, price, amount))
    return trades


def by_hand(trades: Sequence[Trade], interval: Interval) -> dict[datetime, Candle]:
    """The candles of one interval, made from the groups of trades they consist of."""
    candles = {}
    prices = [(500_000, 500_000), *(tuple(shown.price for shown in each.prices_after) for each in trades)]

    def start(each: Trade) -> datetime:
        at = each.created_at
        keep = {Interval.MINUTE: at.replace(second=0), Interval.HOUR: at.replace(minute=0, second=0)}
        return keep.get(interval, at.replace(hour=0, minute=0, second=0)).replace(microsecond=0)

    for begin, group in groupby(sorted(trades, key=lambda each: (start(each), each.version)), key=start):
        members = list(group)
        opening = prices[members[0].version - 1]
        ranges = tuple(
            PriceRange(opening[o], max(path), min(path), path[-1])
            for o in range(2)
            if (path := [opening[o], *(prices[each.version][o] for each in members)])
        )
        volume = Money(sum(each.amount.amount for each in members))
        candles[begin] = Candle("rain", interval, begin, ranges, volume, members[-1].version)
    return candles


@given(histories(), st.integers(1, 7))
def test_a_candle_is_made_of_the_trades_of_its_interval(trades: list[Trade], page: int) -> None:
    """Open is the price before the first, close after the last; and it does not matter in how many pages they come."""
    history, candles = BEFORE, dict[CandleSlot, Candle]()
    for first in range(0, len(trades), page):
        some = trades[first : first + page]
        known = {slot: candles[slot] for each in some for slot in candle_slots(each) if slot in candles}
        history, changed = fold_trades(history, known, some)
        candles |= changed
    assert history.version == len(trades)
    for interval in Interval:
        found = {slot.start: candle for slot, candle in candles.items() if slot.interval is interval}
        assert found == by_hand(trades, interval)


@pytest.mark.parametrize("version", [1, 3, 4])
def test_a_gap_is_no_history(version: int) -> None:
    """A trade that does not follow the last one is never folded."""
    with pytest.raises(ValueError, match="does not follow"):
        fold_trades(PriceHistory("rain", 1, (500_000, 500_000)), {}, [trade(version, 0, 600_000, 1)])


@pytest.mark.parametrize("interval", list(Interval))
def test_the_latest_thousand_unless_told(interval: Interval) -> None:
    """Without bounds one sees the interval that is under way and those before it."""
    start, end = span_of(interval, None, None, START)
    assert end == interval.start_of(START) + interval.duration
    assert end - start == MOST_INTERVALS * interval.duration
    assert start <= START < end


def test_one_bound() -> None:
    """The other one is now, or as much earlier as is allowed; a start in the future leaves nothing."""
    hour, thousand = timedelta(hours=1), timedelta(hours=1000)
    assert span_of(Interval.HOUR, START - hour, None, START) == (START - hour, Interval.HOUR.start_of(START) + hour)
    assert span_of(Interval.HOUR, None, START, START) == (START - thousand, START)
    assert span_of(Interval.HOUR, START + thousand, None, START) == (START + thousand, START + thousand)
    earliest = datetime.min.replace(tzinfo=UTC)
    assert span_of(Interval.DAY, None, earliest + hour, START) == (earliest, earliest + hour)


def test_the_longest_span() -> None:
    """A thousand intervals is the most, and no span runs backwards."""
    thousand, moment = timedelta(minutes=1000), timedelta(microseconds=1)
    assert span_of(Interval.MINUTE, START, START + thousand, START) == (START, START + thousand)
    assert span_of(Interval.MINUTE, START, START, START) == (START, START)
    for start, end in ((START, START + thousand + moment), (START, START - moment), (START - 2 * thousand, None)):
        with pytest.raises(InvalidSpanError):
            span_of(Interval.MINUTE, start, end, START)
