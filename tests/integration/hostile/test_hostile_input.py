"""Bad input over real HTTP: answers below 500 in the contract's form, a server that goes on, logs that tell nothing."""

import random
import re
import socket
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from tests.integration.embedded.ledger import assert_whole
from tests.integration.embedded.server import Server, serve
from tests.integration.hostile.inputs import BODIES, JSON_PARSING, NAUGHTY, NOT_JSON, ODD_JSON, RAW, truncated
from tests.integration.http.contract import PROBLEM_MEMBERS

SECRET = "a-secret-that-only-ann-may-see"
BODY_ROUTES = (
    "/v1/markets",
    "/v1/markets/rain/orders",
    "/v1/markets/rain/quotes",
    "/v1/markets/rain/resolve",
    "/v1/accounts/ann/grants",
    "/v1/dev/sign-in",
)
FIELDS: Mapping[str, Mapping[str, Any]] = {
    "/v1/markets": {
        "slug": "x",
        "name": "x",
        "outcomes": ["YES", "NO"],
        "liquidity": "1",
        "tags": ["x"],
        "closes_at": None,
    },
    "/v1/markets/rain/orders": {"outcome": "YES", "side": "buy", "quantity": "1", "limit_price": "0.9"},
    "/v1/markets/rain/resolve": {"outcome": "YES"},
    "/v1/accounts/mallory/grants": {"amount": "1", "reason": "x"},
    "/v1/markets/rain/void": {"reason": "x"},
    "/v1/api-keys": {"name": "x", "scopes": ["read"], "expires_at": None},
    "/v1/invitations/accept": {"invitation": "x", "name": "x"},
    "/v1/dev/sign-in": {"account": "mallory", "roles": ["admin"]},
}
STRINGS = 30
"""How many of the strings each field sees, in turn: all of them are tried."""
STRIDE = 29
"""Of the strings, each one of so many goes into a header."""
REFUSED_BY_THE_CONTRACT = {"y_object_duplicated_key", "y_object_duplicated_key_and_value"}
"""JSON by its grammar, and two different things to two readers."""
KNOWN_LINES = re.compile(r"(?:WARNING: +)?Invalid HTTP request received\.|(?:WARNING: +)?Unsupported upgrade request\.")


class Target(NamedTuple):
    """A server with a little in it, and somebody who means it no good."""

    server: Server
    http: httpx.Client
    headers: dict[str, str]
    tokens: tuple[str, ...]


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """Started once; at the end its books are whole, and its logs have told nothing of what it knows."""
    folder = tmp_path_factory.mktemp("hostile")
    with serve(folder) as server, httpx.Client(base_url=server.await_ready(), timeout=30) as http:
        ann, mallory = (_sign_in(http, account) for account in ("ann", "mallory"))
        draft = {"slug": SECRET, "name": SECRET, "description": SECRET}
        assert http.post("/v1/markets", json=draft, headers=ann).status_code == 201
        assert http.post("/v1/markets", json={"slug": "rain", "name": "Rain?"}, headers=ann).status_code == 201
        assert http.post("/v1/markets/rain/publish", headers=ann).status_code == 200
        key = http.post("/v1/api-keys", json={"name": "bot", "scopes": ["trade"]}, headers=ann).json()["key"]
        tokens = (ann["Authorization"], mallory["Authorization"], f"Key {key}")
        assert http.get("/v1/portfolio", headers={"Authorization": f"Key {key}"}).status_code == 403
        yield Target(server, http, mallory, tokens)
        assert http.get("/v1/health").status_code == 200
        assert server.stop() == 0
        _assert_discreet(folder, server, tokens)
        assert_whole(folder / "hunch.db")


def test_what_is_no_json(target: Target) -> None:
    """A text that is not JSON is a 400 that says so, and so is JSON that no operation takes, on some route."""
    for code, contents in (("malformed-json", NOT_JSON), ("validation-failed", ODD_JSON)):
        for route, content in zip(cycle(BODY_ROUTES), contents, strict=False):
            answer = _send(target, "POST", route, content=content)
            assert (answer.status_code, answer.json()["code"]) == (400, code), content[:80]


def test_what_every_parser_is_tried_with(target: Target) -> None:
    """JSONTestSuite: what is no JSON is refused as such, what is JSON is read, and never is there a third answer."""
    for route, (name, text) in zip(cycle(BODY_ROUTES), JSON_PARSING.items(), strict=False):
        answer = _send(target, "POST", route, content=text.encode())
        assert answer.status_code == 400, name
        is_read = answer.json()["code"] == "validation-failed"
        assert is_read or answer.json()["code"] == "malformed-json", name
        if not name.startswith("i_"):
            assert is_read == (name.startswith("y_") and name not in REFUSED_BY_THE_CONTRACT), name


def test_naughty_strings_in_every_field(target: Target) -> None:
    """A strange string in a field is taken as the text it is, or refused; never is it an error of the server's."""
    texts = cycle(NAUGHTY)
    for route, fields in FIELDS.items():
        for name, usual in fields.items():
            for text in islice(texts, STRINGS):
                value = [text] if isinstance(usual, list) else text
                _send(target, "POST", route, json={**fields, name: value})
        for text in islice(texts, STRINGS):
            assert _send(target, "POST", route, json={**fields, text: "x"}).status_code == 400


def test_the_fields_see_every_string() -> None:
    """There are enough of them."""
    assert STRINGS * sum(len(fields) + 1 for fields in FIELDS.values()) >= len(NAUGHTY) > 500


def test_naughty_strings_in_addresses(target: Target) -> None:
    """The same in paths, and in parameters of a list and their names."""
    for number, text in enumerate(NAUGHTY):
        if len(text) < 1000:
            quoted = "".join(f"%{byte:02x}" for byte in text.encode())
            queries = (f"?cursor={quoted}", f"?tag={quoted}", f"?{quoted}=1")
            paths = (f"/{quoted}", f"/rain/{quoted}", f"/../orders/{quoted}", f"/../../{quoted}")
            _send(target, "GET", f"/v1/markets{(*queries, *paths)[number % 7]}")


def test_headers_cursors_and_keys(target: Target) -> None:
    """Keys, credentials, conditions and cursors of any bytes that a header or an address can carry."""
    chance = random.Random(8)
    cursor = httpx.QueryParams({"cursor": "eyJ4Ijo"})["cursor"]
    for text in (*NAUGHTY[::STRIDE], "k" * 255, "k" * 256, "k" * 9000, "\xff" * 40):
        value = re.sub(rb"[\x00-\x1f\x7f]", b"?", text.encode()).strip()
        for name in ("Idempotency-Key", "Authorization", "If-None-Match", "Prefer", "X-Request-Id", "Accept", "Cookie"):
            order = {"outcome": "YES", "side": "buy", "quantity": "0.000001"}
            headers = [*target.headers.items(), ("Idempotency-Key", "abuse")]
            sent = [(key, val.encode()) for key, val in headers if key != name] + [(name, value)]
            _send(target, "POST", "/v1/markets/rain/orders", json=order, headers=sent)
        mangled = "".join(chance.sample(cursor * 9, chance.randint(1, 60)))
        for path in ("/v1/markets", "/v1/markets/rain/trades", "/v1/markets/rain/holders", "/v1/portfolio/journal"):
            answer = _send(target, "GET", path, params={"cursor": mangled})
            assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor")


@pytest.mark.parametrize("request_", [*RAW.values(), *BODIES.values()], ids=[*RAW, *BODIES])
def test_what_no_client_library_would_send(target: Target, request_: bytes) -> None:
    """Bytes that are hardly HTTP get an answer below 500, or the connection is closed; the next client is served."""
    answer = _exchange(target, request_)
    assert not answer or re.match(rb"HTTP/1\.1 [234][0-9][0-9] ", answer), answer[:200]
    assert answer[9:10] < b"4" or b"content-type: application/problem+json\r\n" in answer
    assert b"Traceback" not in answer
    assert target.http.get("/v1/health").status_code == 200


def test_a_request_that_is_cut_off_anywhere(target: Target) -> None:
    """A client that goes away in the middle leaves nothing behind, and does nothing."""
    for part in truncated():
        assert not _exchange(target, part).startswith(b"HTTP/1.1 2")
    assert target.http.get("/v1/health").status_code == 200


def test_slow_bodies_do_not_hold_the_others_up(target: Target) -> None:
    """While fifty clients never finish their bodies, everybody else is served."""
    slow = [_connect(target) for _ in range(50)]
    for connection in slow:
        connection.sendall(BODIES["a body that is compressed"][:-3])
    assert _send(target, "GET", "/v1/markets").status_code == 200
    for connection in slow:
        connection.close()


def _send(target: Target, method: str, path: str, **parameters: Any) -> httpx.Response:
    """A request as mallory, whose answer is in the contract's form and has nothing of ann's."""
    headers = parameters.pop("headers", None) or {**target.headers, "Idempotency-Key": f"key-{random.random()}"}
    if "content" in parameters:
        headers = {**headers, "Content-Type": "application/json"}
    answer = target.http.request(method, path, headers=headers, **parameters)
    assert answer.status_code < 500, (method, path, parameters, answer.text)
    assert SECRET not in answer.text
    assert answer.headers["X-Request-Id"]
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        assert answer.json().keys() >= PROBLEM_MEMBERS
    return answer


def _sign_in(http: httpx.Client, account: str) -> dict[str, str]:
    signed_in = http.post("/v1/dev/sign-in", json={"account": account}).json()
    headers = {"Authorization": f"Bearer {signed_in['token']}"}
    assert http.post("/v1/accounts", headers=headers).status_code == 201
    return headers


def _connect(target: Target) -> socket.socket:
    return socket.create_connection(("127.0.0.1", target.http.base_url.port or 0), timeout=10)


def _exchange(target: Target, request: bytes) -> bytes:
    """What the server says to these bytes, once it has had all of them."""
    with _connect(target) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return connection.recv(65_536)
        except ConnectionError:
            return b""


def _assert_discreet(folder: Path, server: Server, tokens: tuple[str, ...]) -> None:
    """The logs have no traceback, no credential, no key, and nothing of what accounts keep to themselves."""
    said = server.output.read_text() + server.errors.read_text()
    with closing(sqlite3.connect(folder / "hunch.db")) as connection:
        secrets = [value for (value,) in connection.execute("SELECT value FROM instance")]
    for secret in (*secrets, *tokens, *(token.split()[1] for token in tokens), SECRET, "Traceback"):
        assert secret not in said
    lines = [line for line in server.complaints.splitlines() if line]
    assert [line for line in lines if not KNOWN_LINES.fullmatch(line)] == []
