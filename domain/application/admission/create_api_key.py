"""Make a bot key for the caller's account."""

from dataclasses import dataclass
from datetime import datetime

from domain.application.shared.membership import require_account
from domain.model.admission.api_key import ApiKey, IssuedApiKey, issue_api_key
from domain.model.kernel.caller import Caller, Scope
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.port.out.clock import Clock
from domain.port.out.store import Decision, Insert, Outcome, Store, View


@dataclass(frozen=True, slots=True)
class CreateApiKeyRequest:
    """What the key is called, what it may be used for and until when, and who asks."""

    caller: Caller
    name: str
    scopes: frozenset[Scope]
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class CreateApiKeyResult:
    """The key. This is the one time that it is known."""

    issued: IssuedApiKey


class CreateApiKey:
    """The key's secret is known this one time."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def execute(self, request: CreateApiKeyRequest) -> CreateApiKeyResult:
        """Make it.

        Raises:
            PastExpiryError: it would have expired already.
            ForbiddenError: the caller may not give it these scopes.
            AccountNotFoundError: the caller has not opened an account.
        """
        caller = request.caller
        issued = issue_api_key(caller, request.name, request.scopes, request.expires_at, self._clock.now())
        key = key_for(ApiKey, caller.account, issued.api_key.id)

        def decide(view: View, _: datetime) -> Decision[IssuedApiKey]:
            require_account(view, caller)
            if view.get(key) is not None:  # ours: a commit in doubt has arrived
                return Outcome(issued)
            return Outcome(issued, (Insert(issued.api_key),))

        return CreateApiKeyResult(await self._store.transact([key_for(Account, caller.account), key], decide))
