"""Commands: every write is remembered under its caller's key, so that repeating it is safe."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.model.kernel.errors import IdempotencyKeyReusedError
from domain.model.ledger.account import OpenedAccount
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.book import Listing
from domain.model.trading.order import Order

type Answer = OpenedAccount | Listing | Order | JournalEntry
"""What a write answers, kept with its command so that a repetition gets the same."""


ANSWER_KINDS: Mapping[str, type[Answer]] = {
    kind.__name__: kind for kind in (OpenedAccount, Listing, Order, JournalEntry)
}
"""The kinds of answers by the names under which stores keep them."""


@dataclass(frozen=True, slots=True)
class Idempotency:
    """How a request is known again.

    Args:
        key: the caller's own name for the request.
        fingerprint: a hash of what is asked: the same key with another one is a mistake of the caller.
    """

    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Command:
    """A write that was done, and its answer.

    Args:
        account: the caller.
        id: see :func:`command_id`.
        fingerprint: a hash of what was asked.
        answer: what was answered.
        created_at: when it was done.
    """

    account: str
    id: str
    fingerprint: str
    answer: Answer
    created_at: datetime


def command_id(account: str, key: str) -> str:
    """The command's id, and the order's: a hash of the account and its key, 32 hex digits."""
    return hashlib.sha256(f"{account}\n{key}".encode()).hexdigest()[:32]


def recall_answer(command: Command, fingerprint: str) -> Answer:
    """The answer the command got when it was done.

    Raises:
        IdempotencyKeyReusedError: the key was used for something else.
    """
    if command.fingerprint != fingerprint:
        raise IdempotencyKeyReusedError
    return command.answer
