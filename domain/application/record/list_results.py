"""List what an account did on the markets that were resolved, the latest first."""

from typing import NamedTuple

from domain.model.kernel.errors import AccountNotFoundError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.record.result import Result
from domain.model.trading.market import Market
from domain.port.out.paging import Page
from domain.port.out.record import TrackRecordRepository
from domain.port.out.store import RecordReader


class ListResultsRequest(NamedTuple):
    """Whose results, and how many."""

    account: str
    limit: int
    cursor: str | None = None


class NamedResult(NamedTuple):
    """A result, and the market's question."""

    result: Result
    name: str


class ListResultsResult(NamedTuple):
    """A page of them."""

    page: Page[NamedResult]


class ListResults:
    """The use case."""

    def __init__(self, records: RecordReader, results: TrackRecordRepository) -> None:
        self._records = records
        self._results = results

    async def execute(self, request: ListResultsRequest) -> ListResultsResult:
        """Find a page.

        Raises:
            AccountNotFoundError: the account has not been opened.
            InvalidCursorError: the cursor is none that this list gives.
        """
        account_key = key_for(Account, request.account)
        if (await self._records.read(account_key)).get(account_key) is None:
            raise AccountNotFoundError(request.account)
        page = await self._results.find_results(request.account, request.limit, request.cursor)
        keys = {result.market: key_for(Market, result.market) for result in page.items}
        markets = await self._records.read(*keys.values())
        named = [
            NamedResult(result, market.name)
            for result in page.items
            if (market := markets.get(keys[result.market])) is not None
        ]
        return ListResultsResult(Page(tuple(named), page.cursor))
