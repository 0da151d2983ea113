import threading
from pathlib import Path

import httpx
import pytest

from functions.embedded.commands import serve
from functions.embedded.demo import _Demo
from tests.integration.embedded.commands.conftest import Hunch, complaints
from tests.integration.embedded.commands.instance import Running


def test_demo_fills_a_database_once(hunch: Hunch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what it made and how to see it; a second time it leaves everything alone and says so."""
    played = []

    async def play(demo: _Demo) -> None:
        played.append(demo)

    monkeypatch.setattr(_Demo, "play", play)
    ended = hunch("demo", "--database", "other.db")
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[1:] == [
        "Filled other.db: five markets with a week of trades. `hunch serve --database other.db` shows it."
    ]
    before = (tmp_path / "other.db").read_bytes()
    ended = hunch("demo", "--database", "other.db")
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr.startswith("Error: other.db is there already")
    assert (tmp_path / "other.db").read_bytes() == before
    assert len(played) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["other.db"]


ISSUER = {"HUNCH_OIDC_ISSUER": "https://issuer.example", "HUNCH_OIDC_AUDIENCE": "page"}


@pytest.mark.parametrize(
    ("commands", "settings", "expected"),
    [
        (["demo", "serve --demo"], {}, [True]),
        (["serve --demo", "serve --demo"], {}, [True, True]),
        (["demo", "serve"], {}, [False]),
        (["serve", "serve --demo"], {}, [False, False]),
        (["demo", "serve --demo"], ISSUER, [False]),
    ],
    ids=["filled before", "filled by it", "without --demo", "one's own database", "an issuer's accounts"],
)
def test_the_traders_of_the_demonstration_keep_to_it(
    hunch: Hunch,
    monkeypatch: pytest.MonkeyPatch,
    commands: list[str],
    settings: dict[str, str],
    expected: list[bool],
) -> None:
    """They trade on where `--demo` is given and the database was filled by it, and its accounts are nobody's."""

    async def play(_: _Demo) -> None:
        pass

    told = []
    monkeypatch.setattr(_Demo, "play", play)
    monkeypatch.setattr(serve, "stop_on_signals", threading.Event)
    monkeypatch.setattr(serve, "_run", lambda *_, has_demo_traders: told.append(has_demo_traders))
    for command in commands:
        options = ["--port", "0"] if command.startswith("serve") else []
        ended = hunch(*command.split(), *options, **settings)
        assert (ended.exit_code, complaints(ended)) == (0, "")
    assert told == expected


def test_demo_says_where_it_cannot_be(hunch: Hunch) -> None:
    """A folder that is not there is one line."""
    ended = hunch("demo", "--database", "nowhere/hunch.db")
    assert ended.exit_code == 1
    assert ended.stderr.startswith("Error: Cannot open the database nowhere/hunch.db: ")
    assert ended.stderr.count("\n") == 1


def _post(remote: Running, path: str, token: str, body: dict[str, str] | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"{path} {token[-9:]}".replace(" ", "-")}
    return remote.http.post(path, json=body or {}, headers=headers)


def test_a_token_is_good_for_the_server_of_its_database(hunch: Hunch, remote: Running) -> None:
    """Standard output holds the token alone, which makes its bearer that account; an admin only if that was asked."""
    plain = hunch("token", "tom", "--database", remote.database)
    admin = hunch("token", "tom", "--admin", "--database", remote.database)
    for ended, who in ((plain, "tom"), (admin, "tom, as an admin")):
        assert ended.exit_code == 0
        assert len(ended.stdout.split()) == 1
        assert ended.stderr.count("\n") == 1
        assert f"whoever shows this token is {who}, for 30 days" in ended.stderr
    opened = _post(remote, "/v1/accounts", plain.stdout.strip())
    assert (opened.status_code, opened.json()["account"]) == (201, "tom")
    grant = {"amount": "1", "reason": "It works."}
    assert _post(remote, "/v1/accounts/tom/grants", plain.stdout.strip(), grant).status_code == 403
    assert _post(remote, "/v1/accounts/tom/grants", admin.stdout.strip(), grant).status_code == 201
