"""The ledger's new records as they are committed: on one machine, what the ledger table's stream is on AWS."""

import asyncio
from collections.abc import Sequence

from domain.event.market_events import MarketChanged
from domain.model.ledger.journal import JournalEntry
from domain.port.out.store import Change, Insert


class LedgerStream:
    """Collects what commits add to the ledger. What nobody has taken does not outlive the process."""

    def __init__(self) -> None:
        self._waiting: list[JournalEntry | MarketChanged] = []
        self._arrived = asyncio.Event()

    def note(self, changes: Sequence[Change]) -> None:
        """Note what the ledger has gained; the listener of a store."""
        records = [change.record for change in changes if isinstance(change, Insert)]
        self._waiting += [record for record in records if isinstance(record, JournalEntry | MarketChanged)]
        self._arrived.set()

    async def take(self) -> Sequence[JournalEntry | MarketChanged]:
        """Everything that has come since the last time, as soon as there is something."""
        await self._arrived.wait()
        self._arrived.clear()
        records, self._waiting = self._waiting, []
        return records
