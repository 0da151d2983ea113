"""List the movements of the caller's money, newest first."""

from dataclasses import dataclass

from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import AccountNotFoundError
from domain.model.ledger.journal import JournalEntry
from domain.port.out.journal import JournalRepository
from domain.port.out.records import AccountKey, RecordReader
from domain.port.out.repositories import Page


@dataclass(frozen=True, slots=True)
class ListJournalRequest:
    """Whose entries, and how many."""

    caller: Caller
    limit: int
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class ListJournalResult:
    """A page of them."""

    page: Page[JournalEntry]


class ListJournal:
    """The use case."""

    def __init__(self, records: RecordReader, journal: JournalRepository) -> None:
        self._records = records
        self._journal = journal

    async def execute(self, request: ListJournalRequest) -> ListJournalResult:
        """Find a page.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            InvalidCursorError: the cursor is none that this list gives.
        """
        key = AccountKey(request.caller.account)
        if (await self._records.read(key)).get(key) is None:
            raise AccountNotFoundError(request.caller.account)
        return ListJournalResult(await self._journal.find_entries(key.account, request.limit, request.cursor))
