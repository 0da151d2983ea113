"""Decide, commit, and decide again when others were faster: the one retry loop behind every write."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.model.kernel.errors import ContentionError, DomainError
from domain.model.ledger.command import Answer, Command, Idempotency, command_id, recall_answer
from domain.port.out.clock import Clock, Random
from domain.port.out.records import (
    CommandKey,
    Committed,
    Insert,
    OutcomeUnknown,
    RecordReader,
    Snapshot,
    UnitOfWork,
    Write,
)
from domain.port.out.turns import Turns

ATTEMPTS = 8
_BASE_SECONDS = 0.01
_CAP_SECONDS = 0.5
_BUDGET = timedelta(seconds=8)
"""After that long nothing more is committed: a function has to answer before it is ended."""


@dataclass(frozen=True, slots=True)
class Proposal[A]:
    """What a use case wants to write, and what it answers once that is committed."""

    writes: tuple[Write, ...]
    answer: A


@dataclass(frozen=True, slots=True)
class Reply[A]:
    """An answer that stands: committed by this request, or by an earlier one with the same key."""

    answer: A
    replayed: bool = False


type Decision[A] = Proposal[A] | Reply[A]
"""What came of reading the store: something to write, or an answer that stands."""

type Decide[A] = Callable[[], Awaitable[Decision[A]]]
"""Reads the store afresh, and proposes what to write or replies from what is there."""


class Transaction:
    """Runs decisions against the store until one is committed.

    Args:
        unit_of_work: where to commit.
        clock: for waiting between attempts.
        random: for spreading the attempts of many out (full jitter).
        turns: for letting decisions on one subject wait for one another, where that is possible.
    """

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, random: Random, turns: Turns) -> None:
        self._unit_of_work = unit_of_work
        self._turns = turns
        self._clock = clock
        self._random = random

    async def run[A](self, subject: str, decide: Decide[A]) -> Reply[A]:
        """Let ``decide`` read and decide afresh until what it proposes is committed.

        When a commit's outcome is not known, the next reading tells: a decision that finds its command there answers
        from it. A refusal is not passed on from then on, since the commit in doubt may still arrive.

        Args:
            subject: what most of the decision is about, such as a market's slug.
            decide: reads, and proposes or replies.

        Raises:
            DomainError: what ``decide`` refuses.
            ContentionError: ATTEMPTS commits met others, or time ran out, or the outcome is still in doubt.
        """
        in_doubt = False
        give_up_at = self._clock.now() + _BUDGET
        for attempt in range(ATTEMPTS):
            async with self._turns.take(subject):
                decision = await self._decide(decide, in_doubt=in_doubt)
                if isinstance(decision, Reply):
                    return Reply(decision.answer, decision.replayed and not in_doubt)
                if self._clock.now() >= give_up_at:
                    break
                outcome = await self._unit_of_work.commit(decision.writes)
            if isinstance(outcome, Committed):
                return Reply(decision.answer)
            in_doubt = in_doubt or isinstance(outcome, OutcomeUnknown)
            await self._back_off(attempt)
        if in_doubt:
            decision = await self._decide(decide, in_doubt=in_doubt)
            if isinstance(decision, Reply):
                return Reply(decision.answer)
        raise ContentionError

    @staticmethod
    async def _decide[A](decide: Decide[A], *, in_doubt: bool) -> Decision[A]:
        try:
            return await decide()
        except DomainError as refusal:
            if in_doubt:
                raise ContentionError from refusal
            raise

    async def _back_off(self, attempt: int) -> None:
        longest = min(_CAP_SECONDS, _BASE_SECONDS * 2 ** (attempt + 1))
        await self._clock.sleep(self._random.uniform(0, longest))


def command_key(account: str, idempotency: Idempotency) -> CommandKey:
    """Where the command of this request is, once it is done."""
    return CommandKey(account, command_id(account, idempotency.key))


def recall[A: Answer](snapshot: Snapshot, key: CommandKey, idempotency: Idempotency, kind: type[A]) -> Reply[A] | None:
    """The reply that the command got when it was done; None when it was not done yet.

    Raises:
        IdempotencyKeyReusedError: the key was used for something else.
    """
    command = snapshot.get(key)
    if command is None:
        return None
    answer = recall_answer(command, idempotency.fingerprint)
    if not isinstance(answer, kind):
        raise TypeError(f"the command {command.id} holds a {type(answer).__name__}, not a {kind.__name__}")
    return Reply(answer, replayed=True)


def once[A: Answer](
    records: RecordReader, key: CommandKey, idempotency: Idempotency, kind: type[A], decide: Decide[A]
) -> Decide[A]:
    """The same decision, except that what the command has answered already is never refused.

    A reading of several records is no snapshot: it may find the effects of a repetition's twin and not yet its command.
    Whatever refusal saw such effects, a later look finds the command too.
    """

    async def decide_once() -> Decision[A]:
        try:
            return await decide()
        except DomainError:
            if reply := recall(await records.read(key), key, idempotency, kind):
                return reply
            raise

    return decide_once


def remember(key: CommandKey, idempotency: Idempotency, answer: Answer, now: datetime) -> Insert:
    """The write that keeps the answer under its key."""
    return Insert(Command(key.account, key.id, idempotency.fingerprint, answer, now))
