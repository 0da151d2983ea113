"""Nobody else on the machine reads what commands write, or what they are told in secret."""

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from functions.adapter.out.sqlite.database import Database
from functions.embedded.command_line import main
from functions.embedded.commands import serve
from tests.integration.embedded.commands.conftest import Hunch, complaints
from tests.integration.embedded.commands.instance import MARKET, Running


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """Files are readable for everybody, where nobody says otherwise."""
    before = os.umask(0o000)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    """What others may do with a file."""
    return stat.S_IMODE(path.stat().st_mode)


def test_exports_and_backups_are_their_owners_alone(hunch: Hunch, remote: Running, tmp_path: Path) -> None:
    """Whatever the umask is, and whatever could read the file that was there before."""
    export = tmp_path / "trades.csv"
    export.touch(0o666)
    assert hunch("export", "trades", MARKET, "--output", export, "--database", remote.database).exit_code == 0
    assert hunch("backup", tmp_path / "copy.db", "--database", remote.database).exit_code == 0
    assert hunch("restore", tmp_path / "copy.db", "--database", tmp_path / "again.db").exit_code == 0
    assert {path.name: mode(path) for path in tmp_path.iterdir()} == dict.fromkeys(
        ("trades.csv", "copy.db", "again.db"), 0o600
    )


@pytest.mark.parametrize(
    ("permissions", "who"), [(0o600, None), (0o640, "its group"), (0o644, "everybody"), (0o602, "everybody")]
)
def test_a_database_that_others_can_use_is_warned_of(
    hunch: Hunch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, permissions: int, who: str | None
) -> None:
    """At the start, with what ends it; a new one is its owner's alone."""
    monkeypatch.setattr(serve, "stop_on_signals", threading.Event)
    monkeypatch.setattr(serve, "_run", lambda *_, **__: None)
    assert complaints(hunch("serve", "--port", "0")) == ""
    assert mode(tmp_path / "hunch.db") == 0o600
    (tmp_path / "hunch.db").chmod(permissions)
    ended = hunch("serve", "--port", "0")
    said = f"Warning: {who} on this machine can use hunch.db, and whoever reads it can sign in as anybody."
    assert ended.exit_code == 0
    assert complaints(ended) == (f"{said} End that with `chmod 600 hunch.db*`.\n" if who else "")


def test_a_database_has_no_readers_while_it_is_used(tmp_path: Path) -> None:
    """Nor have the files beside it."""
    with Database.open(tmp_path / "hunch.db"):
        assert {mode(path) for path in tmp_path.iterdir()} == {0o600}


def options(command: click.Command) -> Iterator[tuple[str, str]]:
    """Every option of a command and of those below it, with the command's name."""
    for option in command.params:
        yield command.name or "", option.opts[0]
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from options(below)


def test_no_option_takes_a_secret(hunch: Hunch) -> None:
    """Tokens and keys come from a file or the environment; an address does not carry one either."""
    words = ("token", "secret", "password", "credential", "key")
    named = {(command, option) for command, option in options(main) if any(word in option for word in words)}
    # A grant's key is a name that makes it safe to repeat; a table's name is no secret.
    assert {option for _, option in named} == {"--token-file", "--key"}
    assert {command for command, option in named if option == "--key"} == {"grant"}
    for command in (("verify", "rain"), ("export", "trades", "rain"), ("mcp",)):
        ended = hunch(*command, "--url", "http://ann:secret@127.0.0.1:9")
        assert ended.exit_code == 2
        assert "must not carry a password" in ended.stderr
        assert "secret@" not in ended.stderr
