"""Finding candles. What is read may trail acknowledged writes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.model.history.candle import Candle, Interval


class CandleRepository(Protocol):
    """The price history of markets, as far as it is folded."""

    async def find_candles(self, slug: str, interval: Interval, start: datetime, end: datetime) -> Sequence[Candle]:
        """The candles of a market that begin from ``start`` on and before ``end``, oldest first."""
        ...
