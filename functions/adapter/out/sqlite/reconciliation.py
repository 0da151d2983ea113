"""Reading a whole file, and making repairs in it, while nobody else has it open."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from domain.application.instance.reconciliation.repair import Repair
from domain.model.kernel.record import Key
from functions.adapter.out.sqlite import rows
from functions.adapter.out.sqlite.copies import InUseError
from functions.adapter.out.sqlite.layout import TABLES

_LEDGER_TABLES = ("journal", "lifecycle")


class SqliteStoredRecords:
    """The StoredRecords of a connection, in the transaction that it has begun."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def every[R](self, kind: type[R], by: str | None = None) -> Iterator[R]:
        """All records of a kind, ordered by the column of an attribute."""
        table = TABLES[kind]
        order = f"WHERE {by} IS NOT NULL ORDER BY {by}" if by else ""
        query = f"SELECT {', '.join([*table.key, *table.selection])} FROM {table.name} {order}"  # noqa: S608 - names of ours
        for row in self._connection.execute(query):
            key: Key[Any] = Key(kind, row[: len(table.key)])
            record: R = table.load(key, row[len(table.key) :])
            yield record


@contextmanager
def open_snapshot(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that sees one state of a file, whoever writes meanwhile."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        yield connection


@contextmanager
def open_alone(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection in a transaction of its own, which is committed when the block ends, and undone when it fails.

    Foreign keys are checked when it ends, not before: a torn copy may lack what its records refer to. No more of them
    may dangle than did before.

    Raises:
        InUseError: another process has the file open, a running server for one.
        sqlite3.IntegrityError: records refer to what is not there.
    """
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise InUseError(path) from error
        dangling = _dangling(connection)
        try:
            yield connection
            _require_references(_dangling(connection) - dangling)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


def make_repairs(connection: sqlite3.Connection, repairs: Iterable[Repair]) -> None:
    """Make changes, those of the ledger included, which nothing else may change.

    Raises:
        LookupError: a change does not find what it expects.
    """
    triggers = _triggers(connection)
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for repair in repairs:
        if failed := [change for change in repair.changes if not rows.apply_change(connection, change)]:
            raise LookupError(f"{repair.subject} is not as it was read: {failed}")
    for _, statement in triggers:
        connection.execute(statement)


def _triggers(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """What keeps the ledger append-only: names, and the statements that make them."""
    query = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN (?, ?)"
    return connection.execute(query, _LEDGER_TABLES).fetchall()


def _dangling(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """Tables with records that refer to what is not there, each with the table that they refer to."""
    return {(table, parent) for table, _, parent, _ in connection.execute("PRAGMA foreign_key_check")}


def _require_references(dangling: set[tuple[str, str]]) -> None:
    for table, parent in dangling:
        raise sqlite3.IntegrityError(f"a record of {table} refers to one of {parent} that is not there")
