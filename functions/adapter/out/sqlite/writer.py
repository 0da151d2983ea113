"""The thread that writes: whatever waits shares one transaction, and what keeps it from writing is known and tried."""

import math
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from functions.adapter.out.sqlite.place import Place
from functions.adapter.out.sqlite.trouble import FULL, LIMIT, LOCKED, BusyError, Condition, OvertakenError, trouble_of

BATCH = 64
BUSY_SECONDS = 10.0
"""So long a write waits for another process that has the file locked."""
BUSY_STEP_SECONDS = 1.0
"""After so long it is trouble, and while there is trouble no write waits longer."""
PROBE_SECONDS = 1.0
"""How often it is tried whether there still is trouble."""
_PROBE = "x" * 16_000
"""What a probe writes and undoes: it needs pages of its own."""


_LARGE_WRITE = 256
"""So many pages a write of ours takes at the most."""


class CommitInDoubtError(Exception):
    """The commit itself failed: only reading can tell whether it is on disk."""


class Job[R]:
    """Writes that wait for the writer thread, and the future of their answer.

    Args:
        work: writes. When it raises, its writes are undone.
        keep: whether, by the job's answer, its writes are kept; otherwise they are undone too.
    """

    def __init__(self, work: Callable[[sqlite3.Connection], R], keep: Callable[[R], bool] = lambda _: True) -> None:
        self.future: Future[R] = Future()
        self.failure: Exception | None = None
        self._work = work
        self._keep = keep
        self._tell: Callable[[], object] = self.future.cancel

    @property
    def is_probe(self) -> bool:
        """Whether it only finds out whether writes succeed."""
        return self._work is _probe

    def do(self, connection: sqlite3.Connection) -> None:
        """Write, inside a savepoint of its own, and hold the answer back until the batch is committed.

        Raises:
            sqlite3.Error: SQLite gave up the whole batch, as it does when the disk is full.
        """
        connection.execute("SAVEPOINT job")
        try:
            answer = self._work(connection)
            kept = self._keep(answer)
        except Exception as error:
            if not connection.in_transaction:
                raise
            self.failure = failure = error
            self._tell = lambda: self.future.set_exception(failure)
            kept = False
        else:
            self._tell = lambda: self.future.set_result(answer)
        if not kept:
            connection.execute("ROLLBACK TO job")
        connection.execute("RELEASE job")

    def tell(self) -> None:
        """Give the answer."""
        if self.future.set_running_or_notify_cancel():
            self._tell()

    def fail(self, failure: Exception) -> None:
        """Give the failure of the whole batch."""
        if self.future.set_running_or_notify_cancel():
            self.future.set_exception(failure)


class Writer:
    """The thread.

    Args:
        connection: what it writes with first; it closes it.
        connect: makes another one.
        place: where the file has to be.
        condition: is told how it goes.
        limit: how large the file may grow, in bytes; None for any size.
        version: the latest form of the file that this release knows; None for any.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        connect: Callable[[], sqlite3.Connection],
        place: Place,
        condition: Condition,
        *,
        limit: int | None = None,
        version: int | None = None,
    ) -> None:
        self._limit = limit
        self._version = version
        self._connection = self._limited(connection)
        self._connect = connect
        self._place = place
        self._condition = condition
        self._jobs: queue.SimpleQueue[Job[Any] | None] = queue.SimpleQueue()
        self._probed_at = -math.inf
        self._written_at = -math.inf
        self._thread = threading.Thread(target=self._write_jobs, name="hunch-writer")
        self._thread.start()

    @property
    def seconds_since_write(self) -> float:
        """How long ago a write is known to have succeeded."""
        return time.monotonic() - self._written_at

    def put[R](self, job: Job[R]) -> Future[R]:
        """Let a job be done as soon as it may be; the future of its answer."""
        self._jobs.put(job)
        return job.future

    def probe(self) -> Future[None]:
        """Find out whether writes succeed; the condition knows it before the answer comes."""
        return self.put(Job(_probe))

    def stop(self) -> None:
        """Finish what waits, end the thread and close its connection."""
        self._jobs.put(None)
        self._thread.join()

    def _write_jobs(self) -> None:
        try:
            while (batch := self._next_batch()) is not None:
                if self._is_probe_due():
                    self._do([Job(_probe)])
                if batch:
                    self._do(batch)
        finally:
            self._connection.close()

    def _next_batch(self) -> list[Job[Any]] | None:
        """As much as waits at once; nothing when it is time to try again; None once it is to stop."""
        try:
            job = self._jobs.get(timeout=PROBE_SECONDS if self._condition.trouble else None)
        except queue.Empty:
            return []
        if job is None:
            return None
        batch = [job]
        while len(batch) < BATCH and not self._jobs.empty():
            waiting = self._jobs.get()
            if waiting is None:
                self._jobs.put(None)
                break
            batch.append(waiting)
        return batch

    def _is_probe_due(self) -> bool:
        return self._condition.trouble is not None and time.monotonic() - self._probed_at >= PROBE_SECONDS

    def _do(self, batch: Sequence[Job[Any]]) -> None:
        """Do all jobs in one transaction and tell each how it went, whatever happens."""
        connection = self._connection
        try:
            self._begin()
            changes = connection.total_changes
            for job in batch:
                job.do(connection)
        except (sqlite3.Error, BusyError) as failure:
            self._give_up(batch, failure, failure)
            return
        try:
            connection.execute("COMMIT")
        except sqlite3.Error as failure:
            self._give_up(batch, failure, CommitInDoubtError())
            return
        self._note(batch, has_written=connection.total_changes > changes)
        for job in batch:
            job.tell()

    def _limited(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        """The connection, which lets the file grow no larger than it may."""
        if self._limit:
            (page,) = connection.execute("PRAGMA page_size").fetchone()
            connection.execute(f"PRAGMA max_page_count = {max(1, self._limit // page)}").fetchone()
        return connection

    def _is_at_limit(self) -> bool:
        """Whether one large write is all that the file may still grow by: what is full is not the disk then."""
        if not self._limit:
            return False
        (pages,) = self._connection.execute("PRAGMA page_count").fetchone()
        (most,) = self._connection.execute("PRAGMA max_page_count").fetchone()
        return bool(pages + _LARGE_WRITE >= most)

    def _begin(self) -> None:
        """Begin a transaction, once no other process has one.

        Raises:
            BusyError: another one keeps it for too long.
            OvertakenError: another one is of a later release, which has changed the file's form.
            MovedError: the file is not in its place any more.
        """
        self._place.require_same_file()
        deadline = time.monotonic() + (0 if self._condition.trouble else BUSY_SECONDS)
        self._connection.execute(f"PRAGMA busy_timeout = {min(BUSY_STEP_SECONDS, BUSY_SECONDS) * 1000:.0f}")
        while True:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as failure:
                if trouble_of(failure) is not LOCKED:
                    raise
                self._condition.note_failure(LOCKED)
                if time.monotonic() >= deadline:
                    raise BusyError from failure
            else:
                self._require_known_version()
                return

    def _require_known_version(self) -> None:
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if self._version is not None and version > self._version:
            raise OvertakenError

    def _give_up(self, batch: Sequence[Job[Any]], failure: Exception, told: Exception) -> None:
        """Undo everything, and tell everybody."""
        self._note(batch, failure)
        for job in batch:
            job.fail(told)
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:  # not even that: go on with a fresh connection
            self._connection.close()
            self._connection = self._limited(self._connect())

    def _note(self, batch: Sequence[Job[Any]], failure: Exception | None = None, *, has_written: bool = False) -> None:
        """Learn from how a batch went, before anybody is told.

        Args:
            batch: the batch.
            failure: what all of it failed with, if it did.
            has_written: whether something is on disk now.
        """
        is_probe = any(job.is_probe for job in batch)
        if is_probe:
            self._probed_at = time.monotonic()
        for each in (failure, *(job.failure for job in batch)):
            if each and (trouble := trouble_of(each)):
                self._condition.note_failure(LIMIT if trouble is FULL and self._is_at_limit() else trouble)
                return
        if has_written and not failure:
            self._written_at = time.monotonic()
            if is_probe:
                self._condition.note_success()


def _probe(connection: sqlite3.Connection) -> None:
    """Take room in the file and give it back, then write a page that is as it was."""
    insert = "INSERT OR REPLACE INTO instance VALUES ('probe', ?)"
    connection.execute("SAVEPOINT room")
    connection.execute(insert, (_PROBE,))
    connection.execute("ROLLBACK TO room")
    connection.execute("RELEASE room")
    connection.execute(insert, ("",))
    connection.execute("DELETE FROM instance WHERE name = 'probe'")
