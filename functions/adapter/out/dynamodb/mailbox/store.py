"""The CombiningStore over DynamoDB: directly where nobody else is at it, and otherwise by way of the mailbox."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from domain.model.kernel.errors import ContentionError
from domain.model.kernel.record import Key, key_of
from domain.port.out.combining import Combinable
from domain.port.out.store import Change, Decision, Outcome, View
from domain.port.out.unit_of_work import CommitOutcome, ConditionFailed, UnitOfWork
from functions.adapter.out.dynamodb.mailbox.leader import Leader, Tools, key_of_change
from functions.adapter.out.dynamodb.mailbox.mail import PATIENCE, TERM, Lease, Mail, keeps_out, milliseconds
from functions.adapter.out.dynamodb.mailbox.postbox import lease_key
from functions.adapter.out.optimistic import OptimisticStore

_LOOK_SECONDS = (0.04, 0.25)
"""How long to wait between two looks for an answer, at the least and at the most."""
_LOOK_PART = 0.3
"""In between, it is up to this part of the time waited so far: who has waited for long comes less often."""
_SPREAD_SECONDS = 0.02


class CrowdedError(Exception):
    """Others are at the same record: nothing was written directly, or it is in doubt."""


class MailboxStore:
    """Trades directly while nobody leads; at the first collision on the subject, or under a lease, sends a message.

    Args:
        tools: what to work with.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def combine[M, A](self, message: M, transaction_of: Callable[[M], Combinable[A]]) -> A:
        """Carry out a message's transaction, alone or with those of others; see :class:`CombiningStore`."""
        own = transaction_of(message)
        try:
            return await self._commit_directly(own)
        except CrowdedError:
            return await Sender(self._tools, message, own, transaction_of).send()

    async def _commit_directly[A](self, own: Combinable[A]) -> A:
        """As any other transaction, which costs one reading more.

        Raises:
            CrowdedError: see there.
        """
        lease = lease_key(_market(own))

        def decide(view: View, now: datetime) -> Decision[A]:
            decision = own.decide(view, now)
            if isinstance(decision, Outcome) and decision.changes and keeps_out(view.get(lease), now):
                raise CrowdedError
            return decision

        tools, subject = self._tools, own.subject
        unit_of_work = _FirstCollision(tools.unit_of_work, subject)
        store = OptimisticStore(tools.records, unit_of_work, tools.clock, tools.random)
        return await store.transact([*own.keys, lease], decide)


class Sender[M, A]:
    """Whoever has a message in the mailbox: waits for its answer, and leads when nobody else does.

    Args:
        tools: what to work with.
        message: the message.
        own: its transaction.
        transaction_of: makes those of others.
    """

    def __init__(
        self, tools: Tools, message: M, own: Combinable[A], transaction_of: Callable[[M], Combinable[A]]
    ) -> None:
        self._tools = tools
        self._message = message
        self._own = own
        self._transaction_of = transaction_of
        self._term_seen: tuple[int, float] | None = None
        self._began = tools.clock.monotonic()

    async def send(self) -> A:
        """Put the message into the mailbox, and see to it that it is carried out in time.

        Raises:
            DomainError: what the message is refused.
            ContentionError: the mailbox is full; or the message was taken back, and is never carried out; or it is not
                known what became of it.
        """
        tools, market = self._tools, _market(self._own)
        give_up_at = self._began + PATIENCE.total_seconds()
        if await tools.postbox.is_full(market, tools.most):
            raise ContentionError
        mail = await tools.postbox.send(market, str(self._own.slot.values[-1]), self._message)
        while tools.clock.monotonic() < give_up_at:
            is_done, lease = await tools.postbox.look(self._own.slot, market)
            if is_done:
                return await self._answer(mail)
            if self._is_over(lease) and (taken := await tools.postbox.take_lease(market, lease)):
                leader = Leader(tools, taken, self._own, type(self._message), self._transaction_of)
                if await leader.lead():
                    return await self._answer(mail)
            else:
                await self._pause(lease, give_up_at)
        return await self._give_up(mail)

    async def _pause(self, lease: Lease | None, give_up_at: float) -> None:
        """Wait for the next look; not for longer than the lease lasts, or the patience."""
        clock, random = self._tools.clock, self._tools.random
        least, most = _LOOK_SECONDS
        now = clock.monotonic()
        pause = min(most, max(least, _LOOK_PART * (now - self._began))) * random.uniform(0.5, 1.0)
        ends = [give_up_at] if lease is None or self._term_seen is None else [give_up_at, self._ends_at(lease)]
        until_the_end = min(ends) - now + random.uniform(0, _SPREAD_SECONDS)
        await clock.sleep(min(pause, max(_LOOK_SECONDS[0] / 2, until_the_end)))

    async def _answer(self, mail: Mail) -> A:
        """What the command answers, which is there. It followed from a twin where this message is still in the mailbox.

        Raises:
            DomainError: what the command refuses.
        """
        left = key_of(mail)
        view = await self._tools.records.read(self._own.slot, left)
        is_twin = view.get(left) is not None
        if is_twin:
            await self._tools.postbox.take_back(mail)
        answer = self._own.recall(view._replace(is_in_doubt=not is_twin))
        if answer is None:
            raise LookupError("a command that was there is gone")
        return answer

    def _is_over(self, lease: Lease | None) -> bool:
        """Whether a lease has run out: by the clocks, or, should they differ, since it was there for a whole term."""
        if lease is None:
            return True
        clock = self._tools.clock
        if self._term_seen is None or self._term_seen[0] != lease.term:
            self._term_seen = lease.term, clock.monotonic()
        return clock.monotonic() >= self._ends_at(lease)

    def _ends_at(self, lease: Lease) -> float:
        """When a lease that was seen is over: by its holder's clock, or a whole term after it was seen first."""
        clock = self._tools.clock
        assert self._term_seen is not None
        by_its_clock = clock.monotonic() + (lease.until - milliseconds(clock.now())) / 1000
        return min(by_its_clock, self._term_seen[1] + TERM.total_seconds())

    async def _give_up(self, mail: Mail) -> A:
        """Take the message back: then it was never carried out. Where it is gone already, its command tells."""
        if not await self._tools.postbox.take_back(mail):
            view = await self._tools.records.read(self._own.slot)
            answer = self._own.recall(view._replace(is_in_doubt=True))
            if answer is not None:
                return answer
        raise ContentionError


class _FirstCollision:
    """A UnitOfWork over another one, whose collisions on one record are for the mailbox.

    Args:
        inner: where to commit.
        subject: the record.
    """

    def __init__(self, inner: UnitOfWork, subject: Key[Any]) -> None:
        self._inner = inner
        self._subject = subject

    async def commit(self, writes: Sequence[Change]) -> CommitOutcome:
        """Commit.

        Raises:
            CrowdedError: another transaction was faster.
        """
        outcome = await self._inner.commit(writes)
        if isinstance(outcome, ConditionFailed) and self._subject in map(key_of_change, outcome.writes):
            raise CrowdedError
        return outcome


def _market(transaction: Combinable[Any]) -> str:
    """The slug of the subject."""
    return str(transaction.subject.values[0])
