"""Read what anybody may know of an account: what it is called, and since when."""

from typing import NamedTuple

from domain.model.kernel.errors import AccountNotFoundError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.port.out.store import RecordReader


class GetAccountRequest(NamedTuple):
    """Whose account."""

    account: str


class GetAccountResult(NamedTuple):
    """The account; its balance is not for everybody."""

    account: Account


class GetAccount:
    """The use case."""

    def __init__(self, records: RecordReader) -> None:
        self._records = records

    async def execute(self, request: GetAccountRequest) -> GetAccountResult:
        """Find it.

        Raises:
            AccountNotFoundError: it has not been opened.
        """
        key = key_for(Account, request.account)
        account = (await self._records.read(key)).get(key)
        if account is None:
            raise AccountNotFoundError(request.account)
        return GetAccountResult(account)
