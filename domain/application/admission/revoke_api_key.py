"""Revoke a bot key of the caller's account: it is gone."""

from dataclasses import dataclass
from datetime import datetime

from domain.application.shared.membership import require_account
from domain.model.admission.api_key import ApiKey
from domain.model.admission.standing import drop_api_key
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import NotFoundError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.port.out.store import Decision, Outcome, Remove, Replace, Store, View


@dataclass(frozen=True, slots=True)
class RevokeApiKeyRequest:
    """Which key, and who asks."""

    caller: Caller
    id: str


@dataclass(frozen=True, slots=True)
class RevokeApiKeyResult:
    """It is revoked."""


class RevokeApiKey:
    """Its use may be noted at the same moment: then it is read again and removed as it is by then."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def execute(self, request: RevokeApiKeyRequest) -> RevokeApiKeyResult:
        """Remove it.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            NotFoundError: the caller has no such key.
        """
        caller, key = request.caller, key_for(ApiKey, request.caller.account, request.id)

        def decide(view: View, _: datetime) -> Decision[RevokeApiKeyResult]:
            account = require_account(view, caller)
            api_key = view.get(key)
            if api_key is None:
                raise NotFoundError(f"You have no key {request.id!r}. GET /v1/api-keys lists those you have.")
            return Outcome(RevokeApiKeyResult(), (Remove(api_key), Replace(drop_api_key(account), read=account)))

        return await self._store.transact([key_for(Account, caller.account), key], decide)
