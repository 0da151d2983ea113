"""What the mailbox keeps: messages that wait, and who leads. Records of this adapter alone, which no use case sees."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.model.kernel.record import record

PATIENCE = timedelta(seconds=5)
"""How long a message waits in the mailbox."""
FULL = timedelta(seconds=1.5)
"""A mailbox takes no more while a whole transaction of messages has waited for longer than this."""
TERM = timedelta(seconds=1.5)
"""How long a lease is good for. A leader that dies holds the others up for as long."""
CROWDED = timedelta(seconds=1)
"""How long after a busy term messages go to the mailbox first, although nobody leads."""


@record("mail", key=("market", "place"), counters=("deadline",))
@dataclass(frozen=True, slots=True)
class Mail:
    """A message that waits to be carried out.

    Args:
        market: the slug of the book whose mailbox it is in.
        place: where it is in the mailbox: when it was sent, by its sender's clock, and what tells it apart.
        deadline: until when it may be carried out, in milliseconds since 1970 by its sender's clock.
        message: the message, as plain values.
    """

    market: str
    place: str
    deadline: int
    message: dict[str, Any]


@record("lease", key=("market",), counters=("term",))
@dataclass(frozen=True, slots=True)
class Lease:
    """Who leads, as a hint.

    Args:
        market: the slug of the book.
        term: a random number that tells this lease from every other.
        until: when it ends, in milliseconds since 1970 by its holder's clock.
        crowded_until: until when messages go to the mailbox first, likewise.
    """

    market: str
    term: int
    until: int
    crowded_until: int


def milliseconds(instant: datetime) -> int:
    """Milliseconds since 1970."""
    return int(instant.timestamp() * 1000)


def keeps_out(lease: Lease | None, now: datetime) -> bool:
    """Whether a message has to go to the mailbox first."""
    return lease is not None and milliseconds(now) < max(lease.until, lease.crowded_until)
