"""Where a record lies in SQLite: its table, the columns beside its document, and how it is read back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from sqlite3 import Connection
from typing import Any

import msgspec

from domain.model.kernel.money import Money
from domain.model.kernel.notation import format_time
from domain.model.kernel.record import Key

type Value = str | int | None


def encode(record: object) -> str:
    """A record as its JSON document."""
    return msgspec.json.encode(record).decode()


def decode[R](kind: type[R], document: str) -> R:
    """The record of a JSON document."""
    return msgspec.json.decode(document, type=kind)


def plain(value: object) -> Value:
    """A value as a column has it.

    Raises:
        TypeError: no column can hold it.
    """
    match value:
        case str() | int() | None:
            return value
        case Money():
            return value.amount
        case datetime():
            return format_time(value)
        case Enum():
            return str(value.value)
        case _:
            raise TypeError(f"a {type(value).__name__} has no place in a column")


def _load_document(key: Key[Any], row: tuple[Any, ...]) -> Any:  # noqa: ANN401 - a record of the key's kind
    return decode(key.kind, row[0])


@dataclass(frozen=True, slots=True)
class Table[R]:
    """Where the records of one kind are.

    Args:
        kind: the record's class.
        name: the table's name.
        key: the columns that name a record, in the order of its key.
        columns: those that indexes and checks need beside the key and the counters, each with its value; a name alone
            stands for the record's own attribute.
        content: the columns from which a record is read back, each with its value.
        stored: where a column of the content is read by an expression, that expression.
        load: makes the record of its key and the content's columns.
        follow: writes what else there is to write of a record that was stored.
        precede: takes away what else there is of a record that is about to be removed.
    """

    kind: type[R]
    name: str
    key: tuple[str, ...]
    columns: Mapping[str, Callable[[R], object]] = field(default_factory=dict)
    content: Mapping[str, Callable[[R], object]] = field(default_factory=lambda: {"document": encode})
    stored: Mapping[str, str] = field(default_factory=dict)
    load: Callable[[Key[R], tuple[Any, ...]], R] = _load_document
    follow: Callable[[Connection, R], None] | None = None
    precede: Callable[[Connection, R], None] | None = None

    @property
    def selection(self) -> list[str]:
        """What to select for reading a record."""
        return [self.stored.get(name, name) for name in self.content]
