"""Revoke a bot key: it is gone."""

from datetime import datetime
from typing import NamedTuple

from domain.application.shared.membership import require_account_of
from domain.model.admission.api_key import ApiKey
from domain.model.admission.standing import drop_api_key
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import NotFoundError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.port.out.store import Decision, Outcome, Remove, Replace, Store, View


class RevokeApiKeyRequest(NamedTuple):
    """Which key, and who asks.

    Args:
        caller: who asks.
        id: the key's.
        account: whose it is, for an admin; None for the caller's own.
    """

    caller: Caller
    id: str
    account: str | None = None


class RevokeApiKeyResult(NamedTuple):
    """It is revoked."""


class RevokeApiKey:
    """Its use may be noted at the same moment: then it is read again and removed as it is by then."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def execute(self, request: RevokeApiKeyRequest) -> RevokeApiKeyResult:
        """Remove it.

        Raises:
            AccountNotFoundError: the caller has not opened an account, or nobody has opened that one.
            ForbiddenError: it is somebody else's, and the caller is no admin.
            NotFoundError: the account has no such key.
        """
        caller, owner = request.caller, request.account or request.caller.account
        key = key_for(ApiKey, owner, request.id)

        def decide(view: View, _: datetime) -> Decision[RevokeApiKeyResult]:
            account = require_account_of(view, caller, owner)
            api_key = view.get(key)
            if api_key is None:
                if view.is_in_doubt:  # an earlier attempt of ours has removed it
                    return Outcome(RevokeApiKeyResult())
                raise NotFoundError(f"{owner!r} has no key {request.id!r}. GET /v1/api-keys lists those there are.")
            return Outcome(RevokeApiKeyResult(), (Remove(api_key), Replace(drop_api_key(account), read=account)))

        accounts = (key_for(Account, name) for name in {caller.account, owner})
        return await self._store.transact([*accounts, key], decide)
