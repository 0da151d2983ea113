"""The ledger's new records as they are committed: on one machine, what the ledger table's stream is on AWS."""

import asyncio
from collections.abc import Sequence

from domain.event.market_events import MarketChanged
from domain.model.ledger.journal import JournalEntry
from domain.port.out.records import CommitOutcome, ConditionFailed, Insert, UnitOfWork, Write


class LedgerStream:
    """A UnitOfWork that passes on what it adds to the ledger. What nobody has taken does not outlive the process.

    Args:
        unit_of_work: where to commit.
    """

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._unit_of_work = unit_of_work
        self._waiting: list[JournalEntry | MarketChanged] = []
        self._arrived = asyncio.Event()

    async def commit(self, writes: Sequence[Write]) -> CommitOutcome:
        """Commit, and note what the ledger has gained or, where the outcome is not known, may have gained."""
        outcome = await self._unit_of_work.commit(writes)
        if not isinstance(outcome, ConditionFailed):
            records = [write.record for write in writes if isinstance(write, Insert)]
            self._waiting += [record for record in records if isinstance(record, JournalEntry | MarketChanged)]
            self._arrived.set()
        return outcome

    async def take(self) -> Sequence[JournalEntry | MarketChanged]:
        """Everything that has come since the last time, as soon as there is something."""
        await self._arrived.wait()
        self._arrived.clear()
        records, self._waiting = self._waiting, []
        return records
