"""Open the caller's account with the starting grant; once, however often it is asked."""

from dataclasses import dataclass

from domain.application.shared.transaction import Decision, Proposal, Transaction, command_key, once, recall, remember
from domain.model.kernel.caller import Caller
from domain.model.kernel.money import Money
from domain.model.ledger.account import OpenedAccount, open_account
from domain.model.ledger.command import Idempotency
from domain.port.out.clock import Clock
from domain.port.out.records import AccountKey, CommandKey, Insert, RecordReader


@dataclass(frozen=True, slots=True)
class OpenAccountRequest:
    """Who wants an account."""

    caller: Caller
    idempotency: Idempotency


@dataclass(frozen=True, slots=True)
class OpenAccountResult:
    """The account, whether it is new, and whether this is an answer given before."""

    opened: OpenedAccount
    replayed: bool


class OpenAccount:
    """The use case.

    Args:
        records: where accounts are read.
        transaction: where they are written.
        clock: the time of opening.
        starting_grant: what a new account holds.
    """

    def __init__(self, records: RecordReader, transaction: Transaction, clock: Clock, starting_grant: Money) -> None:
        self._records = records
        self._transaction = transaction
        self._clock = clock
        self._starting_grant = starting_grant

    async def execute(self, request: OpenAccountRequest) -> OpenAccountResult:
        """Open the account, or find it open."""
        key = command_key(request.caller.account, request.idempotency)
        decide = once(self._records, key, request.idempotency, OpenedAccount, lambda: self._decide(request, key))
        reply = await self._transaction.run(request.caller.account, decide)
        return OpenAccountResult(reply.answer, reply.replayed)

    async def _decide(self, request: OpenAccountRequest, key: CommandKey) -> Decision[OpenedAccount]:
        id_ = request.caller.account
        snapshot = await self._records.read(AccountKey(id_), key)
        if reply := recall(snapshot, key, request.idempotency, OpenedAccount):
            return reply
        now = self._clock.now()
        if account := snapshot.get(AccountKey(id_)):
            existing = OpenedAccount(account, created=False)
            return Proposal((remember(key, request.idempotency, existing, now),), existing)
        movement = open_account(id_, self._starting_grant, now)
        opened = OpenedAccount(movement.account, created=True)
        writes = (
            Insert(movement.account),
            Insert(movement.entry),
            remember(key, request.idempotency, opened, now),
        )
        return Proposal(writes, opened)
