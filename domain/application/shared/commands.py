"""Commands: every POST is done once for each idempotency key, however often it is sent."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.model.kernel.command import Command, Idempotency, Refusal, command_id, recall_answer
from domain.model.kernel.errors import DomainError, IdempotencyKeyReusedError
from domain.model.kernel.record import Key, key_for
from domain.port.out.store import Decide, Decision, Insert, Need, Outcome, Store, View


@dataclass(frozen=True, slots=True)
class Reply[A]:
    """An answer that stands: committed by this request, or by an earlier one with the same key."""

    answer: A
    replayed: bool = False


def command_key(account: str, idempotency: Idempotency) -> Key[Command]:
    """Where the command of this request is, once it is done."""
    return key_for(Command, account, command_id(account, idempotency.key))


class Commands:
    """Wraps decisions into commands: remembered answers, fingerprints, and refusals that look for their twin.

    Args:
        store: where commands are read and written.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def run[A](
        self,
        account: str,
        idempotency: Idempotency,
        kind: type[A],
        keys: Iterable[Key[Any]],
        decide: Decide[A],
    ) -> Reply[A]:
        """Decide and commit once for the key, and remember the answer with it.

        Args:
            account: whose key it is.
            idempotency: how the request is known again.
            kind: the class of the answer, one that is declared with :func:`~domain.model.kernel.command.answer`.
            keys: what the decision reads.
            decide: the decision itself.

        Raises:
            IdempotencyKeyReusedError: the key was used for something else.
            DomainError: what ``decide`` refuses, or the refusal that was remembered under the key.
            ContentionError: see :meth:`Store.transact`.
        """
        slot = command_key(account, idempotency)

        def decide_once(view: View, now: datetime) -> Decision[Reply[A]]:
            if reply := _recall(view, slot, idempotency, kind):
                return Outcome(reply)
            decision = decide(view, now)
            if isinstance(decision, Need):
                return decision
            return Outcome(
                Reply(decision.result), (*decision.changes, remember(slot, idempotency, decision.result, now))
            )

        try:
            return await self._store.transact([*keys, slot], decide_once)
        except DomainError:
            # A reading of several records need not be a snapshot: it may show the effects of a twin of this request and
            # not yet the twin's command. Whatever refusal saw such effects, a later look finds the command too.
            view = await self._store.read(slot)
            with suppress(IdempotencyKeyReusedError):
                if reply := _recall(view, slot, idempotency, kind):
                    return reply
            raise


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
        raise TypeError(f"the command {command.id} holds a {type(answer).__name__}, not a {kind.__name__}")
    return Reply(answer, replayed=not view.is_in_doubt)
