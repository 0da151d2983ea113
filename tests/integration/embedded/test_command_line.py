from pathlib import Path

import pytest
from click.testing import CliRunner

from functions.config.release import VERSION
from functions.embedded.command_line import main
from tests.integration.embedded.server import run_hunch


def test_hunch_alone_shows_how_it_is_used() -> None:
    """The installed command, called with nothing, lists what it can do."""
    ended = run_hunch()
    assert ended.code in {0, 2}
    assert "serve " in ended.output + ended.errors


def test_help_and_version_need_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each says its piece, exits with 0 and leaves no file behind."""
    runner = CliRunner()
    expected = {
        ("--help",): ["serve", "--version"],
        ("-h",): ["serve", "--version"],
        ("serve", "--help"): ["--host", "--port", "--database", "--demo", "hunch.db", "8000", "HUNCH_STARTING_GRANT"],
        ("--version",): ["hunch", VERSION],
    }
    monkeypatch.chdir(tmp_path)
    for arguments, words in expected.items():
        ended = runner.invoke(main, arguments)
        assert (ended.exit_code, ended.stderr) == (0, "")
        assert all(word in ended.stdout for word in words)
    assert list(tmp_path.iterdir()) == []
