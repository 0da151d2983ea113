"""Grant an account credits, which the house issues."""

from dataclasses import dataclass

from domain.application.shared.transaction import Decision, Proposal, Transaction, command_key, once, recall, remember
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import AccountNotFoundError, ForbiddenError
from domain.model.kernel.money import Money
from domain.model.ledger.account import move_money
from domain.model.ledger.command import Idempotency
from domain.model.ledger.journal import HOUSE, EntryKind, JournalEntry
from domain.port.out.clock import Clock
from domain.port.out.records import AccountKey, CommandKey, Insert, RecordReader, Replace


@dataclass(frozen=True, slots=True)
class GrantCreditsRequest:
    """Who gets how much, why, and who says so.

    Args:
        caller: an admin.
        account: the account that receives.
        amount: positive.
        reason: for the account's journal.
        idempotency: how the request is known again.
    """

    caller: Caller
    account: str
    amount: Money
    reason: str
    idempotency: Idempotency


@dataclass(frozen=True, slots=True)
class GrantCreditsResult:
    """The journal entry, and whether this is an answer given before."""

    entry: JournalEntry
    replayed: bool


class GrantCredits:
    """The use case."""

    def __init__(self, records: RecordReader, transaction: Transaction, clock: Clock) -> None:
        self._records = records
        self._transaction = transaction
        self._clock = clock

    async def execute(self, request: GrantCreditsRequest) -> GrantCreditsResult:
        """Grant it.

        Raises:
            AccountNotFoundError: the caller, or the account that should receive, has not been opened.
            ForbiddenError: the caller is no admin.
            BalanceLimitExceededError: the balance would exceed the limit.
        """
        key = command_key(request.caller.account, request.idempotency)
        decide = once(self._records, key, request.idempotency, JournalEntry, lambda: self._decide(request, key))
        reply = await self._transaction.run(request.account, decide)
        return GrantCreditsResult(reply.answer, reply.replayed)

    async def _decide(self, request: GrantCreditsRequest, key: CommandKey) -> Decision[JournalEntry]:
        caller = request.caller
        snapshot = await self._records.read(AccountKey(caller.account), AccountKey(request.account), key)
        if reply := recall(snapshot, key, request.idempotency, JournalEntry):
            return reply
        if snapshot.get(AccountKey(caller.account)) is None:
            raise AccountNotFoundError(caller.account)
        if not caller.is_admin:
            raise ForbiddenError("Only an admin may grant credits.")
        account = snapshot.get(AccountKey(request.account))
        if account is None:
            raise AccountNotFoundError(request.account)
        now = self._clock.now()
        movement = move_money(account, EntryKind.GRANT, request.amount, HOUSE, now, reason=request.reason)
        writes = (
            Replace(movement.account, read=account),
            Insert(movement.entry),
            remember(key, request.idempotency, movement.entry, now),
        )
        return Proposal(writes, movement.entry)
