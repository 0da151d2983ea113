"""The Store over SQLite: decisions are taken inside the writer's transaction, so nobody can be faster.

They are taken in the event loop's thread, while the writer's waits for it: only what waits for the disk is done apart.
"""

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from domain.model.kernel.errors import ContentionError, DegradedError, DomainError
from domain.model.kernel.record import Key
from domain.port.out.clock import Clock
from domain.port.out.store import ATTEMPTS, Change, Decide, Need, Outcome, Snapshot
from domain.port.out.unit_of_work import CommitOutcome, Committed, ConditionFailed, OutcomeUnknown
from domain.port.out.workspace import Workspace
from functions.adapter.out.sqlite import rows
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.handover import Handover
from functions.adapter.out.sqlite.trouble import BusyError, trouble_of
from functions.adapter.out.sqlite.writer import BATCH, CommitInDoubtError

if TYPE_CHECKING:
    from concurrent.futures import Future

WAITING_LIMIT = 8 * BATCH
"""So many decisions may wait for the writer; more are refused at once, instead of letting everybody wait.

Whoever comes last waits for eight transactions: well below a second on any disk that syncs in 50 ms. A longer queue
brings no order forward, since a transaction takes no more than BATCH.
"""

type Listener = Callable[[Sequence[Change]], None]
"""Is told, in the event loop, what was committed or may have been."""


class SqliteStore:
    """Reads see every acknowledged write; up to BATCH decisions that wait share one transaction and one fsync.

    Args:
        database: the open file.
        clock: the time of decisions.
        listener: is told of every commit.
    """

    def __init__(self, database: Database, clock: Clock, listener: Listener = lambda _: None) -> None:
        self._database = database
        self._clock = clock
        self._listener = listener
        self._waiting: deque[_Waiting] = deque()
        self._lock = threading.Lock()
        self._is_scheduled = False

    async def read(self, *keys: Key[Any]) -> Snapshot:
        """Find the records of these keys, all as of one instant."""
        return await self._database.read_briefly(
            lambda connection: Snapshot({key: rows.find(connection, key) for key in keys}), is_single=len(keys) == 1
        )

    async def transact[A](self, keys: Iterable[Key[Any]], decide: Decide[A]) -> A:
        """Decide inside the writer's transaction. Whatever the decision asks for is read there, as it is then.

        Raises:
            ContentionError: too many wait already, or the commit is in doubt.
            DegradedError: nothing can be written: the disk is full, or another process keeps the file locked.
        """
        del keys  # the decision reads the rows themselves
        is_in_doubt = False
        for _ in range(ATTEMPTS):
            try:
                return cast("A", await self._submit(decide, is_in_doubt=is_in_doubt))
            except CommitInDoubtError:
                is_in_doubt = True
            except (BusyError, sqlite3.Error) as error:
                if trouble := trouble_of(error):
                    raise DegradedError(trouble.cause) from error
                raise
            except DomainError as refusal:
                if is_in_doubt:
                    raise ContentionError from refusal
                raise
        if trouble := self._database.condition.trouble:
            raise DegradedError(trouble.cause)
        raise ContentionError

    async def commit(self, writes: Sequence[Change]) -> CommitOutcome:
        """Do conditional writes that were decided elsewhere, all or none.

        A file that another process keeps locked counts as a failed condition.
        """
        try:
            return await self._database.write(
                lambda connection: _commit(connection, writes), keep=lambda outcome: isinstance(outcome, Committed)
            )
        except BusyError:
            return ConditionFailed(tuple(writes))
        except CommitInDoubtError:
            return OutcomeUnknown()

    def _submit(self, decide: Decide[Any], *, is_in_doubt: bool) -> asyncio.Future[Any]:
        waiting = _Waiting(decide, asyncio.get_running_loop(), is_in_doubt=is_in_doubt)
        with self._lock:
            if len(self._waiting) >= WAITING_LIMIT:
                raise ContentionError
            self._waiting.append(waiting)
        self._schedule()
        return waiting.future

    def _schedule(self) -> None:
        """Let the writer come for what waits, unless it is on its way."""
        with self._lock:
            if self._is_scheduled or not self._waiting:
                return
            self._is_scheduled = True
            loop = self._waiting[0].loop
        batch, changes = list[_Waiting](), list[Change]()
        self._database.submit(
            lambda connection: Handover(lambda: self._decide_batch(connection, batch, changes)).do_in(loop)
        ).add_done_callback(
            # or those for whom not even a transaction was begun
            lambda done: self._tell(batch or self._take(), changes, done)
        )

    def _take(self) -> "list[_Waiting]":
        """Those who are next; the writer comes again for the others."""
        with self._lock:
            self._is_scheduled = False
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
        self._schedule()
        return batch

    def _decide_batch(self, connection: sqlite3.Connection, batch: "list[_Waiting]", changes: "list[Change]") -> None:
        """Inside the writer's transaction: decide for all who wait, each seeing what those before have changed."""
        batch += self._take()
        self._write_all(connection, batch, changes)

    def _write_all(self, connection: sqlite3.Connection, batch: "Sequence[_Waiting]", changes: "list[Change]") -> None:
        changes += self._decide_all(connection, batch)
        if failed := [change for change in changes if not rows.apply_change(connection, change)]:
            raise LookupError(f"the writer was not alone: {failed}")

    def _decide_all(self, connection: sqlite3.Connection, batch: "Sequence[_Waiting]") -> Sequence[Change]:
        workspace = Workspace(_Rows(connection))
        for waiting in batch:
            waiting.decide_in(workspace, self._clock)
        return workspace.changes()

    def _tell(self, batch: "Sequence[_Waiting]", changes: Sequence[Change], done: "Future[None]") -> None:
        """In the writer's thread, once the batch is on disk or has failed: hand the answers over, one call a loop."""
        failure = done.exception()
        told = changes if failure is None or isinstance(failure, CommitInDoubtError) else ()
        if failure is not None and len(batch) > 1 and not isinstance(failure, BusyError | CommitInDoubtError):
            self._retry_alone(batch)
            return
        by_loop: dict[asyncio.AbstractEventLoop, list[_Waiting]] = {}
        for waiting in batch:
            by_loop.setdefault(waiting.loop, []).append(waiting)
        for loop, some in by_loop.items():
            with suppress(RuntimeError):  # the loop is closed: nobody waits there any more
                loop.call_soon_threadsafe(self._answer, some, failure, told)

    def _retry_alone(self, batch: "Sequence[_Waiting]") -> None:
        """One decision's writes broke the batch: give each a transaction of its own, so that only that one fails."""
        for waiting in batch:
            self._submit_alone([waiting])

    def _submit_alone(self, alone: "Sequence[_Waiting]") -> None:
        changes: list[Change] = []
        self._database.submit(lambda connection: self._write_all(connection, alone, changes)).add_done_callback(
            lambda done: self._tell(alone, changes, done)
        )

    def _answer(self, batch: "Sequence[_Waiting]", failure: BaseException | None, changes: Sequence[Change]) -> None:
        """In the event loop."""
        if changes:
            self._listener(changes)
        for waiting in batch:
            waiting.answer(failure)


class _Waiting:
    """A decision that waits for the writer, and the future of its answer."""

    def __init__(self, decide: Decide[Any], loop: asyncio.AbstractEventLoop, *, is_in_doubt: bool) -> None:
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()
        self._decide = decide
        self._is_in_doubt = is_in_doubt
        self._result: Any = None
        self._refusal: Exception | None = None

    def decide_in(self, workspace: Workspace, clock: Clock) -> None:
        """Decide over the workspace, and keep the answer back until the batch is committed."""
        self._result = self._refusal = None
        if self.future.cancelled():  # its client went away before anything was begun
            return
        try:
            self._result = self._decided(workspace, clock)
        except Exception as refusal:  # noqa: BLE001 - whatever it is, it is this caller's alone
            self._refusal = refusal

    def _decided(self, workspace: Workspace, clock: Clock) -> object:
        match self._decide(_Doubtful(workspace) if self._is_in_doubt else workspace, clock.now()):
            case Need(keys):  # a workspace reads whatever it is asked for
                raise AssertionError(f"a decision asks for what it can read: {keys}")
            case Outcome(result, changes):
                workspace.apply(changes)
                return result

    def answer(self, failure: BaseException | None) -> None:
        """Give the answer, unless nobody waits for it any more."""
        if self.future.done():
            return
        if error := failure or self._refusal:
            self.future.set_exception(error)
        else:
            self.future.set_result(self._result)


class _Rows:
    """A View of the rows themselves, inside the writer's transaction."""

    is_in_doubt = False

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def has_read(self, *keys: Key[Any]) -> bool:  # noqa: ARG002 - whatever is asked for is read then
        """Everything can be had."""
        return True

    def get[R](self, key: Key[R]) -> R | None:
        """The record of that key; None when there is none."""
        return rows.find(self._connection, key)


class _Doubtful:
    """A View for a decision whose last commit is in doubt."""

    is_in_doubt = True

    def __init__(self, workspace: Workspace) -> None:
        self.has_read = workspace.has_read
        self.get = workspace.get


def _commit(connection: sqlite3.Connection, writes: Sequence[Change]) -> CommitOutcome:
    failed = tuple(write for write in writes if not rows.apply_change(connection, write))
    return ConditionFailed(failed) if failed else Committed()
