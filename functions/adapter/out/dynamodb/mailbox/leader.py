"""Leading: deciding what waits for a book, in order, over one reading, and committing it as one transaction."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from domain.model.kernel.errors import ContentionError
from domain.model.kernel.record import Key, key_of
from domain.port.out.clock import Clock, Random
from domain.port.out.combining import Combinable
from domain.port.out.store import Change, Need, RecordReader, Remove, Snapshot
from domain.port.out.unit_of_work import CommitOutcome, Committed, ConditionFailed, UnitOfWork
from domain.port.out.workspace import Workspace
from functions.adapter.out.dynamodb.mailbox.mail import TERM, Lease, Mail, milliseconds
from functions.adapter.out.dynamodb.mailbox.postbox import Postbox, open_mail

MOST = 19
"""How many messages fit one transaction: five items each, and the book, are 96 of 100."""
SERVICE_SECONDS = 0.25
"""How long a leader goes on for others when its own message is done."""
FULL_SERVICE_SECONDS = 0.75
"""The same while more wait than fit a transaction: each change of leaders takes as long as half a transaction."""
_PAUSE_SECONDS = 0.02
_BASE_SECONDS = 0.005
_CAP_SECONDS = 0.2


class Tools(NamedTuple):
    """What senders and leaders work with.

    Args:
        postbox: mail and leases.
        records: where to read.
        unit_of_work: where to commit.
        beside: the same while something else is done in this process.
        clock: the time.
        random: for spreading attempts out.
        most: how many messages one transaction carries out.
    """

    postbox: Postbox
    records: RecordReader
    unit_of_work: UnitOfWork
    beside: UnitOfWork
    clock: Clock
    random: Random
    most: int = MOST


@dataclass(slots=True)
class Round:
    """What one transaction is to carry out.

    Args:
        waiting: the messages.
        found: what was read, to which is added what decisions ask for.
        workspace: the same with what the decisions so far have changed.
        touched: by the place of each message, the records that it changes.
    """

    waiting: Sequence[Mail]
    found: dict[Key[Any], Any]
    workspace: Workspace
    touched: dict[str, set[Key[Any]]] = field(default_factory=dict)

    def after(self) -> dict[Key[Any], Any]:
        """The records that it changes, as they are once it is committed."""
        changed = (key_of_change(change) for change in self.workspace.changes())
        return {key: self.workspace.get(key) for key in changed}

    def take_over(self, mail: Mail, changes: Sequence[Change]) -> None:
        """Add what a message changes, and that it is then no longer in the mailbox."""
        changes = (*changes, Remove(mail))
        self.workspace.apply(changes)
        self.touched[mail.place] = {key_of_change(change) for change in changes}

    def met(self, failed: Iterable[Key[Any]]) -> set[str]:
        """The places of the messages that change one of these records."""
        keys = set(failed)
        return {place for place, touched in self.touched.items() if touched & keys}


class Leader[M, A]:
    """Carries out what waits in one mailbox, for as long as one lease is good for.

    Args:
        tools: what to work with.
        lease: the lease that was taken.
        own: the transaction of whoever leads.
        kind: the class of messages.
        transaction_of: makes a message's transaction.
    """

    def __init__(
        self,
        tools: Tools,
        lease: Lease,
        own: Combinable[A],
        kind: type[M],
        transaction_of: Callable[[M], Combinable[A]],
    ) -> None:
        self._tools, self._clock = tools, tools.clock
        self._lease = lease
        self._own = own
        self._kind = kind
        self._transaction_of = transaction_of
        self._until = tools.clock.monotonic() + TERM.total_seconds()
        self._held_back = set[str]()
        self._passed_over = set[str]()
        self._collisions = 0
        self._is_crowded = False
        self._done_at: float | None = None

    async def lead(self) -> bool:
        """Carry out messages until the own one is done, and a little longer while others wait; then release the lease.

        Returns:
            Whether the own command is there; it is not where the term ended before that.

        Raises:
            ContentionError: the store was too busy.
        """
        try:
            is_done = await self._serve()
        except Exception:
            await self._release()
            raise
        await self._release()
        return is_done

    async def _release(self) -> None:
        await self._tools.postbox.release(self._lease, is_crowded=self._is_crowded)

    async def _serve(self) -> bool:
        round_: Round | None = await self._prepare()
        while round_:
            is_alone = len(round_.waiting) + len(self._held_back) <= 1
            self._is_crowded = self._is_crowded or not is_alone
            is_committed, ahead = await self._commit(round_)
            if self._done_at is None:
                view = round_.workspace if is_committed else Snapshot(round_.found)
                if view.get(self._own.slot) is not None:
                    self._done_at = self._clock.monotonic()
            is_last = is_alone and self._done_at is not None
            if is_last or self._clock.monotonic() >= self._ends_at(round_):
                break
            round_ = ahead or await self._prepare()
        return self._done_at is not None

    def _ends_at(self, last: Round) -> float:
        """When the term is over: sooner where the own message was done, later while every round is full."""
        if self._done_at is None:
            return self._until
        is_full = len(last.waiting) == self._tools.most
        return min(self._until, self._done_at + (FULL_SERVICE_SECONDS if is_full else SERVICE_SECONDS))

    async def _prepare(self, earlier: Round | None = None) -> Round | None:
        """Find what waits and decide it, over what an earlier round leaves where one is still being committed.

        Returns:
            None where nothing is left to do.
        """
        waiting = await self._find_waiting(earlier)
        if not waiting and self._done_at is not None:
            return None
        return await self._decide(waiting, earlier.after() if earlier else {})

    async def _find_waiting(self, earlier: Round | None) -> list[Mail]:
        """The first messages that may be carried out; what is past its deadline is removed, and never will be."""
        in_flight = {mail.place for mail in earlier.waiting} if earlier else set[str]()
        passed_over = self._held_back | self._passed_over | in_flight
        found = await self._tools.postbox.find_waiting(self._lease.market, self._tools.most + len(passed_over))
        now, waiting = milliseconds(self._clock.now()), list[Mail]()
        for mail in found:
            if mail.deadline <= now:
                await self._tools.postbox.take_back(mail)
            elif mail.place not in passed_over:
                waiting.append(mail)
        return waiting[: self._tools.most]

    async def _decide(self, waiting: Sequence[Mail], known: Mapping[Key[Any], Any]) -> Round:
        """Decide the messages in their order, each over what those before it leave.

        Records that are known are not read: they are being written, and what is decided here is committed only if they
        were.

        One whose command is there already is left in the mailbox: by that its sender knows that it was not this message
        that the command followed from, but a twin of it.
        """
        opened = [(mail, message) for mail in waiting if (message := open_mail(mail, self._kind)) is not None]
        transactions = [(mail, self._transaction_of(message)) for mail, message in opened]
        keys = [self._own.slot, *(key for _, transaction in transactions for key in transaction.keys)]
        found = {**known, **{key_of(mail): mail for mail, _ in transactions}}
        await self._read(found, keys)
        # In doubt: whatever command is found, it is this message's own and no repetition of another.
        round_ = Round(waiting, found, Workspace(Snapshot(found, is_in_doubt=True)))
        now = self._clock.now()
        for mail, transaction in transactions:
            if round_.workspace.get(transaction.slot) is not None:
                self._passed_over.add(mail.place)
                continue
            try:
                changes = await self._conclude(transaction, round_, now)
            except Exception:
                if transaction.slot == self._own.slot:
                    raise
                # Whatever is wrong with another's message is for its sender to find out, not for all who wait.
                self._passed_over.add(mail.place)
            else:
                round_.take_over(mail, changes)
        return round_

    async def _conclude(self, transaction: Combinable[A], round_: Round, now: datetime) -> tuple[Change, ...]:
        """What a message changes; what its decision asks for is read."""
        while isinstance(decision := transaction.conclude(round_.workspace, now), Need):
            if not await self._read(round_.found, decision.keys):
                raise LookupError(f"a decision asks for what it has: {decision.keys}")
        return decision.changes

    async def _read(self, found: dict[Key[Any], Any], keys: Iterable[Key[Any]]) -> bool:
        """Find the records of keys that are not there yet; whether there was any."""
        missing = [key for key in dict.fromkeys(keys) if key not in found]
        if missing:
            found.update((await self._tools.records.read(*missing)).found)
        return bool(missing)

    async def _commit(self, round_: Round) -> tuple[bool, Round | None]:
        """Whether all of it was written, and the next round where there was time to prepare it meanwhile.

        A message whose own records met another transaction is passed over once, so that the others need not wait
        for it. Where the book did, all are decided again.
        """
        changes = round_.workspace.changes()
        self._held_back.clear()
        if not changes:
            await self._clock.sleep(_PAUSE_SECONDS)
            return False, None
        if len(round_.waiting) < self._tools.most:
            outcome, ahead = await self._tools.unit_of_work.commit(changes), None
        else:
            outcome, ahead = await self._commit_beside(changes, round_)
        if isinstance(outcome, Committed):
            self._collisions = 0
            return True, ahead
        if isinstance(outcome, ConditionFailed):
            failed = {key_of_change(write) for write in outcome.writes}
            if self._own.subject not in failed:
                self._held_back = round_.met(failed)
        self._collisions += 1
        longest = min(_CAP_SECONDS, _BASE_SECONDS * 2**self._collisions)
        await self._clock.sleep(self._tools.random.uniform(0, longest))
        return False, None

    async def _commit_beside(self, changes: Sequence[Change], round_: Round) -> tuple[CommitOutcome, Round | None]:
        """Commit a full round and meanwhile prepare the next, which is good for nothing unless this one is written."""
        commit = asyncio.ensure_future(self._tools.beside.commit(changes))
        await asyncio.sleep(0)
        try:
            ahead = await self._prepare(round_)
        except ContentionError:
            ahead = None
        except Exception:
            await commit
            raise
        return await commit, ahead


def key_of_change(change: Change) -> Key[Any]:
    """The key of the record that a change is of."""
    return key_of(change.read if isinstance(change, Remove) else change.record)
