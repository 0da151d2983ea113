"""A file that the last release wrote is opened by this one, and keeps every promise that was made to people.

``data/first-release.sql`` is the dump of a database that `hunch serve` of the first release (e613b34) wrote while
``data/first-release.json`` was said over HTTP: accounts, four markets (one traded, one resolved, one voided, one a
draft), orders filled, filled in part and refused, a grant, a bot key; and what each request was answered.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.embedded.ledger import assert_chained, assert_whole
from tests.integration.embedded.server import DEADLINE_SECONDS, run_hunch, serve, wait_until
from tests.integration.http.exchanges import includes

DATA = Path(__file__).parent / "data"
EXCHANGES: list[dict[str, Any]] = json.loads((DATA / "first-release.json").read_text())["exchanges"]
POSTS = [each for each in EXCHANGES if each["method"] == "POST" and each["status"] < 300]
READS = [each for each in EXCHANGES if each["method"] == "GET"]
RESOLVED = "snow"
type Headers = dict[str | None, dict[str, str]]
"""Headers by who sends them."""


def copy_into(folder: Path) -> Path:
    """A copy of the file in a folder."""
    database = folder / "hunch.db"
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.executescript((DATA / "first-release.sql").read_text())
    return database


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with a copy of the file."""
    folder = tmp_path_factory.mktemp("upgrade")
    copy_into(folder)
    return folder


@pytest.fixture(scope="module")
def http(folder: Path) -> Iterator[httpx.Client]:
    """A client of this release's server over the file."""
    with serve(folder) as server, httpx.Client(base_url=server.await_ready(), timeout=DEADLINE_SECONDS) as client:
        yield client


@pytest.fixture(scope="module")
def tokens(http: httpx.Client) -> Headers:
    """The credentials of everybody who took part."""
    headers: Headers = {None: {}}
    for who in {each["who"] for each in EXCHANGES} - {None}:
        roles = ["admin"] if who == "admin" else []
        token = http.post("/v1/dev/sign-in", json={"account": who, "roles": roles}).json()["token"]
        headers[who] = {"Authorization": f"Bearer {token}"}
    return headers


def ask(http: httpx.Client, tokens: Headers, exchange: dict[str, Any]) -> httpx.Response:
    """Send a request of then once more."""
    key = {"Idempotency-Key": exchange["key"]} if exchange["key"] else {}
    return http.request(
        exchange["method"], exchange["path"], json=exchange["body"], headers={**tokens[exchange["who"]], **key}
    )


@pytest.mark.parametrize("exchange", READS, ids=lambda each: f"{each['who']} {each['path']}")
def test_what_was_shown_is_shown(http: httpx.Client, tokens: Headers, exchange: dict[str, Any]) -> None:
    """Portfolios, journals, orders, markets, trades, holders, prices and the audit read as they did."""
    answer = ask(http, tokens, exchange)
    assert answer.status_code == exchange["status"]
    assert includes(answer.json(), exchange["answer"]), answer.text


@pytest.mark.parametrize("exchange", POSTS, ids=lambda each: f"{each['who']} {each['path']} {each['key']}")
def test_what_was_done_is_not_done_again(http: httpx.Client, tokens: Headers, exchange: dict[str, Any]) -> None:
    """Every request that was answered is answered the same under its old key, and moves nothing."""
    answer = ask(http, tokens, exchange)
    known = exchange["answer"]
    if exchange["path"] == "/v1/api-keys":  # the key itself is told once
        assert answer.status_code in {200, 201, 422}
        return
    assert answer.status_code in {200, exchange["status"]}
    assert answer.headers["Idempotency-Replayed"] == "true"
    assert includes(answer.json(), known), (answer.text, known)


def test_a_bot_key_of_then_is_good(http: httpx.Client) -> None:
    """Programs go on with the keys that they have."""
    (key,) = (each["answer"]["key"] for each in EXCHANGES if each["path"] == "/v1/api-keys")
    answer = http.get("/v1/me", headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.json()["account"]) == (200, "bob")


def test_the_books_balance(http: httpx.Client, folder: Path) -> None:
    """The audit says so, SQL alone says so, and every chain of digests is whole."""
    assert http.get("/v1/audit").json()["difference"] == "0.000000"
    assert_whole(folder / "hunch.db")
    for slug in ("rain", "snow", "hail"):
        assert_chained(http.get(f"/v1/markets/{slug}/trades?limit=100").json()["trades"])
        assert run_hunch("verify", slug, "--database", str(folder / "hunch.db")).code == 0


def test_everybody_has_a_track_record(http: httpx.Client) -> None:
    """The market that was resolved by then is replayed from its trades: everybody who traded on it has a result."""
    traders = {each["account"] for each in http.get(f"/v1/markets/{RESOLVED}/trades?limit=100").json()["trades"]}

    def has_records() -> bool:
        records = [http.get(f"/v1/accounts/{who}/record").json() for who in traders]
        return all(each["markets"] == 1 for each in records)

    wait_until(has_records)
    leaders = http.get("/v1/leaderboard").json()["leaderboard"]
    assert {each["account"] for each in leaders} == traders


def test_life_goes_on(http: httpx.Client, tokens: Headers) -> None:
    """People trade on the market of then, it is resolved, and pays everybody."""
    order = {"outcome": "YES", "side": "buy", "quantity": "1"}
    headers = {**tokens["dan"], "Idempotency-Key": "upgraded"}
    assert http.post("/v1/markets/rain/orders", json=order, headers=headers).status_code == 201
    headers = {**tokens["ann"], "Idempotency-Key": "upgraded"}
    assert http.post("/v1/markets/rain/resolve", json={"outcome": "YES"}, headers=headers).status_code == 202
    wait_until(lambda: http.get("/v1/markets/rain").json()["status"] == "RESOLVED")
    assert http.get("/v1/audit").json()["difference"] == "0.000000"


def test_it_follows_from_its_ledger(tmp_path: Path) -> None:
    """Once it is open in this release, nothing in it contradicts its ledger; only results are missing, and made."""
    with closing(sqlite3.connect(tmp_path / "hunch.db", isolation_level=None)) as connection:
        connection.executescript((DATA / "first-release.sql").read_text())
    ended = run_hunch("reconcile", "--database", str(tmp_path / "hunch.db"))
    lines = ended.output.splitlines()[:-1]
    assert lines, ended
    assert all(line.startswith(f"market {RESOLVED}: the result of ") and line.endswith(" is missing") for line in lines)


def test_what_is_verified_before_it_is_served(tmp_path: Path) -> None:
    """Nobody has a result on a market of then until its trades are replayed, which is no mistake of the market's."""
    ended = run_hunch("verify", RESOLVED, "--database", str(copy_into(tmp_path)))
    assert ended.code == 0, ended
    assert "without a result yet" in ended.output
