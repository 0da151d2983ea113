import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from functions.adapter.out.sqlite import copies
from functions.adapter.out.sqlite.copies import back_up
from functions.adapter.out.sqlite.database import Database
from functions.embedded.commands import serve, watch
from tests.integration.embedded.commands.conftest import Hunch, complaints
from tests.integration.embedded.ledger import assert_whole
from tests.integration.embedded.server import serve as start
from tests.integration.sqlite.lived_in import content, live, spoil, trade


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole database, for all tests to copy."""
    path = tmp_path_factory.mktemp("backup") / "hunch.db"
    live(path)
    return path


@pytest.fixture
def database(lived_in: Path, tmp_path: Path) -> Path:
    """The database in the folder where commands are called."""
    return Path(shutil.copy(lived_in, tmp_path / "hunch.db"))


DESCRIBED = "4 accounts, 4 markets, 8 trades, and the books balance."


def test_a_backup_and_back(hunch: Hunch, database: Path) -> None:
    """Both say what they did; the former database is named, and one more backup of the same name is refused."""
    ended = hunch("backup", "copy.db")
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert ended.stdout == f"Backed up hunch.db to copy.db: {DESCRIBED}\n"
    again = hunch("backup", "copy.db")
    assert (again.exit_code, again.stdout, again.stderr.count("\n")) == (1, "", 1)
    assert "Cannot back up hunch.db to copy.db: choose a file that is not there" in again.stderr
    before = content(database)
    trade(database, "ben", 5)
    ended = hunch("restore", "copy.db")
    assert (ended.exit_code, ended.stderr) == (0, "")
    restored, former = ended.stdout.splitlines()
    assert restored == f"Restored hunch.db from copy.db: {DESCRIBED}"
    assert Path(former.removeprefix("The former database is ").split()[0]).exists()
    assert content(database) == before


def test_while_a_server_runs(hunch: Hunch, database: Path, tmp_path: Path) -> None:
    """A backup is made of it and nothing restored over it; stopped, or killed, it is."""
    with start(tmp_path) as server:
        server.await_ready()
        assert hunch("backup", "copy.db").exit_code == 0
        ended = hunch("restore", "copy.db")
        assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
        assert "another process has the database open. Stop the server" in ended.stderr
        server.kill()
    assert hunch("restore", "copy.db").exit_code == 0
    assert_whole(database)


def test_what_cannot_be_is_one_line(hunch: Hunch, database: Path) -> None:
    """Each names what is wrong."""
    Path("text").write_text("Dear diary, this is no database. " * 40)
    spoil(Path(shutil.copy(database, "wrong.db")), "UPDATE accounts SET balance = balance + 1 WHERE id = 'ben'")
    for arguments, reason in (
        (["backup", "copy.db", "--database", "none.db"], "There is no database none.db."),
        (["backup", "nowhere/copy.db"], "Cannot back up hunch.db to nowhere/copy.db: No such file or directory"),
        (["backup", "copy.db", "--database", "wrong.db"], "wrong.db is damaged: the ledger does not add up to what is"),
        (["backup", "copy.db", "--database", "text"], "file is not a database"),
        (["restore", "none.db"], "There is no backup none.db."),
        (["restore", "wrong.db"], "Cannot restore hunch.db from wrong.db: wrong.db is damaged: the ledger does not"),
        (["restore", "text"], "Cannot restore hunch.db from text: file is not a database"),
        (["restore", "hunch.db"], "and not the database itself"),
    ):
        ended = hunch(*arguments)
        assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
        assert reason in ended.stderr
    assert sorted(path.name for path in Path().iterdir()) == ["hunch.db", "text", "wrong.db"]


def test_a_server_does_not_start_over_a_damaged_database(hunch: Hunch, database: Path) -> None:
    """A backup copied over a database that has its old log is refused, with what to do; nothing is changed by that."""
    back_up(database, Path("copy.db"))
    for number in range(30):
        trade(database, "ben", 5 + number)
    shutil.copy("copy.db", database)
    before = (database.read_bytes(), Path("hunch.db-wal").read_bytes())
    ended = hunch("serve", "--port", "0")
    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert ended.stderr.startswith("Error: hunch.db is damaged: ")
    assert "`hunch restore FILE --database hunch.db`" in ended.stderr
    assert "hunch.db-wal" in ended.stderr
    assert (database.read_bytes(), Path("hunch.db-wal").read_bytes()) == before


def test_a_check_that_takes_long_says_so_and_ends(
    hunch: Hunch, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over two seconds there is a word; over the limit the server starts, and says what was not looked at."""
    monkeypatch.setattr(serve, "stop_on_signals", threading.Event)
    monkeypatch.setattr(serve, "_run", lambda *_, **__: None)
    ended = hunch("serve", "--port", "0")
    assert (ended.exit_code, complaints(ended)) == (0, "")
    monkeypatch.setattr("functions.adapter.out.sqlite.wholeness._STEP", 1)
    monkeypatch.setattr(watch, "QUIET_SECONDS", 0.0)
    monkeypatch.setattr(serve, "CHECK_SECONDS", 0.0)
    ended = hunch("serve", "--port", "0")
    assert (ended.exit_code, complaints(ended).splitlines()) == (
        0,
        [
            "Checking hunch.db: 0 s so far ...",
            "Not all of hunch.db was checked: every balance is compared while it serves, each hour.",
        ],
    )


def test_a_full_disk_is_one_line(hunch: Hunch, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever says so, the database or the system: the line names it, and nothing is left."""
    before = content(database)
    back_up(database, Path("copy.db"))

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(copies, "_sync", full)
    for command, file in (("backup", "other.db"), ("restore", "copy.db")):
        ended = hunch(command, file)
        assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
        assert ended.stderr.endswith(": database or disk is full\n")
    assert content(database) == before
    assert sorted(path.name for path in Path().iterdir()) == ["copy.db", "hunch.db"]


def test_a_server_keeps_to_the_size_that_is_set(hunch: Hunch, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In megabytes; without the setting the file may grow as it likes."""
    told = []

    def run(opened: Database, *_: object, **__: object) -> None:
        told.append(opened.write_now(lambda connection: connection.execute("PRAGMA max_page_count").fetchone()[0]))

    monkeypatch.setattr(serve, "stop_on_signals", threading.Event)
    monkeypatch.setattr(serve, "_run", run)
    for settings in ({}, {"HUNCH_DATABASE_LIMIT": "3"}):
        assert hunch("serve", "--port", "0", "--database", database, **settings).exit_code == 0
    assert told == [told[0], 3_000_000 // 4096]
    assert told[0] > 10**6
