import re
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from functions.adapter.out.client import connection
from functions.adapter.out.sqlite import database as database_module
from functions.adapter.out.sqlite import writer
from functions.adapter.out.sqlite.copies import back_up
from functions.adapter.out.sqlite.database import Database
from functions.config.release import VERSION
from functions.embedded import demo
from functions.embedded.command_line import main
from functions.embedded.commands import export
from functions.embedded.commands.local_instance import LocalInstance
from tests.integration.embedded.commands.conftest import Hunch
from tests.integration.embedded.commands.instance import MARKET, Running
from tests.integration.embedded.server import DEADLINE_SECONDS, InstalledHunch, run_hunch

COMMANDS = ["serve", "demo", "backup", "restore", "grant", "token", "export", "verify"]


def test_hunch_alone_shows_how_it_is_used() -> None:
    """The installed command, called with nothing, lists what it can do."""
    ended = run_hunch()
    assert ended.code in {0, 2}
    assert all(f"\n  {command} " in ended.output + ended.errors for command in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--help"], [*COMMANDS, "--version"]),
        (["-h"], [*COMMANDS, "--version"]),
        (
            ["serve", "--help"],
            ["--host", "--port", "--database", "--demo", "hunch.db", "8000", "HUNCH_STARTING_GRANT"],
        ),
        (["backup", "--help"], ["FILE", "--database", "whether the server runs or not"]),
        (["restore", "--help"], ["FILE", "--database", "Stop the server first"]),
        (["demo", "--help"], ["--database", "hunch.db", "serve --demo"]),
        (
            ["grant", "--help"],
            ["ACCOUNT AMOUNT", "--reason", "--key", "--database", "--url", "--token-file", "HUNCH_TOKEN"],
        ),
        (["token", "--help"], ["ACCOUNT", "--admin", "--database", "Authorization: Bearer"]),
        (["export", "--help"], ["trades", "journal", "newest", "CSV", "spreadsheet"]),
        (["export", "trades", "--help"], ["SLUG", "--format [csv|jsonl]", "--output", "--database", "--url", "newest"]),
        (["export", "journal", "--help"], ["--format [csv|jsonl]", "--output", "--account", "--url", "newest"]),
        (["verify", "--help"], ["SLUG", "--database", "--url", "digest"]),
        (["--version"], ["hunch", VERSION]),
    ],
    ids=" ".join,
)
def test_help_and_version_need_no_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: list[str]
) -> None:
    """Each says its piece, exits with 0 and leaves no file behind."""
    monkeypatch.chdir(tmp_path)
    ended = CliRunner().invoke(main, arguments)
    assert (ended.exit_code, ended.stderr) == (0, "")
    said = " ".join(ended.stdout.split())
    assert [word for word in words if word not in said] == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ("nonsense", "No such command 'nonsense'"),
        ("--nonsense", "No such option '--nonsense'"),
        ("serve --port 70000", "'--port'"),
        ("serve --port", "'--port' requires an argument"),
        ("backup", "Missing argument 'FILE'"),
        ("restore", "Missing argument 'FILE'"),
        ("token", "Missing argument 'ACCOUNT'"),
        ("token Ann", "'Ann' is no account's name"),
        ("token house", "'house' is no account's name"),
        ("grant ann", "Missing argument 'AMOUNT'"),
        ("grant ann 5", "Missing option '--reason'"),
        ("grant ann 0 --reason why", "'0' must be a decimal string above zero"),
        ("grant ann -5 --reason why", "No such option '-5'"),
        ("grant ann 1e3 --reason why", "'1e3' must be"),
        ("grant ann 0.0000001 --reason why", "'0.0000001' must be"),
        ("grant ann 5 --reason=", "1 to 200 characters"),
        (f"grant ann 5 --reason {'x' * 201}", "1 to 200 characters"),
        ("grant ann 5 --reason \udcff", "1 to 200 characters"),
        ("grant ann 5 --reason why --key=", "1 to 255 visible"),
        ("grant ann 5 --reason why --key ä", "1 to 255 visible"),
        ("grant ann 5 --reason why --url http://127.0.0.1:9", "set HUNCH_TOKEN"),
        ("grant ann 5 --reason why --token-file x", "--token-file is for an instance elsewhere"),
        ("grant ann 5 --reason why --url http://127.0.0.1:9 --token-file x", "Cannot read x"),
        ("export", "Usage"),
        ("export nonsense", "No such command 'nonsense'"),
        ("export trades", "Missing argument 'SLUG'"),
        ("export trades a/b", "'a/b' is no slug"),
        ("export trades rain --format xml", "'xml' is not one of 'csv', 'jsonl'"),
        ("export trades rain --output .", "is a directory"),
        ("export journal", "Give --account"),
        ("export journal --account ann --url http://127.0.0.1:9", "the credential says whose"),
        ("export journal --url http://127.0.0.1:9", "set HUNCH_TOKEN"),
        ("verify ..", "'..' is no slug"),
        ("verify rain extra", "unexpected extra argument"),
        ("verify rain --url ftp://example.org", "must be the address of an instance"),
        ("verify rain --url http://", "must be the address of an instance"),
        ("verify rain --url http://[", "must be the address of an instance"),
        ("verify rain --url http://ann:secret@127.0.0.1", "must not carry a password"),
        ("verify rain --url http://127.0.0.1:9 --database other.db", "not both"),
    ],
)
def test_a_mistake_is_one_line(hunch: Hunch, tmp_path: Path, arguments: str, reason: str) -> None:
    """Whatever is wrong with what was typed: exit code 2, one line that says what, and no file is made."""
    ended = hunch(*arguments.split(" "))
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert reason in ended.stderr
    if arguments != "export":  # alone it shows how it is used
        assert ended.stderr.startswith("Error: ")
        assert ended.stderr.count("\n") == 1
        assert re.search(r"[^.]\. See [a-z ]+ --help\.\n$", ended.stderr)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    ["token ann", "grant ann 5 --reason why", "export trades rain", "export journal --account ann", "verify rain"],
)
def test_what_needs_a_database_makes_none(hunch: Hunch, tmp_path: Path, arguments: str) -> None:
    """A file that is not there is named in one line, and one that is none is left as it is."""
    ended = hunch(*arguments.split())
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr == "Error: There is no database hunch.db. Name another with --database.\n"
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "hunch.db").write_bytes(b"This is a diary, and no database at all." * 99)
    ended = hunch(*arguments.split())
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr == "Error: Cannot open the database hunch.db: file is not a database\n"


def test_ctrl_c_ends_a_command_with_one_line(hunch: Hunch, remote: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it is doing: no traceback, no file, and an exit code that says that it was not done."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(LocalInstance, "list_trades", interrupt)
    for arguments in (["verify", MARKET], ["export", "trades", MARKET, "--output", "trades.csv"]):
        ended = hunch(*arguments, "--database", remote.database)
        assert (ended.exit_code, ended.stdout, ended.stderr.strip()) == (1, "", "Aborted!")
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        "--help",
        "--version",
        "export --help",
        "token ann",
        "verify rain",
        "grant ann 5 --reason why --key full",
        "export trades rain",
        "export trades rain --format jsonl",
        "export journal --account ann",
        "invite --public-url http://127.0.0.1:8000",
        "backup copy.db",
    ],
)
def test_output_that_does_not_fit_is_one_line(
    remote: Running,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: str,
) -> None:
    """A full disk behind standard output is named, by every command; it is not tried again when the command ends."""
    monkeypatch.chdir(tmp_path)
    words = arguments.split()
    needs_database = words[0] not in {"--help", "--version"} and "--help" not in words
    options = ["--database", str(remote.database)] if needs_database else []
    with monkeypatch.context() as patch, Path("/dev/full").open("w", encoding="utf-8") as full:
        patch.setattr("sys.stdout", full)
        with pytest.raises(SystemExit) as end:
            main([*words, *options], prog_name="hunch")
    assert end.value.code == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == "Error: Cannot read or write: No space left on device."
    assert list(tmp_path.iterdir()) == ([tmp_path / "copy.db"] if words[0] == "backup" else [])


def test_a_full_disk_behind_a_pipe_of_the_shell_is_one_line(remote: Running) -> None:
    """The same of the installed command, to the end of its process."""
    arguments = ["export", "trades", MARKET, "--database", str(remote.database)]
    with (
        Path("/dev/full").open("wb") as output,
        tempfile.TemporaryFile() as errors,
        InstalledHunch(arguments, output, errors) as process,
    ):
        assert process.wait(DEADLINE_SECONDS) == 1
        errors.seek(0)
        assert errors.read() == b"Error: Cannot read or write: No space left on device.\n"


def test_no_standard_output_is_one_line(hunch: Hunch, remote: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """`hunch export … >&-` says where else to write."""
    monkeypatch.setattr(export, "sys", SimpleNamespace(stdout=None))
    ended = hunch("export", "trades", MARKET, "--database", remote.database)
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr == "Error: There is no standard output to write to. Name a file with --output.\n"


@pytest.mark.parametrize(
    ("failure", "line"),
    [
        (sqlite3.SQLITE_BUSY, "another process keeps the database locked. End that process"),
        (sqlite3.SQLITE_FULL, "the disk that holds the database is full. Free space there."),
        (sqlite3.SQLITE_IOERR_SHMSIZE, "the disk that holds the database is full. Free space there."),
        (sqlite3.SQLITE_IOERR_READ, "the disk that holds the database reports errors. Look at the disk"),
        (sqlite3.SQLITE_CANTOPEN, "the database cannot be opened for writing. Let the server's user write the file"),
    ],
)
def test_a_database_that_cannot_be_opened_says_what_ends_it(
    hunch: Hunch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: int, line: str
) -> None:
    """Locked by another process, a full disk, no permission."""

    def fail(*_: object) -> None:
        error = sqlite3.OperationalError("as SQLite says it")
        error.sqlite_errorcode = failure
        raise error

    (tmp_path / "hunch.db").touch(0o600)
    monkeypatch.setattr(Database, "open", fail)
    for arguments in ("serve --port 0", "token ann", "verify rain"):
        ended = hunch(*arguments.split())
        assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
        assert ended.stderr.startswith(f"Error: Cannot open the database hunch.db: {line}")


def test_the_demonstration_on_a_full_disk_is_one_line(
    hunch: Hunch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever it becomes full, the line says so, and nothing half-filled is left."""
    opened = Database.open

    def open_small(path: Path) -> Database:
        database = opened(path)
        database.write_now(lambda connection: connection.execute("PRAGMA max_page_count = 1").fetchone())
        return database

    monkeypatch.setattr(demo, "Database", SimpleNamespace(open=open_small))
    ended = hunch("demo")
    assert (ended.exit_code, ended.stderr.count("\n")) == (1, 1)
    assert ended.stderr.startswith(
        "Error: Cannot write the database hunch.db: the disk that holds the database is full."
    )
    assert list(tmp_path.iterdir()) == []


ROT_IN_A_RECORD = """DROP TRIGGER journal_is_never_changed;
    UPDATE journal SET document = 'rot' WHERE trade_version = 1;"""
ROT_IN_THE_SCHEMA = """PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET name = CAST(x'ff' AS TEXT), sql = 'rot' WHERE name = 'tallies';"""


@pytest.mark.parametrize(
    ("rot", "commands"),
    [
        (ROT_IN_A_RECORD, [f"verify {MARKET}", f"export trades {MARKET}", "reconcile"]),
        (ROT_IN_THE_SCHEMA, [f"verify {MARKET}", "token ann", "serve --port 0", "backup other.db", "reconcile"]),
    ],
    ids=["record", "schema"],
)
def test_a_damaged_database_is_one_line(hunch: Hunch, remote: Running, rot: str, commands: list[str]) -> None:
    """Bytes that no release has written, wherever a command meets them: that it is damaged, and what to do."""
    back_up(remote.database, Path("rotten.db"))
    with closing(sqlite3.connect("rotten.db")) as connection:
        connection.executescript(rot)
    for command in commands:
        ended = hunch(*command.split(), "--database", "rotten.db")
        assert (ended.exit_code, ended.stderr.count("\n")) == (1, 1)
        assert " is damaged" in ended.stderr
    restored = hunch("restore", "rotten.db", "--database", "new.db")
    assert (restored.exit_code, " is damaged: " in restored.stderr) == (1, True)
    assert not Path("new.db").exists()


def test_a_writer_that_is_locked_out_is_one_line(
    hunch: Hunch, remote: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that keeps the file is named, whatever the command was about to write."""
    monkeypatch.setattr(writer, "BUSY_SECONDS", 0.01)
    with closing(sqlite3.connect(remote.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(database_module, "_migrate", lambda _: None)
        for arguments in ("grant ann 5 --reason why", "invite --public-url http://127.0.0.1:8000"):
            ended = hunch(*arguments.split(), "--database", remote.database)
            assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
            assert "another process keeps the database locked" in ended.stderr


def test_a_wrong_token_and_a_refused_connection_are_one_line(
    hunch: Hunch, remote: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the instance says, or that there is none."""
    monkeypatch.setattr(connection, "_RETRY", connection._RETRY.new(connect=0, backoff_factor=0))
    for url, reason in ((remote.url, "refuses: "), ("http://127.0.0.1:9", "does not answer: ")):
        ended = hunch("grant", "ann", 5, "--reason", "why", "--url", url, HUNCH_TOKEN="nonsense")
        assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
        assert f"{url} {reason}" in ended.stderr
