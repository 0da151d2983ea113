"""What arrives: a request is read from the event as it was sent, whatever the gateway does to it on the way."""

import json
from typing import Any

import pytest

from functions.adapter.in_.http.messages import JSON, Receive, Request, Response, Scope, Send, encode_json
from functions.adapter.in_.lambda_ import rest_api
from functions.adapter.in_.lambda_.http_handler import event_handler
from tests.integration.lambda_.gateway import (
    HOST,
    STAGE,
    Handler,
    Json,
    authorizer,
    invocation_context,
    proxy_event,
)


@pytest.fixture(scope="module")
def echo() -> Handler:
    """A function that says what it was asked."""

    async def say(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.read_body(1000)
        said = {
            "method": request.method,
            "path": request.path,
            "query": request.query,
            "headers": [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]],
            "body": body.decode("latin-1"),
            "base": request.base_url,
            "client": scope["client"][0],
        }
        answer = Response(
            encode_json(said),
            media_type=JSON,
            headers={"x-request-id": scope["aws.event"]["requestContext"]["requestId"]},
        )
        await answer(scope, receive, send)

    return event_handler("quote", say)


def ask(echo: Handler, method: str, url: str, **options: Any) -> Json:
    """What the function was asked."""
    response = echo(proxy_event(method, url, **options), invocation_context())
    assert response["statusCode"] == 200
    said: Json = json.loads(response["body"])
    return said


@pytest.mark.parametrize("body", [b'{"name":"\xc3\x84"}', b"\xff\xfe", b"", '{"name":"x"}', None])
def test_a_body_arrives_byte_for_byte(echo: Handler, body: str | bytes | None) -> None:
    """Base64-encoded or not, or absent."""
    sent = body.encode() if isinstance(body, str) else body or b""
    assert ask(echo, "POST", "/v1/markets", body=body)["body"].encode("latin-1") == sent


def test_half_a_surrogate_pair_is_the_clients_error(echo: Handler) -> None:
    """A body that cannot be UTF-8 reaches the parser, which refuses it."""
    assert ask(echo, "POST", "/v1/markets", body="\ud800")["body"] == "\xed\xa0\x80"


def test_repeated_headers_stay_apart(echo: Handler) -> None:
    """Two Idempotency-Keys are two, and not one with a comma."""
    headers = ask(echo, "GET", "/v1/markets", headers=[("Idempotency-Key", "a"), ("Idempotency-Key", "b")])["headers"]
    assert [value for name, value in headers if name == "idempotency-key"] == ["a", "b"]


def test_single_headers_will_do(echo: Handler) -> None:
    """An event without multiValueHeaders, as other gateways send it."""
    event = proxy_event("GET", "/v1/markets", headers=[("Accept", "*/*")]) | {"multiValueHeaders": None}
    assert ["accept", "*/*"] in json.loads(echo(event, None)["body"])["headers"]


def test_repeated_query_values_stay_in_order(echo: Handler) -> None:
    """Every value, decoded once."""
    query = ask(echo, "GET", "/v1/markets?tag=a&tag=b&limit=5&name=100%2525+%26&flag=")["query"]
    assert query == [["tag", "a"], ["tag", "b"], ["limit", "5"], ["name", "100%25 &"], ["flag", ""]]


def test_single_query_values_will_do(echo: Handler) -> None:
    """An event without multiValueQueryStringParameters."""
    event = proxy_event("GET", "/v1/markets?limit=5") | {"multiValueQueryStringParameters": None}
    assert json.loads(echo(event, None)["body"])["query"] == [["limit", "5"]]


@pytest.mark.parametrize("stage", ["prod", "v1"])
@pytest.mark.parametrize("path", ["/v1/markets", "/v1/markets/prod", "/v1/", "/", "/prod", "/v1/v1/markets"])
def test_the_stage_is_not_part_of_the_path(echo: Handler, stage: str, path: str) -> None:
    """The gateway takes it off, and a path that begins like a stage keeps its beginning."""
    assert ask(echo, "GET", path, stage=stage)["path"] == path


@pytest.mark.parametrize("path", ["/v1/markets", "/v1/nothing/at/all"])
def test_a_stage_left_in_the_path_is_taken_off(echo: Handler, path: str) -> None:
    """Where a gateway hands over the path with the stage."""
    event = proxy_event("GET", path) | {"path": f"/{STAGE}{path}"}
    assert json.loads(echo(event, None)["body"])["path"] == path


def test_a_path_is_decoded_once(echo: Handler) -> None:
    """Names with other letters in them."""
    assert ask(echo, "GET", "/v1/markets/%C3%A4%20b")["path"] == "/v1/markets/ä b"


def test_the_client_and_the_address(echo: Handler) -> None:
    """Without a public address the gateway's own counts."""
    said = ask(echo, "GET", "/v1/markets")
    assert said["client"] == "192.0.2.1"
    assert said["base"] == f"https://{HOST}/"


def test_the_public_address(echo: Handler, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a CDN the address is a setting, and no header of a client's changes it."""
    monkeypatch.setattr(rest_api, "PUBLIC_URL", "https://hunch.example")
    headers = [("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "http")]
    assert ask(echo, "GET", "/v1/markets", headers=headers)["base"] == "https://hunch.example/"


@pytest.mark.parametrize("host", ["[::1]:80", "a:b:c", "name:", ""])
def test_any_host_will_do(echo: Handler, host: str) -> None:
    """A strange Host is not our failure."""
    event = proxy_event("GET", "/v1/markets") | {"headers": None, "multiValueHeaders": {"Host": [host]}}
    assert echo(event, None)["statusCode"] == 200


@pytest.mark.parametrize(
    "event",
    [
        {"resource": "/v1/markets", "path": "/v1/markets", "httpMethod": "GET", "requestContext": {}},
        {"resource": "/v1/markets", "path": "/v1/markets", "httpMethod": "GET", "requestContext": None},
        proxy_event("GET", "/v1/markets") | {"requestContext": {"authorizer": None, "identity": None}},
        proxy_event("GET", "/v1/markets", identity=authorizer(None)) | {"headers": None, "multiValueHeaders": None},
    ],
)
def test_a_bare_event_is_answered(echo: Handler, event: Json) -> None:
    """Without a context, an identity or headers there is still an answer, with an id of its own."""
    answer = echo(event, None)
    assert answer["statusCode"] == 200
    assert answer["headers"]["x-request-id"]


def test_repeated_answer_headers_stay_apart() -> None:
    """Set-Cookie may not be joined."""

    async def set_two(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        headers = [(b"Set-Cookie", b"a=1"), (b"Set-Cookie", b"b=2"), (b"Vary", b"Accept")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    answer = event_handler("quote", set_two)(proxy_event("GET", "/v1/cookies"), invocation_context())
    assert answer["multiValueHeaders"] == {"set-cookie": ["a=1", "b=2"]}
    assert answer["headers"] == {"vary": "Accept"}
