"""`hunch invite`, and to whom `hunch serve` opens its door."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.finders.admission import has_invitation
from functions.embedded.command_line import main

URL = "http://192.168.1.5:8000"
EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - it is refused


def run(*arguments: str, **settings: str) -> Result:
    """A command, in this process."""
    return CliRunner(env={name: settings.get(name, "") for name in VARIABLES}).invoke(main, arguments)


VARIABLES = (
    *("HUNCH_PUBLIC_URL", "HUNCH_OIDC_ISSUER", "HUNCH_OIDC_AUDIENCE", "HUNCH_PRIVATE", "HUNCH_RATE_LIMIT"),
    "HUNCH_DATABASE_LIMIT",
)


def assert_refused(ended: Result, word: str) -> None:
    """One clear line that names what is wrong, and a failure."""
    assert ended.exit_code != 0
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert word in line


def test_a_link_and_its_code(tmp_path: Path) -> None:
    """The link has the token in its fragment, the code is drawn, and the database knows the invitation."""
    path = tmp_path / "hunch.db"
    ended = run("invite", "--count", "30", "--expires", "8h", "--public-url", f"{URL}/", "--database", str(path))
    assert ended.exit_code == 0, ended.output
    *code, link, about = ended.stdout.splitlines()
    assert link.startswith(f"{URL}/invitation#")
    assert about.startswith("For 30 people, until ")
    assert len(code) > 20
    assert set("".join(code)) <= set("█▀▄ \x1b[]0123456789;m")
    with Database.open(path) as database:
        assert has_invitation(database)


def test_the_address_may_be_a_setting(tmp_path: Path) -> None:
    """As it is for the server."""
    ended = run("invite", "--database", str(tmp_path / "hunch.db"), HUNCH_PUBLIC_URL="https://hunch.example")
    assert "https://hunch.example/invitation#" in ended.stdout
    assert "For one person, until " in ended.stdout


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ((), "--public-url"),
        (("--public-url", "hunch.example"), "--public-url"),
        (("--public-url", "http://hunch.example/a path"), "--public-url"),
        (("--public-url", "http://hunch.example/.."), "--public-url"),
        (("--public-url", "http://hunch.example//path"), "--public-url"),
        (("--public-url", "http://hunch.example/path?query"), "--public-url"),
        (("--public-url", "http://user@hunch.example"), "--public-url"),
        (("--public-url", "javascript://hunch.example"), "--public-url"),
        (("--count", "0", "--public-url", URL), "--count"),
        (("--count", "10001", "--public-url", URL), "--count"),
        (("--expires", "0d", "--public-url", URL), "--expires"),
        (("--expires", "tomorrow", "--public-url", URL), "--expires"),
        (("--role", "root", "--public-url", URL), "--role"),
    ],
)
def test_mistakes(tmp_path: Path, options: tuple[str, ...], word: str) -> None:
    """Each is one line, and no file is made."""
    assert_refused(run("invite", *options, "--database", str(tmp_path / "hunch.db")), word)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "options",
    [
        ("--host", EVERY_ADDRESS, "--public-url", URL),
        ("--host", "192.0.2.1"),
        ("--host", "hunch.example"),
        ("--public-url", URL),
    ],
)
def test_nobody_could_sign_in(tmp_path: Path, options: tuple[str, ...]) -> None:
    """Where others can reach it there has to be an issuer or an invitation, in a database that is there or is not."""
    path = tmp_path / "hunch.db"
    assert_refused(run("serve", *options, "--port", "0", "--database", str(path)), "hunch invite")
    assert not path.exists()
    with Database.open(path) as database:
        assert not has_invitation(database)
    if "192.0.2.1" not in options and "hunch.example" not in options:  # this machine cannot listen there anyway
        assert_refused(run("serve", *options, "--port", "0", "--database", str(path)), "hunch invite")


def test_every_address_has_no_name(tmp_path: Path) -> None:
    """The server has to be told what people call it."""
    options = ("--host", EVERY_ADDRESS, "--port", "0", "--database", str(tmp_path / "hunch.db"))
    assert_refused(run("serve", *options), "--public-url")


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"HUNCH_OIDC_ISSUER": "https://issuer.example"}, "HUNCH_OIDC_AUDIENCE"),
        ({"HUNCH_OIDC_AUDIENCE": "hunch"}, "HUNCH_OIDC_ISSUER"),
        ({"HUNCH_OIDC_ISSUER": "http://issuer.example", "HUNCH_OIDC_AUDIENCE": "hunch"}, "https"),
        ({"HUNCH_OIDC_ISSUER": "issuer.example", "HUNCH_OIDC_AUDIENCE": "hunch"}, "HUNCH_OIDC_ISSUER"),
        ({"HUNCH_OIDC_ISSUER": "https://u:p@issuer.example", "HUNCH_OIDC_AUDIENCE": "hunch"}, "HUNCH_OIDC_ISSUER"),
        ({"HUNCH_OIDC_ISSUER": "https://issuer.example?a=b", "HUNCH_OIDC_AUDIENCE": "hunch"}, "HUNCH_OIDC_ISSUER"),
        ({"HUNCH_OIDC_ISSUER": "https://issuer.example:x", "HUNCH_OIDC_AUDIENCE": "hunch"}, "HUNCH_OIDC_ISSUER"),
        ({"HUNCH_PRIVATE": "yes"}, "HUNCH_PRIVATE"),
        ({"HUNCH_RATE_LIMIT": "-1"}, "HUNCH_RATE_LIMIT"),
        ({"HUNCH_DATABASE_LIMIT": "2GB"}, "HUNCH_DATABASE_LIMIT"),
        ({"HUNCH_PUBLIC_URL": "hunch.example"}, "HUNCH_PUBLIC_URL"),
    ],
)
def test_settings_that_are_none(tmp_path: Path, settings: dict[str, str], word: str) -> None:
    """Each is named in one line, and no file is made."""
    ended = run("serve", "--port", "0", "--database", str(tmp_path / "hunch.db"), **settings)
    assert_refused(ended, word)
    assert list(tmp_path.iterdir()) == []
