"""Say whom the server takes the caller for, also before the caller has opened an account."""

from typing import NamedTuple

from domain.model.kernel.caller import Caller
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.port.out.store import RecordReader


class GetMeRequest(NamedTuple):
    """Who asks."""

    caller: Caller


class GetMeResult(NamedTuple):
    """The caller, and the caller's account; None where it is not open."""

    caller: Caller
    account: Account | None


class GetMe:
    """One read by key."""

    def __init__(self, records: RecordReader) -> None:
        self._records = records

    async def execute(self, request: GetMeRequest) -> GetMeResult:
        """Find the account."""
        key = key_for(Account, request.caller.account)
        return GetMeResult(request.caller, (await self._records.read(key)).get(key))
