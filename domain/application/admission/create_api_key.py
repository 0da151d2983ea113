"""Make a bot key for the caller's account."""

from dataclasses import dataclass
from datetime import datetime

from domain.application.shared.membership import require_account
from domain.application.shared.transaction import Decision, Proposal, Reply, Transaction
from domain.model.admission.api_key import IssuedApiKey, issue_api_key
from domain.model.kernel.caller import Caller, Scope
from domain.port.out.clock import Clock
from domain.port.out.records import AccountKey, ApiKeyKey, Insert, RecordReader


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
    """The use case."""

    def __init__(self, records: RecordReader, transaction: Transaction, clock: Clock) -> None:
        self._records = records
        self._transaction = transaction
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
        key = ApiKeyKey(caller.account, issued.api_key.id)

        async def decide() -> Decision[IssuedApiKey]:
            snapshot = await self._records.read(AccountKey(caller.account), key)
            require_account(snapshot, caller)
            if snapshot.get(key) is not None:  # ours: a commit in doubt has arrived
                return Reply(issued)
            return Proposal((Insert(issued.api_key),), issued)

        return CreateApiKeyResult((await self._transaction.run(caller.account, decide)).answer)
