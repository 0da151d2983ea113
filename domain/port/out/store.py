"""The store: records read consistently by key, and decisions committed as one transaction.

Every write of the product goes through :meth:`Store.transact`. A decision is a pure function of what was read and of
the time; the store reads, lets it decide, and writes what it answers, all or nothing. Where others may write in
between, the store commits conditionally and decides again.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol, cast

from domain.model.kernel.record import Key

ATTEMPTS = 8
"""How often a store decides at the most, where others are faster every time."""


class Insert[R](NamedTuple):
    """Store a record; nothing may be stored under its key."""

    record: R


class Replace[R](NamedTuple):
    """Store a record in the place of the one that was read, which must still be there with the same counters."""

    record: R
    read: R


class Remove[R](NamedTuple):
    """Remove a record that was read; it must still be there with the same counters."""

    read: R


type Change = Insert[Any] | Replace[Any] | Remove[Any]


class View(Protocol):
    """What was read, as a decision sees it."""

    @property
    def is_in_doubt(self) -> bool:
        """Whether an earlier attempt of this very transaction may have been committed: its answer was lost."""
        ...

    def has_read(self, *keys: Key[Any]) -> bool:
        """Whether all of these keys have been looked for."""
        ...

    def get[R](self, key: Key[R]) -> R | None:
        """The record of that key; None when nothing is stored under it.

        Raises:
            LookupError: the key was not looked for.
        """
        ...


class Snapshot(NamedTuple):
    """What one or several reads found.

    Args:
        found: for each key that was looked for, the record, or None.
        is_in_doubt: see :class:`View`.
    """

    found: Mapping[Key[Any], Any]
    is_in_doubt: bool = False

    def has_read(self, *keys: Key[Any]) -> bool:
        """Whether all of these keys have been looked for."""
        return all(key in self.found for key in keys)

    def get[R](self, key: Key[R]) -> R | None:
        """The record of that key; None when nothing is stored under it."""
        if key not in self.found:
            raise LookupError(f"{key} was not read")
        return cast("R | None", self.found[key])


class Outcome[A](NamedTuple):
    """What a decision came to.

    Args:
        result: what the transaction answers once the changes are durable.
        changes: what to write; with none, nothing is committed and the result stands.
    """

    result: A
    changes: tuple[Change, ...] = ()


class Need(NamedTuple):
    """A decision cannot be taken before these keys, too, are read. They are read after what was read before."""

    keys: tuple[Key[Any], ...]


type Decision[A] = Outcome[A] | Need
type Decide[A] = Callable[[View, datetime], Decision[A]]
"""A pure function of what was read and of the present instant; it raises a DomainError to refuse."""


class RecordReader(Protocol):
    """Reads records by key."""

    async def read(self, *keys: Key[Any]) -> Snapshot:
        """Find up to 100 records in one round trip. Each is as the last acknowledged write left it.

        Raises:
            ContentionError: the store is too busy, or a later release has written one of them.
        """
        ...


class Store(RecordReader, Protocol):
    """Reads records, and commits decisions."""

    async def transact[A](self, keys: Iterable[Key[Any]], decide: Decide[A]) -> A:
        """Read, decide and write in one durable transaction of up to 100 changes, all or none.

        ``decide`` may be called several times; only the last answer counts.

        Raises:
            DomainError: what ``decide`` refused. Nothing was written.
            ContentionError: others were faster every time, time ran out, or it is not known whether the changes were
                written: an attempt in doubt turns every later refusal into this error.
            DegradedError: nothing can be written, whoever asks.
        """
        ...
