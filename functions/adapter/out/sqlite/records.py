"""The stored records over SQLite: consistent reads by key, and transactions of conditional writes."""

import sqlite3
from collections.abc import Sequence

from domain.port.out.records import (
    AnyKey,
    CommitOutcome,
    Committed,
    ConditionFailed,
    Insert,
    OutcomeUnknown,
    Remove,
    Replace,
    Snapshot,
    Write,
)
from functions.adapter.out.sqlite import rows
from functions.adapter.out.sqlite.database import BusyError, CommitInDoubtError, Database


class SqliteRecords:
    """Both ports of the records: RecordReader and UnitOfWork."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, *keys: AnyKey) -> Snapshot:
        """Find the records of these keys, all as of one instant."""
        return await self._database.read(lambda connection: _read(connection, keys))

    async def commit(self, writes: Sequence[Write]) -> CommitOutcome:
        """Do the writes, all or none; a file that another process keeps locked counts as a failed condition."""
        try:
            return await self._database.write(
                lambda connection: _commit(connection, writes), keep=lambda outcome: isinstance(outcome, Committed)
            )
        except BusyError:
            return ConditionFailed(tuple(writes))
        except CommitInDoubtError:
            return OutcomeUnknown()


def _read(connection: sqlite3.Connection, keys: Sequence[AnyKey]) -> Snapshot:
    return Snapshot({key: record for key in keys if (record := rows.find(connection, key)) is not None})


def _commit(connection: sqlite3.Connection, writes: Sequence[Write]) -> CommitOutcome:
    failed = tuple(write for write in writes if not _write(connection, write))
    return ConditionFailed(failed) if failed else Committed()


def _write(connection: sqlite3.Connection, write: Write) -> bool:
    match write:
        case Insert(record):
            return rows.insert(connection, record)
        case Replace(record, read):
            return rows.replace(connection, record, read)
        case Remove(read):
            return rows.remove(connection, read)
