"""Revoke a bot key of the caller's account: it is gone."""

from dataclasses import dataclass

from domain.application.shared.membership import require_account
from domain.application.shared.transaction import Decision, Proposal, Transaction
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import NotFoundError
from domain.port.out.records import AccountKey, ApiKeyKey, RecordReader, Remove


@dataclass(frozen=True, slots=True)
class RevokeApiKeyRequest:
    """Which key, and who asks."""

    caller: Caller
    id: str


@dataclass(frozen=True, slots=True)
class RevokeApiKeyResult:
    """It is revoked."""


class RevokeApiKey:
    """The use case. Its use may be noted at the same moment: then it is read again and removed as it is by then."""

    def __init__(self, records: RecordReader, transaction: Transaction) -> None:
        self._records = records
        self._transaction = transaction

    async def execute(self, request: RevokeApiKeyRequest) -> RevokeApiKeyResult:
        """Remove it.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            NotFoundError: the caller has no such key.
        """
        caller, key = request.caller, ApiKeyKey(request.caller.account, request.id)

        async def decide() -> Decision[RevokeApiKeyResult]:
            snapshot = await self._records.read(AccountKey(caller.account), key)
            require_account(snapshot, caller)
            api_key = snapshot.get(key)
            if api_key is None:
                raise NotFoundError(f"You have no key {request.id!r}. GET /v1/api-keys lists those you have.")
            return Proposal((Remove(api_key),), RevokeApiKeyResult())

        return (await self._transaction.run(caller.account, decide)).answer
