"""List a market's trades, the latest first."""

from typing import NamedTuple

from domain.application.shared.visibility import require_visible
from domain.model.kernel.caller import Caller
from domain.model.kernel.record import key_for
from domain.model.trading.market import Market
from domain.model.trading.trade import Trade
from domain.port.out.ledger import JournalRepository
from domain.port.out.paging import Page
from domain.port.out.store import RecordReader


class ListTradesRequest(NamedTuple):
    """Which market's trades, how many, and who asks; None for nobody in particular."""

    slug: str
    limit: int
    cursor: str | None = None
    caller: Caller | None = None


class ListTradesResult(NamedTuple):
    """A page of them."""

    page: Page[Trade]


class ListTrades:
    """The use case."""

    def __init__(self, records: RecordReader, journal: JournalRepository) -> None:
        self._records = records
        self._journal = journal

    async def execute(self, request: ListTradesRequest) -> ListTradesResult:
        """Find a page.

        Raises:
            MarketNotFoundError: there is no such market for this caller.
            InvalidCursorError: the cursor is none that this list gives.
        """
        key = key_for(Market, request.slug)
        require_visible((await self._records.read(key)).get(key), request.slug, request.caller)
        return ListTradesResult(await self._journal.find_trades(request.slug, request.limit, request.cursor))
