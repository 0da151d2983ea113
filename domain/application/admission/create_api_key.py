"""Make a bot key for the caller's account."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from domain.application.shared.membership import require_account
from domain.model.admission.api_key import ApiKey, IssuedApiKey, issue_api_key, made_for
from domain.model.admission.standing import add_api_key
from domain.model.kernel.caller import Caller, Scope
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.port.out.clock import Clock
from domain.port.out.store import Decision, Insert, Outcome, Replace, Store, View


class CreateApiKeyRequest(NamedTuple):
    """What the key is called, what it may be used for and until when, and who asks."""

    caller: Caller
    name: str
    scopes: frozenset[Scope]
    expires_at: datetime | None


class CreateApiKeyResult(NamedTuple):
    """The key. This is the one time that it is known."""

    issued: IssuedApiKey


class CreateApiKey:
    """The key's secret is known this one time.

    Args:
        store: where keys are kept, and counted with their account.
        clock: the time.
        is_local: whether anybody may sign in as anybody here: the key then counts only as long as that is so.
    """

    def __init__(self, store: Store, clock: Clock, *, is_local: bool) -> None:
        self._store = store
        self._clock = clock
        self._is_local = is_local

    async def execute(self, request: CreateApiKeyRequest) -> CreateApiKeyResult:
        """Make it.

        Raises:
            PastExpiryError: it would have expired already.
            LateExpiryError: it has the scope of an admin, and would be good for too long.
            ForbiddenError: the caller may not give it these scopes.
            AccountNotFoundError: the caller has not opened an account.
            LimitExceededError: the account has as many keys as there may be.
        """
        caller = request.caller
        issued = issue_api_key(caller, request.name, request.scopes, request.expires_at, self._clock.now())
        key = key_for(ApiKey, caller.account, issued.api_key.id)

        def decide(view: View, _: datetime) -> Decision[IssuedApiKey]:
            account = require_account(view, caller)
            if (stored := view.get(key)) is not None:  # ours: a commit in doubt has arrived
                return Outcome(replace(issued, api_key=stored))
            made = made_for(issued.api_key, account, is_local=self._is_local)
            counted = add_api_key(account, for_admin=Scope.ADMIN in made.scopes)
            return Outcome(replace(issued, api_key=made), (Insert(made), Replace(counted, read=account)))

        return CreateApiKeyResult(await self._store.transact([key_for(Account, caller.account), key], decide))
