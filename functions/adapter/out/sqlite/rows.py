"""Records as rows: the statements that a layout makes, each prepared once."""

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from domain.model.kernel.record import Key, key_of, type_of
from domain.port.out.store import Change, Insert, Remove, Replace
from functions.adapter.out.sqlite.layout import TABLES
from functions.adapter.out.sqlite.layout.table import Table, Value, plain

type _Getter = Callable[[Any], object]


class _Statements(NamedTuple):
    """What is done with the records of one kind.

    Args:
        table: where they are.
        select: reads the content of one; its parameters are the key.
        insert: stores one; its parameters are the columns, the key first.
        update: replaces one; its parameters are the columns but the key, the key, and the counters as they were read.
        delete: removes one; its parameters are the key and the counters.
        columns: what the columns hold that are not part of the key.
        counters: the attributes that are counters.
    """

    table: Table[Any]
    select: str
    insert: str
    update: str
    delete: str
    columns: tuple[_Getter, ...]
    counters: tuple[str, ...]


# The names of tables and columns in these statements are ours, so nothing can be smuggled into them.
def _make_statements(kind: type[Any]) -> _Statements:
    table, counters = TABLES[kind], type_of(kind).counters
    own = {name: _attribute(name) for name in counters if name not in table.key}
    getters: dict[str, _Getter] = {**own, **table.columns, **table.content}
    names = [*table.key, *getters]
    unchanged = _all([*table.key, *counters])
    return _Statements(
        table,
        f"SELECT {', '.join(table.selection)} FROM {table.name} WHERE {_all(table.key)}",
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) ON CONFLICT DO NOTHING",
        f"UPDATE {table.name} SET {', '.join(f'{name} = ?' for name in getters)} WHERE {unchanged}",
        f"DELETE FROM {table.name} WHERE {unchanged}",
        tuple(getters.values()),
        counters,
    )


def _attribute(name: str) -> _Getter:
    return lambda record: getattr(record, name)


def _all(columns: Iterable[str]) -> str:
    return " AND ".join(["TRUE", *(f"{column} = ?" for column in columns)])


_STATEMENTS = {kind: _make_statements(kind) for kind in TABLES}


def find[R](connection: sqlite3.Connection, key: Key[R]) -> R | None:
    """The record of that key; None when there is none."""
    statements = _STATEMENTS[key.kind]
    row = connection.execute(statements.select, [plain(value) for value in key.values]).fetchone()
    record: R | None = statements.table.load(key, row) if row else None
    return record


def apply_change(connection: sqlite3.Connection, change: Change) -> bool:
    """Make a change; False when the condition of it fails."""
    match change:
        case Insert(record):
            return _insert(connection, record)
        case Replace(record, read):
            return _replace(connection, record, read)
        case Remove(read):
            return _remove(connection, read)


def _insert(connection: sqlite3.Connection, record: object) -> bool:
    statements = _STATEMENTS[type(record)]
    values = [*_key(record), *(plain(get(record)) for get in statements.columns)]
    return _stored(connection, statements, record, connection.execute(statements.insert, values).rowcount)


def _replace(connection: sqlite3.Connection, record: object, read: object) -> bool:
    statements = _STATEMENTS[type(record)]
    values = [
        *(plain(get(record)) for get in statements.columns),
        *_key(record),
        *(getattr(read, name) for name in statements.counters),
    ]
    return _stored(connection, statements, record, connection.execute(statements.update, values).rowcount)


def _remove(connection: sqlite3.Connection, read: object) -> bool:
    statements = _STATEMENTS[type(read)]
    if statements.table.precede:
        statements.table.precede(connection, read)
    values = [*_key(read), *(getattr(read, name) for name in statements.counters)]
    return connection.execute(statements.delete, values).rowcount == 1


def _stored(connection: sqlite3.Connection, statements: _Statements, record: object, rows: int) -> bool:
    """Whether a row was written; what follows from the record is written with it."""
    if rows == 1 and statements.table.follow:
        statements.table.follow(connection, record)
    return rows == 1


def _key(record: object) -> list[Value]:
    return [plain(value) for value in key_of(record).values]
