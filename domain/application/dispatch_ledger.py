"""Ring for the workers whom a change of a market concerns."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.event.market_events import MarketChanged
from domain.model.market import MarketStatus
from domain.port.out.doorbell import Doorbell, Ring


@dataclass(frozen=True, slots=True)
class DispatchLedgerRequest:
    """Lifecycle records as the ledger's stream delivers them: in any order, some more than once."""

    changes: Sequence[MarketChanged]


@dataclass(frozen=True, slots=True)
class DispatchLedgerResult:
    """How many rings there were."""

    rings: int


class DispatchLedger:
    """The use case."""

    def __init__(self, doorbell: Doorbell) -> None:
        self._doorbell = doorbell

    async def execute(self, request: DispatchLedgerRequest) -> DispatchLedgerResult:
        """Ring for every market whose outcome was decided.

        Raises:
            RingLostError: deliver the records again.
        """
        decided = [change for change in request.changes if change.status is MarketStatus.SETTLING]
        rings = [Ring(change.market, f"revision {change.revision}") for change in decided]
        if rings:
            await self._doorbell.ring(rings)
        return DispatchLedgerResult(len(rings))
