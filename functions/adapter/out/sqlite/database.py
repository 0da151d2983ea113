"""One SQLite file: a writer thread whose waiting commits share one fsync, and readers that never wait for it."""

import asyncio
import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Self

from domain.model.kernel.errors import DegradedError
from functions.adapter.out.sqlite.place import Place
from functions.adapter.out.sqlite.schema import MIGRATIONS, Migration
from functions.adapter.out.sqlite.trouble import LOCKED, MOVED, Condition, MovedError, trouble_of
from functions.adapter.out.sqlite.writer import BUSY_SECONDS, Job, Writer

READERS = 2
APPLICATION_ID = 0x48756E63  # "Hunc"


class DatabaseTooNewError(Exception):
    """The file was written by a later release than this one."""


class ForeignDatabaseError(Exception):
    """The file is a database, but none of Hunch's."""


class Database:
    """An open database. Made by :meth:`open`, ended by :meth:`close`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._place = Place(path)
        self.condition = Condition(path)
        self._reader = threading.local()
        self._reader_connections: list[sqlite3.Connection] = []
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="hunch-reader")
        self._writer: Writer | None = None

    @classmethod
    def open(cls, path: Path, limit: int | None = None) -> Self:
        """Open the file, made readable for its owner alone if it is new, and bring its tables up to date.

        Args:
            path: the file.
            limit: how large it may grow, in bytes; a larger one grows no further. None for any size.

        Raises:
            DatabaseTooNewError: a later release wrote it.
            ForeignDatabaseError: another program wrote it.
            sqlite3.Error: it is no database, or cannot be read and written.
            OSError: it cannot be made.
        """
        # Only a new file: closing a descriptor would end the locks that this process holds on the file otherwise.
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        database = cls(path)
        connection = database._connect()
        try:
            require_known_version(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            _migrate(connection)
        except BaseException:
            connection.close()
            raise
        # The connection stays, since it holds the file's lock: from now on nobody can put another file in its place.
        database._writer = Writer(
            connection, database._connect, database._place, database.condition, limit=limit, version=len(MIGRATIONS)
        )
        return database

    def close(self) -> None:
        """Finish the writes that wait, end the threads and close the file."""
        self.writer.stop()
        self._readers.shutdown()
        for connection in self._reader_connections:
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def read[R](self, work: Callable[[sqlite3.Connection], R]) -> R:
        """Run queries that all see the same state of the database."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def read_briefly[R](self, work: Callable[[sqlite3.Connection], R], *, is_single: bool = False) -> R:
        """The same for look-ups by key, in the event loop's own thread: handing one over costs more than it takes.

        A look-up never waits there for a lock. Where it would have to, it is handed over after all.

        Args:
            work: the look-ups.
            is_single: whether it is one query, which sees one state by itself.
        """
        try:
            return work(self._own_connection(0)) if is_single else self._read(work, busy_seconds=0)
        except sqlite3.OperationalError as error:
            if trouble_of(error) is not LOCKED:
                raise
            return await self.read(work)

    async def write[R](self, work: Callable[[sqlite3.Connection], R], keep: Callable[[R], bool] = lambda _: True) -> R:
        """Run a job inside a transaction; the answer comes once its writes are on disk.

        Args:
            work: the job. When it raises, its writes are undone.
            keep: whether, by the job's answer, its writes are kept; otherwise they are undone too.

        Raises:
            BusyError: another process held the file; nothing was written.
            CommitInDoubtError: the writes are on disk or not.
        """
        return await asyncio.wrap_future(self.submit(work, keep))

    def write_now[R](self, work: Callable[[sqlite3.Connection], R]) -> R:
        """The same, waiting: for what must be there before anything runs."""
        return self.submit(work).result()

    def submit[R](
        self, work: Callable[[sqlite3.Connection], R], keep: Callable[[R], bool] = lambda _: True
    ) -> Future[R]:
        """The same, for whoever wants to be called back in the writer's thread."""
        return self.writer.put(Job(work, keep))

    @property
    def writer(self) -> Writer:
        """The thread that writes."""
        if self._writer is None:
            raise LookupError("the database is not open")
        return self._writer

    def _connect(self, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=busy_seconds, check_same_thread=False)
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")  # what is removed of a person is not to stay in the file
        except (sqlite3.Error, UnicodeDecodeError):
            connection.close()
            raise
        return connection

    def _require_in_place(self) -> None:
        """Let no thread read another file than the rest.

        Raises:
            DegradedError: another file is in its place, or none.
        """
        try:
            self._place.require_same_file()
        except MovedError as error:
            raise DegradedError(MOVED.cause) from error

    def _own_connection(self, busy_seconds: float) -> sqlite3.Connection:
        """The connection with which this thread reads."""
        connection: sqlite3.Connection | None = getattr(self._reader, "connection", None)
        if connection is None:
            self._require_in_place()
            connection = self._reader.connection = self._connect(busy_seconds)
            connection.execute("PRAGMA query_only = ON")
            self._reader_connections.append(connection)
        return connection

    def _read[R](self, work: Callable[[sqlite3.Connection], R], busy_seconds: float = BUSY_SECONDS) -> R:
        connection = self._own_connection(busy_seconds)
        connection.execute("BEGIN")
        try:
            return work(connection)
        finally:
            connection.execute("COMMIT")


def _migrate(connection: sqlite3.Connection) -> None:
    """Run the steps the file has not seen, each with its number in one transaction."""
    for number, step in enumerate(MIGRATIONS, start=1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _user_version(connection) < number:
                _run_step(connection, step)
                connection.execute(f"PRAGMA user_version = {number}")
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # a full disk has ended it already
                connection.execute("ROLLBACK")
            raise


def _run_step(connection: sqlite3.Connection, step: str | Migration) -> None:
    if not isinstance(step, str):
        step(connection)
        return
    for statement in _statements(step):
        connection.execute(statement)


def require_known_version(connection: sqlite3.Connection) -> None:
    """Refuse a file of a later release, or of another program, before anything in it is touched.

    Raises:
        DatabaseTooNewError: a later release wrote it.
        ForeignDatabaseError: another program wrote it.
        sqlite3.Error: it cannot be read.
    """
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    try:
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except UnicodeDecodeError as error:  # SQLite's message quotes what it found there
        raise sqlite3.DatabaseError("malformed database schema") from error
    if application_id != APPLICATION_ID and tables:
        raise ForeignDatabaseError("it belongs to another program")
    if (version := _user_version(connection)) > len(MIGRATIONS):
        raise DatabaseTooNewError(f"The database is at version {version}; this release knows {len(MIGRATIONS)}.")


def _user_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> list[str]:
    """The script's statements one by one, since executescript would commit."""
    statements, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending)
            pending = ""
    return statements
