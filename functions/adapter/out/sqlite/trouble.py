"""Why the file cannot be written, in words for those who can do something about it."""

import logging
import math
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_logger = logging.getLogger(__name__)

SAID_SECONDS = 60.0
"""So long the same trouble is not said again."""


class BusyError(Exception):
    """Another process kept the file locked; nothing was written."""


class OvertakenError(BusyError):
    """A later release has opened the file; nothing was written, since that would drop what only it knows."""


class MovedError(BusyError):
    """The file is not in its place any more; nothing was written, since nobody would find it there."""


class Trouble(NamedTuple):
    """A reason for which writes fail.

    Args:
        cause: what is wrong; anybody may read it.
        remedy: what ends it.
    """

    cause: str
    remedy: str


LOCKED = Trouble("another process keeps the database locked", "End that process, or its transaction: `fuser` names it.")
FULL = Trouble("the disk that holds the database is full", "Free space there.")
LIMIT = Trouble(
    "the database has reached the size that this instance allows",
    "Raise HUNCH_DATABASE_LIMIT, if the disk has room, and start the server again.",
)
OVERTAKEN = Trouble("a later release of Hunch has opened the database", "Stop this server, and start that release.")
MOVED = Trouble(
    "the database's file was removed, or another one was put in its place",
    "Put the former file back, or start the server anew over what is there.",
)
FAILING = Trouble("the disk that holds the database reports errors", "Look at the disk and at its quota.")
READ_ONLY = Trouble(
    "the database cannot be opened for writing",
    "Let the server's user write the file, those beside it and their folder.",
)
DAMAGED = Trouble(
    "the database is damaged", "Stop the server, keep the file, and put a backup in its place: `hunch restore FILE`."
)
_TROUBLES: Mapping[int, Trouble] = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_IOERR: FAILING,
    sqlite3.SQLITE_NOMEM: Trouble("the server has no memory left", "Give it more, or end what else uses it."),
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: READ_ONLY,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}
_TROUBLES_IN_FULL: Mapping[int, Trouble] = {sqlite3.SQLITE_IOERR_SHMSIZE: FULL}
"""What an extended code tells more precisely: on a full disk there is no room for the index of the write-ahead log."""


def trouble_of(failure: BaseException) -> Trouble | None:
    """What keeps the file from being written, by what SQLite says; None where only this one write is wrong."""
    match failure:
        case OvertakenError():
            return OVERTAKEN
        case MovedError():
            return MOVED
        case BusyError():
            return LOCKED
    code = getattr(failure, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return _TROUBLES_IN_FULL.get(code) or _TROUBLES.get(code & 0xFF)


class Condition:
    """Whether writes succeed; what changes about it is logged once.

    On a disk that is nearly full small writes succeed and large ones fail, in turns: that is not news each time.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._said: Trouble | None = None
        self._said_at = -math.inf
        self._has_ended = True
        self.trouble: Trouble | None = None

    def note_failure(self, trouble: Trouble) -> None:
        """A write has failed."""
        if trouble != self.trouble and not self._has_just_said(trouble):
            self._said, self._said_at, self._has_ended = trouble, time.monotonic(), False
            _logger.error(
                "%s cannot be written: %s. Until that ends every write is refused with 503, and reads go on. %s "
                "The server then accepts writes again by itself.",
                self._path,
                trouble.cause,
                trouble.remedy,
            )
        self.trouble = trouble

    def note_success(self) -> None:
        """A write that needs room has succeeded."""
        if self.trouble and not self._has_ended:
            _logger.warning("%s can be written again.", self._path)
            self._has_ended = True
        self.trouble = None

    def _has_just_said(self, trouble: Trouble) -> bool:
        return trouble == self._said and time.monotonic() - self._said_at < SAID_SECONDS
