"""Forgetting an account by the command line: in a file, beside a running server, and over its API."""

import secrets

import pytest

from tests.integration.embedded.commands.conftest import Hunch
from tests.integration.embedded.commands.instance import Running
from tests.integration.embedded.commands.test_grant import token_of

NAME, TEXT = f"Zoë {secrets.token_hex(8)}", f"My secret source: {secrets.token_hex(8)}"


def _write(hunch: Hunch, remote: Running, account: str) -> None:
    """Give somebody a name, a market and a comment."""
    headers = {"Authorization": f"Bearer {token_of(hunch, remote, account)}"}
    slug = f"market-of-{account}"
    for method, path, body in (
        ("PATCH", f"/v1/accounts/{account}", {"name": NAME}),
        ("POST", "/v1/markets", {"name": "Rain?", "slug": slug}),
        ("POST", f"/v1/markets/{slug}/publish", {}),
        ("POST", f"/v1/markets/{slug}/comments", {"text": TEXT}),
    ):
        assert remote.http.request(method, path, json=body, headers=headers).is_success


@pytest.mark.parametrize("where", ["database", "url"])
def test_forgetting(hunch: Hunch, remote: Running, where: str) -> None:
    """It says what was removed and what stays; again it says the same; nobody reads the name any more."""
    account = f"zoe-{where}"
    _write(hunch, remote, account)
    admin = token_of(hunch, remote, "head", "--admin")
    options = ["--database", remote.database] if where == "database" else ["--url", remote.url]
    for _ in range(2):
        forgotten = hunch("forget", account, "--yes", *options, HUNCH_TOKEN=admin)
        assert (forgotten.exit_code, forgotten.stderr) == (0, "")
        assert forgotten.stdout == (
            f"Forgot {account}. Removed: its name, every session, comments: 1, drafts: 0, bot keys: 0, webhooks: 0, "
            f"sign-in links: 0.\nWhat stays: the id {account}, its trades, shares and journal, its results, and the "
            "markets it has published.\nBack-ups and exports that were made before still have what was removed.\n"
        )
    assert remote.http.get(f"/v1/accounts/{account}").json()["name"] == account
    assert remote.http.get(f"/v1/markets/market-of-{account}/comments").json()["comments"] == []


def test_asking_first(hunch: Hunch, remote: Running) -> None:
    """Without --yes and without an answer nothing is done; an account that is not there is one line."""
    token_of(hunch, remote, "kept")
    asked = hunch("forget", "kept", "--database", remote.database)
    assert asked.exit_code == 1
    assert "Nothing brings the account back" in asked.stdout
    assert remote.http.get("/v1/accounts/kept").status_code == 200
    admin = token_of(hunch, remote, "head", "--admin")
    people = remote.http.get("/v1/people?limit=100", headers={"Authorization": f"Bearer {admin}"}).json()["people"]
    assert [person["suspended"] for person in people if person["account"] == "kept"] == [False]
    nobody = hunch("forget", "nobody", "--yes", "--database", remote.database)
    assert (nobody.exit_code, nobody.stdout) == (1, "")
    assert "has not been opened" in nobody.stderr
