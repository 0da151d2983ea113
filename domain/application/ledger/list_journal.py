"""List the movements of the caller's money, newest first."""

from typing import NamedTuple

from domain.application.shared.membership import require_account
from domain.model.kernel.caller import Caller
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.ledger.journal import JournalEntry
from domain.port.out.ledger import JournalRepository
from domain.port.out.paging import Page
from domain.port.out.store import RecordReader


class ListJournalRequest(NamedTuple):
    """Whose entries, and how many."""

    caller: Caller
    limit: int
    cursor: str | None = None


class ListJournalResult(NamedTuple):
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
        require_account(await self._records.read(key_for(Account, request.caller.account)), request.caller)
        return ListJournalResult(
            await self._journal.find_entries(request.caller.account, request.limit, request.cursor)
        )
