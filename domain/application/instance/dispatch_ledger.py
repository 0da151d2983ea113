"""Ring for the workers whom new records of the ledger concern."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.event.market_events import MarketChanged
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.market import MarketStatus
from domain.port.out.doorbell import Doorbell, Ring

GATHERING = timedelta(seconds=5)
"""Trades of one market within that time are one occasion to fold them: the doorbell is answered that much later."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DispatchLedgerRequest:
    """Records as the ledger's stream delivers them: in any order, some more than once."""

    records: Sequence[JournalEntry | MarketChanged]


@dataclass(frozen=True, slots=True)
class DispatchLedgerResult:
    """How many rings there were."""

    rings: int


class DispatchLedger:
    """The use case."""

    def __init__(self, settlement: Doorbell, price_history: Doorbell) -> None:
        self._settlement = settlement
        self._price_history = price_history

    async def execute(self, request: DispatchLedgerRequest) -> DispatchLedgerResult:
        """Ring for the settlement of every market that was decided, and the price history of every one traded on.

        Raises:
            RingLostError: deliver the records again.
        """
        decided = {
            Ring(record.market, f"revision {record.revision}"): None
            for record in request.records
            if isinstance(record, MarketChanged) and record.status is MarketStatus.SETTLING
        }
        traded = {
            Ring(record.trade.market, f"trades of {(record.created_at - _EPOCH) // GATHERING}"): None
            for record in request.records
            if isinstance(record, JournalEntry) and record.trade
        }
        if decided:
            await self._settlement.ring(list(decided))
        if traded:
            await self._price_history.ring(list(traded))
        return DispatchLedgerResult(len(decided) + len(traded))
