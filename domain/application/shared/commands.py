"""Commands: every POST is done once for each idempotency key, however often it is sent."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from domain.model.kernel.command import RECOVERED, Command, Idempotency, Refusal, command_id, recall_answer
from domain.model.kernel.errors import ContentionError, DomainError, IdempotencyKeyReusedError
from domain.model.kernel.record import Key, key_for
from domain.port.out.combining import Combinable, CombiningStore
from domain.port.out.store import Decide, Decision, Insert, Need, Outcome, Store, View


class Reply[A](NamedTuple):
    """An answer that stands: committed by this request, or by an earlier one with the same key."""

    answer: A
    replayed: bool = False


class Abridgement[A](NamedTuple):
    """What is remembered of an answer whose texts the request has itself.

    A request that is known again has the same texts as the first time, so a second copy of them would only fill the
    disk: for days, and also for what has been deleted since.

    Args:
        abridge: an answer without the texts.
        complete: the answer again, with those of the request; one that was remembered with its texts stays as it is.
    """

    abridge: Callable[[A], A]
    complete: Callable[[A], A]


def command_key(account: str, idempotency: Idempotency) -> Key[Command]:
    """Where the command of this request is, once it is done."""
    return key_for(Command, account, command_id(account, idempotency.key))


class Commands:
    """Wraps decisions into commands: remembered answers, fingerprints, and refusals that look for their twin.

    Args:
        store: where commands are read and written.
        combining: where commands that follow from a message are carried out, if anywhere but in the store.
    """

    def __init__(self, store: Store, combining: CombiningStore | None = None) -> None:
        self._store = store
        self._combining = combining

    async def run[A](
        self,
        account: str,
        idempotency: Idempotency,
        kind: type[A],
        keys: Iterable[Key[Any]],
        decide: Decide[A],
        *,
        abridgement: Abridgement[A] | None = None,
    ) -> Reply[A]:
        """Decide and commit once for the key, and remember the answer with it.

        Args:
            account: whose key it is.
            idempotency: how the request is known again.
            kind: the class of the answer, one that is declared with :func:`~domain.model.kernel.command.answer`.
            keys: what the decision reads.
            decide: the decision itself.
            abridgement: what to remember of the answer; None for all of it.

        Raises:
            IdempotencyKeyReusedError: the key was used for something else.
            DomainError: what ``decide`` refuses, or the refusal that was remembered under the key.
            ContentionError: see :meth:`Store.transact`.
        """
        keys = tuple(keys)
        command = combinable(account, idempotency, kind, keys, decide, abridgement=abridgement)
        return await self._look_for_twin(command, self._store.transact(command.keys, command.decide))

    async def run_combined[M, A](self, message: M, command_of: Callable[[M], Combinable[Reply[A]]]) -> Reply[A]:
        """Run a command on a record that many write at once: perhaps another process does it with theirs.

        Args:
            message: what the command follows from.
            command_of: makes it, by :func:`combinable`.

        Raises:
            IdempotencyKeyReusedError: the key was used for something else.
            DomainError: what the decision refuses, or the refusal that was remembered under the key.
            ContentionError: see :meth:`CombiningStore.combine`.
        """
        command = command_of(message)
        if self._combining is None:
            return await self._look_for_twin(command, self._store.transact(command.keys, command.decide))
        return await self._look_for_twin(command, self._combining.combine(message, command_of))

    async def _look_for_twin[A](self, command: Combinable[Reply[A]], attempt: Awaitable[Reply[A]]) -> Reply[A]:
        """Await an attempt; where it is refused, answer what a twin of the request has been answered.

        A reading of several records need not be a snapshot: it may show the effects of a twin of this request and not
        yet the twin's command. Whatever refusal saw such effects, a later look finds the command too.
        """
        try:
            return await attempt
        except DomainError:
            view = await self._store.read(command.slot)
            with suppress(IdempotencyKeyReusedError):
                if reply := command.recall(view):
                    return reply
            raise


def combinable[A](
    account: str,
    idempotency: Idempotency,
    kind: type[A],
    keys: tuple[Key[Any], ...],
    decide: Decide[A],
    *,
    abridgement: Abridgement[A] | None = None,
) -> Combinable[Reply[A]]:
    """The command as a transaction whose subject is the first of the keys; see :meth:`Commands.run` for the others."""
    slot = command_key(account, idempotency)

    def recall(view: View) -> Reply[A] | None:
        reply = _recall(view, slot, idempotency, kind)
        return reply._replace(answer=abridgement.complete(reply.answer)) if reply and abridgement else reply

    def decide_once(view: View, now: datetime) -> Decision[Reply[A]]:
        if reply := recall(view):
            return Outcome(reply)
        decision = decide(view, now)
        if isinstance(decision, Need):
            return decision
        remembered = abridgement.abridge(decision.result) if abridgement else decision.result
        return Outcome(Reply(decision.result), (*decision.changes, remember(slot, idempotency, remembered, now)))

    def conclude(view: View, now: datetime) -> Decision[None]:
        if view.get(slot) is not None:
            return Outcome(None)
        try:
            decision = decide_once(view, now)
        except ContentionError:
            raise
        except DomainError as refusal:
            return Outcome(None, (remember(slot, idempotency, Refusal.of(refusal), now),))
        return decision if isinstance(decision, Need) else Outcome(None, decision.changes)

    return Combinable(keys[0] if keys else slot, slot, (*keys, slot), decide_once, conclude, recall)


def remember(slot: Key[Command], idempotency: Idempotency, answer: object, now: datetime) -> Insert[Command]:
    """The write that keeps an answer, or a refusal, under its key."""
    account, id_ = (str(value) for value in slot.values)
    return Insert(Command(account, id_, idempotency.fingerprint, answer, now))


def _recall[A](view: View, slot: Key[Command], idempotency: Idempotency, kind: type[A]) -> Reply[A] | None:
    """The reply that the command got when it was done; None when it was not done yet."""
    command = view.get(slot)
    if command is None:
        return None
    answer = recall_answer(command, idempotency.fingerprint)
    if isinstance(answer, Refusal):
        raise answer.error()
    if not isinstance(answer, kind):
        if command.fingerprint == RECOVERED:  # of a request that nobody knows any more, and certainly not of this one
            raise IdempotencyKeyReusedError
        raise TypeError(f"the command {command.id} holds a {type(answer).__name__}, not a {kind.__name__}")
    return Reply(answer, replayed=not view.is_in_doubt)
