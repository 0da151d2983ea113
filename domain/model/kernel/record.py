"""How a record declares itself: the name it is stored under, its key, its counters and its schema number."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

type Part = str | int | datetime | Enum
"""One value of a key."""


class Key[R](NamedTuple):
    """What names one stored record of type R.

    Args:
        kind: the record's class.
        values: the values of its key, in the order in which the record declares them.
    """

    kind: type[R]
    values: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class RecordType:
    """What a record says of itself, beside its fields.

    Args:
        name: what stores call it. It never changes, whatever becomes of the class's name.
        key: the attributes that name one record.
        counters: the attributes by which one sees that a stored record is still the one that was read. A record without
            counters is written once and never replaced.
        schema: the number of its present form; it rises with every change that the release before cannot read.
        in_ledger: whether it belongs to the append-only ledger.
        later_counters: those of the counters that the first records of the kind were stored without; they read zero.
        form: the number of the earliest form that can hold a record. A release that only learns to read a new form
            stores nothing in it yet, so the release before it reads everything. None where all are stored in the
            present form.
    """

    name: str
    key: tuple[str, ...]
    counters: tuple[str, ...] = ()
    schema: int = 1
    in_ledger: bool = False
    later_counters: frozenset[str] = frozenset()
    form: Callable[[Any], int] | None = None

    def form_of(self, stored: object) -> int:
        """The number of the form in which a record of this type is stored."""
        return self.form(stored) if self.form else self.schema


_TYPES: dict[type[Any], RecordType] = {}


def record[C: type[Any]](
    name: str,
    *,
    key: tuple[str, ...],
    counters: tuple[str, ...] = (),
    schema: int = 1,
    in_ledger: bool = False,
    later_counters: tuple[str, ...] = (),
    form: Callable[[Any], int] | None = None,
) -> Callable[[C], C]:
    """Declare a class to be a stored record; see :class:`RecordType` for the members."""

    def declare(kind: C) -> C:
        if any(known.name == name for known in _TYPES.values()):
            raise ValueError(f"two records are stored as {name!r}")
        _TYPES[kind] = RecordType(name, key, counters, schema, in_ledger, frozenset(later_counters), form)
        return kind

    return declare


def record_types() -> Mapping[type[Any], RecordType]:
    """Every record that has been declared, by its class."""
    return _TYPES


def type_of(kind: type[Any]) -> RecordType:
    """What a record's class declares.

    Raises:
        KeyError: it is not the class of a record.
    """
    return _TYPES[kind]


def key_for[R](kind: type[R], *values: Part) -> Key[R]:
    """The key of the record of that class with these values, in the order of its declaration."""
    return Key(kind, values)


def key_of[R](stored: R) -> Key[R]:
    """The key of a record."""
    kind = type(stored)
    return Key(kind, tuple([getattr(stored, name) for name in _TYPES[kind].key]))


def counters_of(stored: object) -> Mapping[str, int]:
    """The counters of a record as it was read, by their names."""
    return {name: getattr(stored, name) for name in _TYPES[type(stored)].counters}
