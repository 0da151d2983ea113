"""Price histories as items."""

from datetime import datetime

from domain.model.history.candle import Candle, Interval, PriceHistory
from domain.model.kernel.notation import format_time
from functions.adapter.out.dynamodb.layout.item import ItemKey, Layout


def candles_partition(market: str, interval: Interval) -> str:
    """The partition of a market's candles of one interval."""
    return f"C#{market}#{interval.value}"


def candle_position(start: datetime) -> str:
    """Where a candle is among those of its market and interval: its start."""
    return f"C#{format_time(start)}"


LAYOUTS = (
    Layout(
        Candle,
        lambda market, interval, start: ItemKey(candles_partition(market, interval), candle_position(start)),
    ),
    Layout(PriceHistory, lambda market: ItemKey(f"M#{market}", "PRICES")),
)
