"""Copies of a database: one made while others use it, and one put in its place once nobody does.

A database is up to four files: the newest of it is in ``-wal``, which belongs to the file beside it and to no other.
What stands between a copy and its ruin is that such a companion is never left beside a file that is not its own.
"""

import errno
import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from functions.adapter.out.sqlite.database import ForeignDatabaseError, require_known_version
from functions.adapter.out.sqlite.wholeness import DamagedError, Extent, GoesOn, measure, naming_damage, require_whole

COMPANIONS = ("-wal", "-shm", "-journal")
_STEP = 50_000
_LOCKS_START, _LOCKS_LENGTH = 0x40000000, 512
"""The bytes by which processes that use a database lock it (SQLite's file format, "the lock-byte page")."""


class InUseError(Exception):
    """Another process has the database open."""


def open_untouched(path: Path) -> sqlite3.Connection:
    """A connection for reading, which leaves the file and its companions as they are.

    Raises:
        OSError, sqlite3.Error: it cannot be opened.
    """
    path = path.resolve(strict=True)
    if not os.access(path, os.R_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    mode = "rw" if os.access(path, os.W_OK) else "ro"
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode={mode}", uri=True, isolation_level=None)
    log = _companion(path, "-wal")
    # Whoever closes a file last moves the log into it: not before it is known that the log belongs to this file.
    if log.exists() and log.stat().st_size:
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
    return connection


def check_file(path: Path, goes_on: GoesOn, *, with_digests: bool) -> bool:
    """Look at a file of Hunch's, see :func:`require_whole`. One with nothing in it is whole.

    Raises:
        DamagedError: it contradicts itself.
        DatabaseTooNewError, ForeignDatabaseError: it is none that this release knows.
        sqlite3.Error: it cannot be read.
    """
    with closing(open_untouched(path)) as connection, naming_damage():
        require_known_version(connection)
        return _is_empty(connection) or require_whole(connection, goes_on, with_digests=with_digests)


def back_up(database: Path, target: Path, goes_on: GoesOn = lambda: True) -> Extent:
    """Write a copy as of one instant, readable for its owner alone, whoever uses the database meanwhile.

    The copy is one file without companions. It is written beside its place, looked at, and only then there.

    Args:
        database: the database.
        target: where the copy goes; nothing may be there.
        goes_on: called while it works; it must not say no.

    Returns:
        How much is in it.

    Raises:
        FileExistsError: something is there.
        DamagedError: what was copied contradicts itself; no copy is left.
        DatabaseTooNewError, ForeignDatabaseError, sqlite3.Error, OSError: it cannot be read or written.
    """
    if target.exists():
        raise FileExistsError(target)
    with _draft_beside(target) as draft:
        extent = _copy(database, draft, goes_on)
        os.link(draft, target)  # unlike a replacement it refuses what has come there meanwhile
    _sync(target.absolute().parent)
    return extent


def restore(source: Path, database: Path, goes_on: GoesOn = lambda: True) -> tuple[Extent, Path | None]:
    """Put a copy in a database's place, at once or not at all, and keep the former file aside.

    Args:
        source: the copy, which stays as it is.
        database: what it replaces; nothing need be there.
        goes_on: called while it works; it must not say no.

    Returns:
        How much is there now, and where the former file is; None where there was none.

    Raises:
        InUseError: another process has the database open. Nothing was changed, as with every other error.
        DamagedError: the copy contradicts itself.
        DatabaseTooNewError, ForeignDatabaseError, sqlite3.Error, OSError: it cannot be read or written.
    """
    database = database.resolve()
    if database.exists() and database.samefile(source):
        raise FileExistsError(source)
    with _alone_with(database, goes_on), _draft_beside(database) as draft:
        extent = _copy(source, draft, goes_on)
        former = _set_aside(database)
        draft.replace(database)
        _sync(database.parent)
    return extent, former


def _copy(source: Path, draft: Path, goes_on: GoesOn) -> Extent:
    """Fill a draft with what the source holds at one instant, and look at all of it.

    The source's own pages are looked at as well: what SQLite copies has new ones.
    """
    with closing(open_untouched(source)) as connection, naming_damage():
        require_known_version(connection)
        if _is_empty(connection):
            raise ForeignDatabaseError("there is nothing in it")
        connection.set_progress_handler(lambda: not goes_on(), _STEP)
        connection.execute("VACUUM INTO ?", (str(draft),))
    with closing(open_untouched(draft)) as connection:
        require_whole(connection, goes_on, with_digests=True)
        extent = measure(connection)
    _sync(draft)
    return extent


@contextmanager
def _draft_beside(path: Path) -> Iterator[Path]:
    """A new file of its owner's alone beside the place, gone when the block is left."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        yield draft
    finally:
        for each in (draft, *(_companion(draft, suffix) for suffix in COMPANIONS)):
            each.unlink(missing_ok=True)


@contextmanager
def _alone_with(database: Path, goes_on: GoesOn) -> Iterator[None]:
    """Keep every other process from the database while the block lasts.

    If the database is whole its log is moved into it first, so that the one file is all there is to set aside. A
    damaged one stays as it is: its log may be another's.

    Raises:
        InUseError: another process has it open.
    """
    if not database.exists():
        yield
        return
    _require_unused(database)
    if not _is_whole(database, goes_on):
        yield
        return
    with closing(sqlite3.connect(database, isolation_level=None, timeout=0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise InUseError(database) from error
        yield


def _require_unused(database: Path) -> None:
    """Ask for all the locks that another process could have. Whatever this process had open would lose its own."""
    with database.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCKS_LENGTH, _LOCKS_START)
        except BlockingIOError as error:
            raise InUseError(database) from error


def _is_empty(connection: sqlite3.Connection) -> bool:
    return not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]


def _is_whole(database: Path, goes_on: GoesOn) -> bool:
    try:
        return check_file(database, goes_on, with_digests=False)
    except (DamagedError, ForeignDatabaseError, sqlite3.Error):
        return False


def _set_aside(database: Path) -> Path | None:
    """Give the file and what belongs to it another name beside their own; their own is then free of companions."""
    if not database.exists():
        for suffix in COMPANIONS:
            _companion(database, suffix).unlink(missing_ok=True)
        return None
    former = database.with_name(f"{database.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}")
    os.link(database, former)
    for suffix in COMPANIONS:
        companion = _companion(database, suffix)
        if companion.exists():
            companion.rename(_companion(former, suffix))
    return former


def _companion(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
