"""What is answered, by the real handlers: problems as text, roles from the authorizer, HEAD and what nobody serves."""

import json
import uuid
from typing import Any

import pytest

from functions.registry import HTTP_TRIGGERS, Access
from tests.integration.lambda_.gateway import HOST, Json, Service, authorizer, proxy_event, resource_of

JSON = ("Content-Type", "application/json")


def check_problem(answer: Json, status: int, code: str) -> Json:
    """The problem of an answer that is one: readable text, with a type at our own address."""
    assert answer["statusCode"] == status, answer
    assert answer["isBase64Encoded"] is False
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert answer["headers"]["x-request-id"]
    content: Json = json.loads(answer["body"])
    assert content["code"] == code
    assert content["status"] == status
    assert content["type"] == f"https://{HOST}/problems/{code}"
    return content


def open_account(service: Service, account: str) -> Json:
    """The signed-in identity of an account just opened."""
    identity = authorizer(account)
    assert service.send("POST", "/v1/accounts", identity=identity)["statusCode"] in {200, 201}
    return identity


def draft(service: Service, creator: str, slug: str) -> Json:
    """The identity of the creator of a new draft."""
    identity = open_account(service, creator)
    body = json.dumps({"name": "Rain?", "slug": slug}).encode()
    answer = service.send("POST", "/v1/markets", identity=identity, headers=[JSON], body=body)
    assert answer["statusCode"] == 201, answer
    assert answer["headers"]["location"] == f"/v1/markets/{slug}"
    return identity


@pytest.mark.parametrize("identity", [None, authorizer(None), {"principalId": "mallory"}, {"account": ""}])
@pytest.mark.parametrize("name", [name for name, trigger in HTTP_TRIGGERS.items() if trigger.access is Access.ACCOUNT])
def test_an_account_route_needs_an_authorizer_that_names_one(
    service: Service, name: str, identity: Json | None
) -> None:
    """401 without it; a principal alone is nobody, and a client's own header convinces nobody."""
    trigger = HTTP_TRIGGERS[name]
    event = proxy_event(
        trigger.method,
        trigger.path.format(slug="rain", account="ann", id="1"),
        resource=trigger.path,
        identity=identity,
        headers=[("Authorization", "Bearer admin"), ("account", "admin")],
    )
    answer = service.handlers[name](event, None)
    check_problem(answer, 401, "unauthenticated")
    assert answer["headers"]["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("identity", "status"),
    [
        (authorizer("root", "admin"), 200),
        (authorizer("root", "creator", "admin"), 200),
        (authorizer("root", "admin", "of-a-later-release"), 200),
        (authorizer("root", "creator"), 404),
        (authorizer("root", "administrator"), 404),
        (authorizer("root") | {"roles": None}, 404),
        (authorizer("root"), 404),
        (None, 404),
    ],
)
def test_roles_come_from_the_authorizer(service: Service, identity: Json | None, status: int) -> None:
    """An admin sees everybody's drafts, and nobody else does."""
    slug = f"roles-{uuid.uuid4().hex}"
    draft(service, "roles-creator", slug)
    assert service.send("GET", f"/v1/markets/{slug}", identity=identity)["statusCode"] == status


def test_a_success_is_text(service: Service) -> None:
    """JSON is not encoded, and answers to the gateway's request id."""
    answer = service.send("GET", "/v1/health", request_id="the-gateways")
    assert answer["statusCode"] == 200
    assert answer["isBase64Encoded"] is False
    assert answer["headers"]["x-request-id"] == "the-gateways"


def test_head_is_get_without_the_body(service: Service) -> None:
    """Also where there is a problem."""
    got, head = service.send("GET", "/v1/health"), service.send("HEAD", "/v1/health")
    assert head == got | {"body": ""}
    missing = service.send("HEAD", "/v1/markets/nowhere")
    assert missing["statusCode"] == 404
    assert missing["body"] == ""


def test_bodies_are_checked_as_they_were_sent(service: Service) -> None:
    """Bytes that are no UTF-8, and a body that is too large, behind base64."""
    identity = open_account(service, "sender")
    send: dict[str, Any] = {"identity": identity, "headers": [JSON]}
    check_problem(service.send("POST", "/v1/markets", body=b'{"name":"\xff"}', **send), 400, "malformed-json")
    check_problem(service.send("POST", "/v1/markets", body='{"name":"\ud800"}', **send), 400, "malformed-json")
    check_problem(service.send("POST", "/v1/markets", body=b" " * 65_537, **send), 413, "body-too-large")


def test_two_idempotency_keys_are_refused(service: Service) -> None:
    """Neither is taken, and they are not joined to a third."""
    keys = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    answer = service.send("POST", "/v1/accounts", identity=authorizer("double"), headers=keys)
    content = check_problem(answer, 400, "validation-failed")
    assert content["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/", "/v1/nothing", "/favicon.ico", "/v1/markets/rain/orders/7/x"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
def test_unknown_paths_reach_the_fallback(service: Service, method: str, path: str) -> None:
    """404 not-found."""
    content = check_problem(service.send(method, path), 404, "not-found")
    assert content["instance"] == path


def test_a_trailing_slash_is_another_path(service: Service) -> None:
    """The gateway brings it to the function of the path without one, which does not take it."""
    event = proxy_event("GET", "/v1/markets/", resource="/v1/markets")
    check_problem(service.handlers["list_markets"](event, None), 404, "not-found")


@pytest.mark.parametrize("path", sorted({trigger.path for trigger in HTTP_TRIGGERS.values()}))
def test_known_paths_with_other_methods_reach_the_fallback(service: Service, path: str) -> None:
    """405 with what is allowed, from the registry: for every method that is not."""
    offered = {trigger.method for trigger in HTTP_TRIGGERS.values() if trigger.path == path}
    allowed = offered | {"HEAD"} if "GET" in offered else offered
    url = path.format(slug="rain", account="ann", id="1")
    assert resource_of(url) == path
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} - allowed:
        answer = service.send(method, url)
        check_problem(answer, 405, "method-not-allowed")
        assert set(answer["headers"]["allow"].split(", ")) == allowed


def test_the_fallback_serves_nothing(service: Service) -> None:
    """What should have gone to its own function is not found here, and there is no empty document."""
    for path in ("/v1/markets", "/v1/openapi.json", "/docs"):
        check_problem(service.handlers["fallback"](proxy_event("GET", path), None), 404, "not-found")
