"""List the movements of the caller's money, newest first: all of them, or the trades."""

from dataclasses import dataclass

from domain.model.caller import Caller
from domain.model.errors import AccountNotFoundError
from domain.model.journal import JournalEntry
from domain.port.out.journal import JournalRepository
from domain.port.out.records import AccountKey, RecordReader
from domain.port.out.repositories import Page


@dataclass(frozen=True, slots=True)
class ListEntriesRequest:
    """Whose entries, and how many."""

    caller: Caller
    limit: int
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class ListEntriesResult:
    """A page of them."""

    page: Page[JournalEntry]


class ListEntries:
    """The use case, which serves the journal and, with ``only_trades``, the account's trades."""

    def __init__(self, records: RecordReader, journal: JournalRepository, *, only_trades: bool) -> None:
        self._records = records
        self._journal = journal
        self._only_trades = only_trades

    async def execute(self, request: ListEntriesRequest) -> ListEntriesResult:
        """Find a page.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            ValueError: the cursor is none that this list gives.
        """
        key = AccountKey(request.caller.account)
        if (await self._records.read(key)).get(key) is None:
            raise AccountNotFoundError(request.caller.account)
        page = await self._journal.find_entries(
            request.caller.account, request.limit, request.cursor, only_trades=self._only_trades
        )
        return ListEntriesResult(page)
