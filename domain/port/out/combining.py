"""Transactions on one busy record, many of which a single process can carry out as one.

Conditional writes that meet on one record fail, all but the first, and are tried again. A transaction that follows from
data alone need not: its data can be handed to whoever is writing the record, who decides many of them in order and
commits them together.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from domain.model.kernel.command import Command
from domain.model.kernel.record import Key
from domain.port.out.store import Decide, View


class Combinable[A](NamedTuple):
    """A transaction that any process can carry out, since it follows from a message.

    Args:
        subject: the record that every transaction of the kind writes.
        slot: where the command is, once the transaction is done or finally refused.
        keys: what the decision reads first, the subject and the slot among it.
        decide: the decision. It answers from the slot when the command is there, and raises a DomainError to refuse.
        conclude: the same for a sender who waits elsewhere: a refusal is an outcome, remembered in the slot.
        recall: the answer that the command in the slot holds; None without a command. It raises what the command
            refuses.
    """

    subject: Key[Any]
    slot: Key[Command]
    keys: tuple[Key[Any], ...]
    decide: Decide[A]
    conclude: Decide[None]
    recall: Callable[[View], A | None]


class CombiningStore(Protocol):
    """Commits transactions that follow from a message: alone, or many of one subject as one."""

    async def combine[M, A](self, message: M, transaction_of: Callable[[M], Combinable[A]]) -> A:
        """Carry out the transaction of a message, here or in another process, once.

        Args:
            message: all that the transaction depends on besides what is stored: a dataclass of plain values, tuples
                and enumerations.
            transaction_of: a pure function, the same in every process.

        Raises:
            DomainError: the transaction was refused. The refusal may be remembered in its slot.
            ContentionError: it was not carried out in time, or it is not known whether it was. Repeating the message
                is safe.
        """
        ...
