"""Ring again for what still waits: a lost ring, or a lost day of the stream, loses nothing."""

from typing import NamedTuple

from domain.model.trading.market import MarketStatus
from domain.port.out.clock import Clock
from domain.port.out.doorbell import Doorbell, Ring
from domain.port.out.trading import MarketFilter, MarketRepository

_PAGE = 100


class RingStaleRequest(NamedTuple):
    """Asks for nothing in particular."""


class RingStaleResult(NamedTuple):
    """How many rings there were."""

    rings: int


class RingStale:
    """The use case."""

    def __init__(self, markets: MarketRepository, doorbell: Doorbell, clock: Clock) -> None:
        self._markets = markets
        self._doorbell = doorbell
        self._clock = clock

    async def execute(self, request: RingStaleRequest) -> RingStaleResult:
        """Ring for every market that is still being settled, and for those whose time for appeals is over.

        Raises:
            RingLostError: some could not be delivered; the next time will do.
        """
        rings, cursor = 0, None
        now = self._clock.now()
        occasion = f"still settling at {now:%Y-%m-%dT%H:%M}"
        filter_ = MarketFilter(now=now, status=MarketStatus.SETTLING)
        while True:
            page = await self._markets.find_all(filter_, _PAGE, cursor)
            due = [market for market in page.items if market.resolution and market.resolution.payable_at <= now]
            if due:
                await self._doorbell.ring([Ring(market.slug, occasion) for market in due])
            rings, cursor = rings + len(due), page.cursor
            if cursor is None:
                return RingStaleResult(rings)
