"""Read what anybody may know of several accounts at once."""

from collections.abc import Sequence
from typing import NamedTuple

from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.port.out.store import RecordReader


class ListAccountsRequest(NamedTuple):
    """Which accounts: 1 to 100, in any order, some perhaps twice."""

    accounts: Sequence[str]


class ListAccountsResult(NamedTuple):
    """Those that exist, in the order asked, each once."""

    accounts: tuple[Account, ...]


class ListAccounts:
    """One read, however many are asked for."""

    def __init__(self, records: RecordReader) -> None:
        self._records = records

    async def execute(self, request: ListAccountsRequest) -> ListAccountsResult:
        """Find those that exist."""
        keys = [key_for(Account, account) for account in dict.fromkeys(request.accounts)]
        snapshot = await self._records.read(*keys)
        return ListAccountsResult(tuple(account for key in keys if (account := snapshot.get(key))))
