"""Commands: every write is remembered under its caller's key, so that repeating it is safe."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.model.kernel.errors import DomainError, ErrorCategory, IdempotencyKeyReusedError, RememberedRefusalError
from domain.model.kernel.record import record

RECOVERED = ""
"""The fingerprint of a command that was made of the ledger, since its own record was lost: nobody knows what it was."""
_ANSWERS: dict[str, type[Any]] = {}


def answer[C: type[Any]](name: str) -> Callable[[C], C]:
    """Declare a class to be what a command may answer, stored under a name that never changes."""

    def declare(kind: C) -> C:
        _ANSWERS[name] = kind
        return kind

    return declare


def answer_kinds() -> Mapping[str, type[Any]]:
    """The classes of answers by the names under which stores keep them."""
    return _ANSWERS


def answer_name(kind: type[Any]) -> str:
    """The name under which stores keep answers of a class.

    Raises:
        LookupError: the class is not declared to be an answer.
    """
    for name, known in _ANSWERS.items():
        if known is kind:
            return name
    raise LookupError(f"{kind.__name__} is not declared as an answer")


@dataclass(frozen=True, slots=True)
class UnknownAnswer:
    """An answer of a class that this process has not loaded: whatever it runs never gave it.

    Args:
        name: the name under which it is stored.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Idempotency:
    """How a request is known again.

    Args:
        key: the caller's own name for the request.
        fingerprint: a hash of what is asked: the same key with another one is a mistake of the caller.
    """

    key: str
    fingerprint: str


@answer("Refusal")
@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal that is an answer: the request was decided, and repeating it gets the same.

    Args:
        code: the stable code that clients see.
        title: the error's title.
        category: the value of its :class:`ErrorCategory`.
        detail: what a person is told.
    """

    code: str
    title: str
    category: str
    detail: str

    @classmethod
    def of(cls, error: DomainError) -> "Refusal":
        """The refusal that an error is."""
        return cls(error.code, error.title, error.category.value, str(error))

    def error(self) -> DomainError:
        """The error to raise when the request is repeated."""
        return RememberedRefusalError(self.code, self.title, ErrorCategory(self.category), self.detail)


@record("command", key=("account", "id"))
@dataclass(frozen=True, slots=True)
class Command:
    """A write that was done, and its answer.

    Args:
        account: the caller.
        id: see :func:`command_id`.
        fingerprint: a hash of what was asked; RECOVERED where that is no longer known.
        answer: what was answered, of a class declared with :func:`answer`; an :class:`UnknownAnswer` where none of
            that name is loaded.
        created_at: when it was done.
    """

    account: str
    id: str
    fingerprint: str
    answer: object
    created_at: datetime


def command_id(account: str, key: str) -> str:
    """The command's id, and the order's: a hash of the account and its key, 32 hex digits."""
    return hashlib.sha256(f"{account}\n{key}".encode()).hexdigest()[:32]


def recall_answer(command: Command, fingerprint: str) -> object:
    """The answer the command got when it was done.

    Raises:
        IdempotencyKeyReusedError: the key was used for something else, as far as anybody knows.
    """
    if command.fingerprint not in {RECOVERED, fingerprint}:
        raise IdempotencyKeyReusedError
    return command.answer
