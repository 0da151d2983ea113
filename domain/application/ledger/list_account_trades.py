"""List anybody's trades, the latest first: every trade is public in its market, too."""

from typing import NamedTuple

from domain.model.kernel.errors import AccountNotFoundError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.trading.trade import Trade
from domain.port.out.ledger import JournalRepository
from domain.port.out.paging import Page
from domain.port.out.store import RecordReader


class ListAccountTradesRequest(NamedTuple):
    """Whose trades, and how many."""

    account: str
    limit: int
    cursor: str | None = None


class ListAccountTradesResult(NamedTuple):
    """A page of them."""

    page: Page[Trade]


class ListAccountTrades:
    """The use case."""

    def __init__(self, records: RecordReader, journal: JournalRepository) -> None:
        self._records = records
        self._journal = journal

    async def execute(self, request: ListAccountTradesRequest) -> ListAccountTradesResult:
        """Find a page.

        Raises:
            AccountNotFoundError: it has not been opened.
            InvalidCursorError: the cursor is none that this list gives.
        """
        key = key_for(Account, request.account)
        if (await self._records.read(key)).get(key) is None:
            raise AccountNotFoundError(request.account)
        page = await self._journal.find_entries(request.account, request.limit, request.cursor, only_trades=True)
        return ListAccountTradesResult(Page(tuple(entry.trade for entry in page.items if entry.trade), page.cursor))
