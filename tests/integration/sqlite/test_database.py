import asyncio
import functools
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar

import pytest

from functions.adapter.out.sqlite import database as database_module
from functions.adapter.out.sqlite import writer
from functions.adapter.out.sqlite.condition import SqliteCondition
from functions.adapter.out.sqlite.database import Database, DatabaseTooNewError, ForeignDatabaseError
from functions.adapter.out.sqlite.schema import MIGRATIONS
from functions.adapter.out.sqlite.trouble import FULL, LIMIT, LOCKED, BusyError, Trouble, trouble_of
from functions.adapter.out.sqlite.writer import BATCH, CommitInDoubtError, Job

type Work = Callable[[sqlite3.Connection], Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is."""
    return tmp_path / "hunch.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    """An open database with nothing in it."""
    with Database.open(path) as opened:
        yield opened


def note(name: str, value: str = "") -> Work:
    """A job that writes a row."""
    return lambda connection: connection.execute("INSERT INTO instance VALUES (?, ?)", (name, value)).rowcount


def note_and_fail(name: str) -> Work:
    """A job that writes a row and raises then."""

    def work(connection: sqlite3.Connection) -> None:
        note(name)(connection)
        raise LookupError(name)

    return work


async def names(database: Database) -> list[str]:
    """The rows that the jobs left."""
    query = "SELECT name FROM instance ORDER BY name"
    return [name for (name,) in await database.read(lambda connection: connection.execute(query).fetchall())]


class Gate:
    """A job that keeps the writer thread busy until it is opened, so that others have to wait together."""

    def __init__(self, database: Database) -> None:
        self._open = threading.Event()
        self._entered = threading.Event()
        self._statements: list[str] = []
        self._passing = asyncio.create_task(database.write(self._work))

    async def closed(self) -> None:
        """Come back once the writer thread stands before it."""
        assert await asyncio.to_thread(self._entered.wait, 10)

    async def open(self) -> None:
        """Let the writer thread go on."""
        self._open.set()
        await self._passing

    def commits(self) -> int:
        """How many transactions were committed since, its own among them."""
        return self._statements.count("COMMIT")

    def _work(self, connection: sqlite3.Connection) -> None:
        connection.set_trace_callback(self._statements.append)
        self._entered.set()
        assert self._open.wait(10)


async def start(*writes: Any) -> list["asyncio.Task[Any]"]:
    """Tasks that have handed in their jobs."""
    tasks = [asyncio.create_task(write) for write in writes]
    await asyncio.sleep(0)
    return tasks


def test_every_connection_is_durable_and_checks_references(database: Database) -> None:
    """Writer and readers use the write-ahead log, wait for the disk at each commit, and enforce foreign keys."""

    def pragmas(connection: sqlite3.Connection) -> list[Any]:
        wanted = ("journal_mode", "synchronous", "foreign_keys")
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted]

    assert database.write_now(pragmas) == ["wal", 2, 1]
    assert asyncio.run(database.read(pragmas)) == ["wal", 2, 1]


async def test_readers_cannot_write(database: Database) -> None:
    """A read that would write is refused."""
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await database.read(note("sneaked"))
    assert await names(database) == []


async def test_waiting_writes_share_one_commit(database: Database) -> None:
    """All that waits when the writer comes back is one transaction; more than a batch is as few as possible."""
    gate = Gate(database)
    await gate.closed()
    tasks = await start(*(database.write(note(f"{number:03}")) for number in range(BATCH * 2)))
    await gate.open()
    assert await asyncio.gather(*tasks) == [1] * BATCH * 2
    assert gate.commits() == 1 + 2
    assert len(await names(database)) == BATCH * 2


async def test_a_failing_job_undoes_only_itself(database: Database) -> None:
    """Within one batch, a job that raises and a job whose answer is not kept leave nothing; the others stay."""
    gate = Gate(database)
    await gate.closed()
    tasks = await start(
        database.write(note("first")),
        database.write(note_and_fail("raises")),
        database.write(note("refused"), keep=lambda rows: rows != 1),
        database.write(note("last")),
        database.write(lambda connection: connection.execute("INSERT INTO nowhere VALUES (1)")),
        database.write(note("first")),
        database.write(note("very last")),
    )
    await gate.open()
    first, raised, refused, last, wrong, taken, very_last = await asyncio.gather(*tasks, return_exceptions=True)
    assert (first, refused, last, very_last) == (1, 1, 1, 1)
    assert isinstance(raised, LookupError)
    assert isinstance(wrong, sqlite3.OperationalError)
    assert isinstance(taken, sqlite3.IntegrityError)
    assert gate.commits() == 2
    assert await names(database) == ["first", "last", "very last"]


async def test_a_keep_that_raises_fails_its_own_write_alone(database: Database) -> None:
    """A mistake in `keep` reaches the caller, and the writer thread lives on."""
    complaint = LookupError("keep")

    def keep(_: int) -> bool:
        raise complaint

    with pytest.raises(LookupError, match="keep"):
        await asyncio.wait_for(database.write(note("lost"), keep=keep), 2)
    assert await asyncio.wait_for(database.write(note("kept")), 2) == 1
    assert await names(database) == ["kept"]


async def test_a_full_disk_fails_its_writes_and_no_more(database: Database) -> None:
    """A write that does not fit fails and leaves nothing; what fits before and after it is kept."""

    def limit(connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")

    await database.write(note("before", "x" * 100))
    await database.write(limit)
    gate = Gate(database)
    await gate.closed()
    fitting, full, after = await start(
        database.write(note("same batch")), database.write(note("full", "x" * 1_000_000)), database.write(note("next"))
    )
    await gate.open()
    outcomes = await asyncio.gather(fitting, full, after, return_exceptions=True)
    assert isinstance(outcomes[1], sqlite3.OperationalError)
    assert outcomes[1].sqlite_errorcode == sqlite3.SQLITE_FULL
    kept = {name for name, outcome in zip(("same batch", "full", "next"), outcomes, strict=True) if outcome == 1}
    assert await names(database) == sorted({"before"} | kept)
    await database.write(lambda connection: connection.execute("PRAGMA max_page_count = 1000000").fetchone())
    assert await database.write(note("full", "x" * 1_000_000)) == 1
    check = await database.read(lambda connection: connection.execute("PRAGMA integrity_check").fetchall())
    assert check == [("ok",)]


async def test_a_file_that_another_process_keeps_locked_is_busy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The write fails with BusyError and leaves nothing; readers go on, and writes too once the lock is gone."""
    monkeypatch.setattr(writer, "BUSY_SECONDS", 0.05)
    with Database.open(path) as database, closing(sqlite3.connect(path, isolation_level=None)) as other:
        await database.write(note("before"))
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError):
            await database.write(note("locked out"))
        assert await names(database) == ["before"]
        other.execute("ROLLBACK")
        assert await database.write(note("after")) == 1
        assert await names(database) == ["after", "before"]


async def test_a_cancelled_writer_does_not_stop_the_others(database: Database) -> None:
    """A caller who gives up while waiting gets no answer; the jobs around it are done and answered."""
    gate = Gate(database)
    await gate.closed()
    tasks = await start(*(database.write(note(f"{number}")) for number in range(6)))
    failing = await start(database.write(note_and_fail("never")))
    for task in (tasks[0], tasks[3], *failing):
        task.cancel()
    await gate.open()
    outcomes = await asyncio.gather(*tasks, *failing, return_exceptions=True)
    assert [isinstance(outcome, asyncio.CancelledError) for outcome in outcomes] == [1, 0, 0, 1, 0, 0, 1]
    assert await database.write(note("after")) == 1
    assert {"1", "2", "4", "5", "after"} <= set(await names(database)) <= {"0", "1", "2", "3", "4", "5", "after"}


async def test_closing_finishes_what_waits(path: Path) -> None:
    """Writes that were handed in before close() are on disk and answered after it, more than one batch of them too."""
    database = Database.open(path)
    gate = Gate(database)
    await gate.closed()
    tasks = await start(*(database.write(note(f"{number:03}")) for number in range(BATCH + 6)))
    closing_ = asyncio.create_task(asyncio.to_thread(database.close))
    await gate.open()
    assert await asyncio.gather(*tasks) == [1] * (BATCH + 6)
    await closing_
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM instance").fetchone() == (BATCH + 6,)


async def test_a_read_sees_one_state(database: Database) -> None:
    """Queries of one read do not see what is committed between them; the next read does."""
    seen_first, written = threading.Event(), threading.Event()

    def read_twice(connection: sqlite3.Connection) -> list[int]:
        query = "SELECT count(*) FROM instance"
        first = connection.execute(query).fetchone()[0]
        seen_first.set()
        assert written.wait(10)
        return [first, connection.execute(query).fetchone()[0]]

    reading = asyncio.create_task(database.read(read_twice))
    assert await asyncio.to_thread(seen_first.wait, 10)
    await database.write(note("between"))
    written.set()
    assert await reading == [0, 0]
    assert await names(database) == ["between"]


def test_opening_brings_an_empty_file_up_to_date_and_again_changes_nothing(path: Path) -> None:
    """A file of no bytes gets all tables and the version; opened once more it is as it was."""

    def describe(connection: sqlite3.Connection) -> list[Any]:
        version = connection.execute("PRAGMA user_version").fetchone()
        return [version, connection.execute("SELECT * FROM sqlite_master ORDER BY name").fetchall()]

    path.touch()
    with Database.open(path) as database:
        database.write_now(note("kept"))
        before = database.write_now(describe)
    with Database.open(path) as database:
        assert database.write_now(describe) == before
        assert asyncio.run(names(database)) == ["kept"]
    assert before[0] == (len(MIGRATIONS),)


def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script is done with its number, or not at all."""
    with Database.open(path):
        pass
    broken = "CREATE TABLE half (a TEXT) STRICT;\nCREATE TABLE half (a TEXT) STRICT;\n"
    monkeypatch.setattr(database_module, "MIGRATIONS", (*MIGRATIONS, broken))
    with pytest.raises(sqlite3.OperationalError):
        Database.open(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert connection.execute("SELECT * FROM sqlite_master WHERE name = 'half'").fetchall() == []


def test_a_file_of_a_later_release_is_refused_untouched(path: Path) -> None:
    """What this release cannot understand it does not change either, not by a byte."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 9999")
    before = path.read_bytes()
    with pytest.raises(DatabaseTooNewError, match="9999"):
        Database.open(path)
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_refused(path: Path) -> None:
    """A file that another program made is neither used nor changed."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(ForeignDatabaseError):
        Database.open(path)
    assert path.read_bytes() == before


class Faulty(sqlite3.Connection):
    """A connection some of whose statements fail, each with SQLite's code for it."""

    failing: ClassVar[dict[str, int]] = {}

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        if sql in self.failing:
            error = sqlite3.OperationalError(sql)
            error.sqlite_errorcode = self.failing[sql]
            raise error
        return super().execute(sql, *parameters)


@pytest.fixture
def faulty(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database whose statements a test may let fail."""
    connect = functools.partial(sqlite3.connect, factory=Faulty)
    monkeypatch.setattr(Faulty, "failing", {})
    monkeypatch.setattr(sqlite3, "connect", connect)
    with Database.open(path) as opened:
        yield opened


async def test_a_rollback_that_fails_stops_nobody(faulty: Database) -> None:
    """When even the rollback fails, those who waited are told, and the next write goes through a fresh connection."""
    Faulty.failing |= {"SAVEPOINT job": sqlite3.SQLITE_FULL, "ROLLBACK": sqlite3.SQLITE_IOERR}
    with pytest.raises(sqlite3.OperationalError, match="SAVEPOINT job"):
        await asyncio.wait_for(faulty.write(note("lost")), 2)
    Faulty.failing.clear()
    assert await asyncio.wait_for(faulty.write(note("kept")), 2) == 1
    assert await names(faulty) == ["kept"]


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL])
async def test_a_commit_that_fails_leaves_everybody_in_doubt(faulty: Database, code: int) -> None:
    """All jobs of the batch are told so, whatever became of them, none waits for ever, and the next write works."""
    gate = Gate(faulty)
    await gate.closed()
    tasks = await start(faulty.write(note("first")), faulty.write(note_and_fail("second")), faulty.write(note("third")))
    Faulty.failing["COMMIT"] = code
    with pytest.raises(CommitInDoubtError):
        await gate.open()
    outcomes = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 2)
    assert [type(outcome) for outcome in outcomes] == [CommitInDoubtError] * 3
    assert faulty.condition.trouble == trouble_of_code(code)
    Faulty.failing.clear()
    assert await asyncio.wait_for(faulty.write(note("after")), 2) == 1
    assert await names(faulty) == ["after"]


def trouble_of_code(code: int) -> Trouble | None:
    """What the condition says of an error with that code."""
    error = sqlite3.OperationalError()
    error.sqlite_errorcode = code
    return trouble_of(error)


async def test_closing_waits_for_a_slow_write_and_for_a_read_in_flight(path: Path) -> None:
    """Neither is cut off: both have their answers, and only then is the file closed."""
    database = Database.open(path)
    reading, read_on = threading.Event(), threading.Event()

    def slow_read(connection: sqlite3.Connection) -> int:
        reading.set()
        assert read_on.wait(10)
        return int(connection.execute("SELECT count(*) FROM instance").fetchone()[0])

    gate = Gate(database)
    await gate.closed()
    writing = await start(database.write(note("slow")))
    read = asyncio.create_task(database.read(slow_read))
    assert await asyncio.to_thread(reading.wait, 10)
    closing_ = asyncio.create_task(asyncio.to_thread(database.close))
    await asyncio.sleep(0.02)
    assert not closing_.done()
    await gate.open()
    assert await asyncio.gather(*writing) == [1]
    await asyncio.sleep(0.02)
    assert not closing_.done()
    read_on.set()
    assert await read == 1
    await asyncio.wait_for(closing_, 2)


async def fill(database: Database) -> None:
    """Leave no room for anything that needs a page."""

    def limit(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA max_page_count = 1").fetchone()

    await database.write(limit)


async def make_room(database: Database) -> None:
    """Let it grow again."""
    await database.write(lambda connection: connection.execute("PRAGMA max_page_count = 1000000").fetchone())


async def until_well(database: Database) -> None:
    """Come back once nobody says any more that writes fail."""
    async with asyncio.timeout(5):
        while database.condition.trouble:  # noqa: ASYNC110 - another thread sets it
            await asyncio.sleep(0.005)


async def test_trouble_is_known_logged_once_and_ends_by_itself(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A full disk: known before the write is told, said once with what to do, and over once there is room."""
    monkeypatch.setattr(writer, "PROBE_SECONDS", 0.01)
    assert database.condition.trouble is None
    await fill(database)
    for _ in range(3):
        with pytest.raises(sqlite3.OperationalError, match="full"):
            await database.write(note("full", "x" * 100_000))
        assert database.condition.trouble == FULL
    await database.write(note("fits"))
    await asyncio.sleep(0.05)
    assert database.condition.trouble == FULL
    (said,) = caplog.messages
    assert said.startswith(f"{path} cannot be written: the disk that holds the database is full. ")
    assert "503" in said
    assert "Free space there." in said
    await make_room(database)
    await until_well(database)
    assert caplog.messages[1:] == [f"{path} can be written again."]
    assert await names(database) == ["fits"]


async def test_a_lock_is_known_before_the_write_is_given_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks hears of it while the write still waits, and the write is done if the lock ends in time."""
    monkeypatch.setattr(writer, "BUSY_STEP_SECONDS", 0.01)
    monkeypatch.setattr(writer, "PROBE_SECONDS", 0.01)
    with Database.open(path) as database, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        waiting = await start(database.write(note("patient")))
        async with asyncio.timeout(5):
            while database.condition.trouble != LOCKED:  # noqa: ASYNC110 - another thread sets it
                await asyncio.sleep(0.005)
        assert not waiting[0].done()
        other.execute("ROLLBACK")
        assert await asyncio.gather(*waiting) == [1]
        await until_well(database)


async def test_the_condition_is_tried_where_it_is_not_known(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has written yet, and still it is right, also about a lock; a write that has just succeeded is enough."""
    monkeypatch.setattr(writer, "BUSY_SECONDS", 0.02)
    monkeypatch.setattr(writer, "PROBE_SECONDS", 0.01)
    with Database.open(path) as database, closing(sqlite3.connect(path, isolation_level=None)) as other:
        condition = SqliteCondition(database)
        await fill(database)
        assert await condition.find_trouble() == FULL.cause
        await make_room(database)
        await until_well(database)
        assert await condition.find_trouble() is None
        monkeypatch.setattr("functions.adapter.out.sqlite.condition.FRESH_SECONDS", 0.0)
        other.execute("BEGIN EXCLUSIVE")
        assert await condition.find_trouble() == LOCKED.cause
        assert await condition.find_trouble() == LOCKED.cause
        other.execute("ROLLBACK")
        await until_well(database)
        assert await names(database) == []


def test_a_file_grows_to_its_limit_and_is_read_on(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Beyond it writes fail, which is trouble with a name of its own; the file stays small, and is read on."""
    with Database.open(path):
        pass
    limit = path.stat().st_size + 400_000
    with Database.open(path, limit) as database:
        kept = [_fits(database, note(f"{number:03}", "x" * 50_000)) for number in range(12)]
        assert 3 < kept.count(True) < 12
        assert database.condition.trouble == LIMIT
        assert "HUNCH_DATABASE_LIMIT" in caplog.text
        assert len(asyncio.run(names(database))) == kept.count(True)
    assert path.stat().st_size <= limit
    with Database.open(path, limit * 2) as database:
        assert _fits(database, note("more", "x" * 100_000))
    with Database.open(path, 1) as database:
        assert not _fits(database, note("even more", "x" * 100_000))
        assert len(asyncio.run(names(database))) == kept.count(True) + 1


def _fits(database: Database, work: Work) -> bool:
    failure = database.writer.put(Job(work)).exception()
    assert failure is None or trouble_of(failure) == FULL
    return failure is None
