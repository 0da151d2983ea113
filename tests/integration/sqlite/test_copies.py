import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from functions.adapter.out.sqlite.copies import InUseError, back_up, check_file, restore
from functions.adapter.out.sqlite.database import Database, DatabaseTooNewError, ForeignDatabaseError
from functions.adapter.out.sqlite.wholeness import DamagedError, Extent
from tests.integration.sqlite.lived_in import TRADES, content, live, spoil, trade

EXTENT = Extent(accounts=4, markets=4, trades=TRADES)


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole database, for all tests to copy."""
    path = tmp_path_factory.mktemp("copies") / "hunch.db"
    live(path)
    return path


@pytest.fixture
def path(lived_in: Path, tmp_path: Path) -> Path:
    """A database of a test's own."""
    return Path(shutil.copy(lived_in, tmp_path / "hunch.db"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where copies go."""
    return tmp_path / "backup.db"


def names(path: Path) -> list[str]:
    """What is beside a file, without the time of day in the names of former databases."""
    return sorted(each.name.partition("before")[0] for each in path.parent.iterdir())


def check(path: Path) -> bool:
    """What a start looks at."""
    return check_file(path, lambda: True, with_digests=False)


@contextmanager
def another_process(path: Path, *statements: str) -> Iterator[None]:
    """A process that has the database open, has done these statements and nothing after them."""
    program = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2:]:
    connection.execute(statement).fetchall()
print("ready", flush=True)
sys.stdin.read()
"""
    arguments = [sys.executable, "-c", program, str(path), "SELECT * FROM accounts", *statements]
    with subprocess.Popen(  # noqa: S603 - our own arguments
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        try:
            yield
        finally:
            process.kill()


def test_a_backup_is_what_there_is_and_its_owners_alone(path: Path, copy: Path) -> None:
    """Everything is in it, also what is still in the log; it is one file, and the database stays as it was."""
    trade(path, "ben", 5)
    before = [(each.name, each.read_bytes()) for each in (path, path.with_name("hunch.db-wal"))]
    assert back_up(path, copy) == EXTENT._replace(trades=TRADES + 1)
    assert [(each, (path.parent / each).read_bytes()) for each, _ in before] == before
    assert content(copy) == content(path)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert names(copy) == ["backup.db", "hunch.db", "hunch.db-shm", "hunch.db-wal"]


def test_a_backup_is_made_while_others_write(path: Path, copy: Path) -> None:
    """It has what was committed when it began, and nothing of what is under way; nobody waits for it."""
    with Database.open(path) as database:
        before = content(path)
        with another_process(path, "BEGIN IMMEDIATE", "UPDATE accounts SET balance = 0"):
            assert back_up(path, copy) == EXTENT
        assert content(copy) == before
        assert database.write_now(lambda _: "written") == "written"


def test_a_backup_takes_nobodys_place(path: Path, copy: Path) -> None:
    """What is there stays; so does what comes while the copy is made."""
    copy.write_text("a diary")
    with pytest.raises(FileExistsError):
        back_up(path, copy)
    other = copy.with_name("other.db")

    def meddle() -> bool:
        other.write_text("a diary")
        return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("functions.adapter.out.sqlite.copies._STEP", 50)
        with pytest.raises(FileExistsError):
            back_up(path, other, meddle)
    assert (copy.read_text(), other.read_text()) == ("a diary", "a diary")
    assert names(copy) == ["backup.db", "hunch.db", "other.db"]


def test_nothing_damaged_or_foreign_is_copied(path: Path, copy: Path, tmp_path: Path) -> None:
    """Of what contradicts itself, of another program's, of a later release's and of nothing there is no backup."""
    spoil(path, "UPDATE accounts SET balance = balance + 1")
    with pytest.raises(DamagedError):
        back_up(path, copy)
    other = tmp_path / "other.db"
    for statement, refusal in (
        ("VACUUM", ForeignDatabaseError),
        ("CREATE TABLE recipes (name TEXT)", ForeignDatabaseError),
        ("PRAGMA user_version = 9999", DatabaseTooNewError),
    ):
        other.unlink(missing_ok=True)
        spoil(other, statement)
        with pytest.raises(refusal):
            back_up(other, copy)
    assert names(path) == ["hunch.db", "other.db"]


def test_a_backup_that_does_not_fit_leaves_nothing(path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is an error, and no half of a file."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        back_up(path, copy)
    assert names(path) == ["hunch.db"]


def test_a_backup_comes_back(path: Path, copy: Path) -> None:
    """Restored it is what it was, its owner's alone; the former database is whole under another name."""
    before = content(path)
    back_up(path, copy)
    trade(path, "ben", 5)
    later = content(path)
    extent, former = restore(copy, path)
    assert extent == EXTENT
    assert former
    assert (content(path), content(former)) == (before, later)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert names(path) == ["backup.db", "hunch.db", "hunch.db."]
    assert content(copy) == before
    with Database.open(path) as database:
        assert database.write_now(lambda connection: connection.execute("PRAGMA quick_check").fetchall()) == [("ok",)]


def test_a_backup_copied_over_its_database_is_noticed_and_mended(path: Path, copy: Path) -> None:
    """The trap: the log of the former file is still there. The check says so and changes nothing; restoring ends it."""
    back_up(path, copy)
    for number in range(30):
        trade(path, "ben", 5 + number)
    shutil.copy(copy, path)
    log = path.with_name("hunch.db-wal")
    before = (path.read_bytes(), log.read_bytes())
    with pytest.raises(DamagedError):
        check(path)
    assert (path.read_bytes(), log.read_bytes()) == before
    _, former = restore(copy, path)
    assert check(path)
    assert content(path) == content(copy)
    assert not log.exists()
    assert former
    assert (former.read_bytes(), former.with_name(f"{former.name}-wal").read_bytes()) == before


def test_a_log_without_its_database_is_not_taken_for_the_backups(path: Path, copy: Path) -> None:
    """Where the database was deleted and its log was not, the backup comes without that log."""
    back_up(path, copy)
    trade(path, "ben", 5)
    path.unlink()
    assert restore(copy, path) == (EXTENT, None)
    assert content(path) == content(copy)


def test_a_database_in_use_is_not_replaced(path: Path, copy: Path) -> None:
    """Whoever has it open, and be it for reading: nothing is changed, of a damaged one either."""
    back_up(path, copy)
    with another_process(path), pytest.raises(InUseError):
        restore(copy, path)
    spoil(path, "UPDATE accounts SET balance = balance + 1")
    with another_process(path), pytest.raises(InUseError):
        restore(copy, path)
    assert [name for name in names(path) if name.endswith(".")] == []


def test_what_is_no_backup_replaces_nothing(path: Path, copy: Path, tmp_path: Path) -> None:
    """A damaged one, one of another program, one that is not there, the database itself: everything stays."""
    back_up(path, copy)
    before = content(path)
    spoil(copy, "UPDATE accounts SET balance = balance + 1")
    (tmp_path / "text").write_text("Dear diary, this is no database. " * 40)
    for source, refusal in (
        (copy, DamagedError),
        (tmp_path / "text", sqlite3.DatabaseError),
        (tmp_path / "nothing", FileNotFoundError),
        (path, FileExistsError),
    ):
        with pytest.raises(refusal):
            restore(source, path)
    assert content(path) == before
    assert names(path) == ["backup.db", "hunch.db", "text"]


def test_a_raw_copy_comes_back_with_its_log(path: Path, tmp_path: Path) -> None:
    """A copy of all files of a stopped server is a backup too, and stays as it is."""
    trade(path, "ben", 5)
    (tmp_path / "raw").mkdir()
    for name in ("hunch.db", "hunch.db-wal"):
        shutil.copy(tmp_path / name, tmp_path / "raw" / name)
    raw = tmp_path / "raw" / "hunch.db"
    before = (raw.read_bytes(), (tmp_path / "raw" / "hunch.db-wal").read_bytes())
    extent, _ = restore(raw, tmp_path / "fresh.db")
    assert extent == EXTENT._replace(trades=TRADES + 1)
    assert (raw.read_bytes(), (tmp_path / "raw" / "hunch.db-wal").read_bytes()) == before


def test_a_link_stays_a_link(path: Path, copy: Path, tmp_path: Path) -> None:
    """What is restored is the file that the link leads to, whose log is beside it."""
    back_up(path, copy)
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.db"
    link.symlink_to(path)
    restore(copy, link)
    assert link.is_symlink()
    assert content(path) == content(copy)


def test_an_empty_file_is_whole(tmp_path: Path) -> None:
    """A server that was killed before it made its tables left one."""
    (tmp_path / "hunch.db").touch()
    assert check(tmp_path / "hunch.db")
    with closing(sqlite3.connect(tmp_path / "hunch.db")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    assert check(tmp_path / "hunch.db")
