"""Finding candles and events. What is read may trail acknowledged writes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.event.market_events import MarketEvent
from domain.model.history.candle import Candle, Interval, PriceHistory


class CandleRepository(Protocol):
    """The price history of markets, as far as it is folded."""

    async def find_candles(self, slug: str, interval: Interval, start: datetime, end: datetime) -> Sequence[Candle]:
        """The candles of a market that begin from ``start`` on and before ``end``, oldest first."""
        ...

    async def find_histories(self, slugs: Sequence[str]) -> dict[str, PriceHistory]:
        """How far the trades of these markets are folded, keyed by slug; absent where none is."""
        ...


class EventRepository(Protocol):
    """The public events of published markets."""

    async def find_events(self, slug: str, origin: int, revision: int, after: int, limit: int) -> Sequence[MarketEvent]:
        """A market's next events after a position, in order and without gaps; empty where there are none yet.

        One query. Where the list trails behind it ends before the first event that is missing.

        Args:
            slug: the market's.
            origin: of its book.
            revision: of its book, or a later one.
            after: the position of the last event that is known.
            limit: how many at the most.
        """
        ...
