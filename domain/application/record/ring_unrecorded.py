"""Ring for resolved markets whose results are not in the records: those of earlier releases, and whatever was lost."""

from typing import NamedTuple

from domain.model.kernel.record import key_for
from domain.model.record.fold import RecordFold
from domain.model.trading.market import MarketStatus
from domain.port.out.clock import Clock
from domain.port.out.doorbell import Doorbell, Ring
from domain.port.out.store import RecordReader
from domain.port.out.trading import MarketFilter, MarketRepository

_PAGE = 100


class RingUnrecordedRequest(NamedTuple):
    """Asks for nothing in particular."""


class RingUnrecordedResult(NamedTuple):
    """How many rings there were."""

    rings: int


class RingUnrecorded:
    """It reads every resolved market, so it runs rarely."""

    def __init__(self, markets: MarketRepository, records: RecordReader, doorbell: Doorbell, clock: Clock) -> None:
        self._markets = markets
        self._records = records
        self._doorbell = doorbell
        self._clock = clock

    async def execute(self, _: RingUnrecordedRequest) -> RingUnrecordedResult:
        """Ring for every resolved market that is not folded to its end.

        Raises:
            RingLostError: some could not be delivered; the next time will do.
        """
        rings, cursor, now = 0, None, self._clock.now()
        filter_ = MarketFilter(now=now, status=MarketStatus.RESOLVED)
        while True:
            page = await self._markets.find_all(filter_, _PAGE, cursor)
            keys = [key_for(RecordFold, market.slug) for market in page.items]
            snapshot = await self._records.read(*keys)
            waiting = [
                Ring(str(key.values[0]), f"not recorded at {now:%Y-%m-%dT%H:%M}")
                for key in keys
                if (fold := snapshot.get(key)) is None or not fold.is_done
            ]
            if waiting:
                await self._doorbell.ring(waiting)
            rings, cursor = rings + len(waiting), page.cursor
            if cursor is None:
                return RingUnrecordedResult(rings)
