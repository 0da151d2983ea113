import json
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response

from functions.adapter.out.client.connection import Connection
from tests.integration.embedded.commands.conftest import Hunch
from tests.integration.embedded.commands.instance import Running


def token_of(hunch: Hunch, remote: Running, account: str, *options: str) -> str:
    """A token for an account of the instance, which is opened with it."""
    token = hunch("token", account, *options, "--database", remote.database).stdout.strip()
    answer = remote.http.post("/v1/accounts", json={}, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code in {200, 201}
    return token


def journal(remote: Running, token: str) -> list[dict[str, Any]]:
    """An account's movements, as the API shows them."""
    answer = remote.http.get("/v1/portfolio/journal", headers={"Authorization": f"Bearer {token}"})
    entries: list[dict[str, Any]] = answer.json()["journal"]
    return entries


@pytest.mark.parametrize("where", ["database", "url"])
def test_a_grant_is_made_once_for_each_key(hunch: Hunch, remote: Running, where: str) -> None:
    """The balance and the journal show it; the same key does nothing more, and with another amount is refused."""
    account = f"gina-{where}"
    owner, admin = token_of(hunch, remote, account), token_of(hunch, remote, "head", "--admin")
    options = ["--database", remote.database] if where == "database" else ["--url", remote.url]
    arguments = ["grant", account, "2.5", "--reason", "Won the quiz, =1+1", *options]
    first = hunch(*arguments, "--key", "quiz", HUNCH_TOKEN=admin)
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout == f"Granted 2.500000 credits to {account}, whose balance was 1002.500000 then.\n"
    again = hunch(*arguments, "--key", "quiz", HUNCH_TOKEN=admin)
    assert (again.exit_code, again.stdout) == (0, first.stdout.replace("Granted", "Granted before, under this key:"))
    other = hunch("grant", account, "3", "--reason", "Another", *options, "--key", "quiz", HUNCH_TOKEN=admin)
    assert (other.exit_code, other.stdout) == (1, "")
    assert "This Idempotency-Key was used for another request." in other.stderr
    without_key = hunch(*arguments, HUNCH_TOKEN=admin)
    assert "whose balance was 1005.000000 then" in without_key.stdout
    entries = journal(remote, owner)
    assert [(entry["kind"], entry["amount"]) for entry in entries[:-1]] == [("grant", "2.500000")] * 2
    assert entries[0]["reason"] == "Won the quiz, =1+1"


@pytest.mark.parametrize("where", ["database", "url"])
@pytest.mark.parametrize(
    ("account", "amount", "reason"),
    [("nobody", "5", "has not been opened"), ("rich", "999999999", "A balance may not exceed")],
)
def test_a_refusal_is_one_line(
    *, hunch: Hunch, remote: Running, where: str, account: str, amount: str, reason: str
) -> None:
    """What the use case refuses is said in its own words, and nobody is told to repeat it."""
    admin = token_of(hunch, remote, "rich", "--admin")
    options = ["--database", remote.database] if where == "database" else ["--url", remote.url]
    ended = hunch("grant", account, amount, "--reason", "Why not?", *options, HUNCH_TOKEN=admin)
    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert reason in ended.stderr
    assert "--key" not in ended.stderr


def test_the_credential_comes_from_the_environment_or_a_file(hunch: Hunch, remote: Running, tmp_path: Path) -> None:
    """A token is shown as a bearer's, a bot key as a key; the file comes before the environment."""
    (tmp_path / "credential").write_text("hk_of-the-file\n")
    arguments = ["grant", "ann", "1", "--reason", "Why not?", "--url", remote.url]
    shown = [
        (hunch(*arguments, HUNCH_TOKEN="a.b.c"), "Bearer a.b.c"),
        (hunch(*arguments, HUNCH_TOKEN="hk_of-the-environment"), "Key hk_of-the-environment"),
        (hunch(*arguments, "--token-file", "credential", HUNCH_TOKEN="a.b.c"), "Key hk_of-the-file"),
    ]
    for (ended, authorization), asked in zip(shown, remote.meddler.asked, strict=True):
        assert asked.headers["authorization"] == authorization
        assert (ended.exit_code, ended.stdout) == (1, "")
        assert authorization.split()[1] not in ended.stderr


@pytest.mark.parametrize("credential", ["", "two words", "new\nline", "ä", "x" * 9000])
def test_what_is_no_credential_is_not_sent(hunch: Hunch, remote: Running, tmp_path: Path, credential: str) -> None:
    """A credential that no header could carry is a mistake, said without showing it."""
    (tmp_path / "credential").write_text(credential)
    arguments = ["grant", "ann", "1", "--reason", "Why not?", "--url", remote.url]
    for ended in (hunch(*arguments, "--token-file", "credential"), hunch(*arguments, HUNCH_TOKEN=credential)):
        assert ended.exit_code == 2
        assert "holds no credential" in ended.stderr
        assert not credential or credential not in ended.stderr
    assert remote.meddler.asked == []


def test_what_anybody_may_read_is_asked_as_anybody(hunch: Hunch, remote: Running, tmp_path: Path) -> None:
    """The environment's credential belongs to one instance, so another is not shown it; a file that is named is."""
    (tmp_path / "credential").write_text(token_of(hunch, remote, "ann"))
    remote.meddler.asked.clear()
    hunch("verify", "rain", "--url", remote.url, HUNCH_TOKEN="a.b.c")
    assert {asked.headers.get("authorization") for asked in remote.meddler.asked} == {None}
    remote.meddler.asked.clear()
    assert hunch("verify", "rain", "--url", remote.url, "--token-file", "credential").exit_code == 0
    assert all(asked.headers["authorization"].startswith("Bearer ") for asked in remote.meddler.asked)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_instance_is_asked_again(hunch: Hunch, remote: Running, status: int) -> None:
    """It says come back, the client does, with the same key and so without harm."""
    account = f"busy-{status}"
    token = token_of(hunch, remote, account, "--admin")
    remote.meddler.asked.clear()
    remote.meddler.answers = [Response(status_code=status, headers={"Retry-After": "0"})]
    ended = hunch("grant", account, "1", "--reason", "Why not?", "--url", remote.url, HUNCH_TOKEN=token)
    assert (ended.exit_code, ended.stderr) == (0, "")
    keys = [asked.headers["idempotency-key"] for asked in remote.meddler.asked]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert len(journal(remote, token)) == 2


def test_asking_again_has_an_end(hunch: Hunch, remote: Running) -> None:
    """Who is always told to come back gives up, and is told how to repeat it without harm."""
    remote.meddler.answers = [Response(status_code=503) for _ in range(100)]
    ended = hunch("grant", "ann", "1", "--reason", "Why?", "--url", remote.url, "--key", "mine", HUNCH_TOKEN="a.b.c")
    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert "answers with status 503" in ended.stderr
    assert "repeating it with --key mine is safe" in ended.stderr
    assert len(remote.meddler.asked) == 6


@pytest.mark.parametrize(
    "answer",
    [
        Response("<html>It works!</html>"),
        Response("<html>Not here</html>", 404),
        Response(status_code=301, headers={"Location": "/elsewhere"}),
        Response(json.dumps([1])),
        Response("[" * 50_000),
        Response(b"\xff"),
        Response("x" * (9 * 1024 * 1024)),
    ],
    ids=["page", "page of an error", "elsewhere", "list", "deep", "no text", "endless"],
)
def test_what_is_no_instance_is_one_line(hunch: Hunch, remote: Running, answer: Response) -> None:
    """Whatever another server answers: one line that doubts the address, and no traceback."""
    remote.meddler.answers = [answer]
    ended = hunch("grant", "ann", "1", "--reason", "Why not?", "--url", remote.url, HUNCH_TOKEN="a.b.c")
    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert ended.stderr.startswith(f"Error: {remote.url}")


def test_what_an_instance_says_cannot_command_the_terminal(hunch: Hunch, remote: Running) -> None:
    """Control characters of a refusal are not passed on, and its length has a bound."""
    detail = json.dumps({"title": "No", "detail": "\x1b[2Jno\nand no" + "o" * 5000})
    remote.meddler.answers = [Response(detail, 403)]
    ended = hunch("grant", "ann", "1", "--reason", "Why not?", "--url", remote.url, HUNCH_TOKEN="a.b.c")
    assert "refuses: ?[2Jno and nooo" in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert len(ended.stderr) < 500


def test_nobody_there_is_one_line(hunch: Hunch, remote: Running) -> None:
    """An address at which nobody listens is named, with the system's own word."""
    ended = hunch("verify", "rain", "--url", "http://127.0.0.1:9")
    assert ended.exit_code == 1
    assert ended.stderr == "Error: http://127.0.0.1:9 does not answer: [Errno 111] Connection refused.\n"


@pytest.mark.parametrize(
    ("url", "is_readable"),
    [
        ("http://hunch.example.org", True),
        ("http://192.0.2.1:8000/", True),
        ("https://hunch.example.org/prod", False),
        ("http://127.0.0.1:8000", False),
        ("http://[::1]:8000", False),
        ("http://LOCALHOST", False),
    ],
)
def test_an_unencrypted_way_is_known(url: str, is_readable: bool) -> None:
    """Whoever shows a credential over plain HTTP to another machine is warned."""
    connection = Connection(url, "a.b.c")
    assert connection.is_readable_by_others is is_readable
    connection.close()
