"""What the functions say about themselves, and what they never say."""

import io
import json
import sys
from typing import Any, override

import pytest

from functions.registry import FUNCTION_OF, HTTP_TRIGGERS
from tests.integration.lambda_.conftest import Logs, Metrics
from tests.integration.lambda_.gateway import Json, Service, authorizer, invocation_context, proxy_event

JSON = ("Content-Type", "application/json")
SECRET = "cloak-and-dagger"


def break_use_case(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Put a bug into a use case."""

    async def fail(*_: object) -> None:
        raise RuntimeError("the bug")

    monkeypatch.setattr(
        f"domain.application.{FUNCTION_OF[name].subdomain}.{name}.{name.title().replace('_', '')}.execute", fail
    )


def event_of(name: str, **options: Any) -> Json:
    """An event that a function may be sent."""
    trigger = HTTP_TRIGGERS[name]
    query = "?account=ann" if name == "list_accounts" else ""
    given: dict[str, Any] = {"identity": authorizer("watcher"), "headers": [("Idempotency-Key", "key")], **options}
    path = trigger.path.format(slug="rain", account="ann", id="1")
    return proxy_event(trigger.method, f"{path}{query}", resource=trigger.path, **given)


def test_a_request_is_one_line(service: Service, logs: Logs) -> None:
    """With the gateway's id and Lambda's, the function and the account."""
    service.send("GET", "/v1/portfolio", identity=authorizer("watcher", "admin"), request_id="request-1")
    (line,) = logs.lines
    wanted = {
        "level": "INFO",
        "service": "Hunch",
        "function": "get_portfolio",
        "request_id": "request-1",
        "invocation_id": invocation_context().aws_request_id,
        "account": "watcher",
        "method": "GET",
        "path": "/v1/portfolio",
        "status": 404,
        "code": "account-not-found",
    }
    assert wanted.items() <= line.items()
    assert line["milliseconds"] >= 0


def test_nothing_of_a_request_is_left_for_the_next(
    service: Service, logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the account, not the ids; also after a bug."""
    with monkeypatch.context() as broken:
        break_use_case(broken, "get_market")
        service.send("GET", "/v1/markets/rain", identity=authorizer("watcher"), request_id="request-1")
    before = len(logs.lines)
    service.handlers["get_market"](event_of("get_market", identity=None, request_id="request-2"), None)
    (line,) = logs.lines[before:]
    assert line["request_id"] == "request-2"
    assert not {"account", "invocation_id", "exception"} & line.keys()
    assert "watcher" not in json.dumps(line)


@pytest.mark.parametrize("name", sorted(HTTP_TRIGGERS.keys() - {"create_market", "get_openapi"}))
def test_a_bug_is_logged_with_the_request(
    service: Service, logs: Logs, metrics: Metrics, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The client gets a bare 500 and the id by which we find the stack trace."""
    break_use_case(monkeypatch, name)
    bodies = {
        "quote": b'{"outcome":"YES","side":"buy","quantity":"1"}',
        "place_order": b'{"outcome":"YES","side":"buy","quantity":"1"}',
        "resolve_market": b'{"outcome":"YES"}',
        "edit_market": b'{"name":"Rain?"}',
        "reopen_market": b'{"closes_at":null}',
        "void_market": b'{"reason":"no sky"}',
        "grant_credits": b'{"amount":"1","reason":"luck"}',
        "create_api_key": b'{"name":"bot","scopes":["read"]}',
        "create_invitation": b'{"count":1,"expires_at":"2999-01-01T00:00:00Z"}',
        "accept_invitation": b'{"invitation":"x","name":"Ann"}',
        "accept_sign_in_link": b'{"link":"x"}',
        "rename_account": b'{"name":"Ann"}',
        "clarify_market": b'{"text":"Snow counts."}',
        "post_comment": b'{"text":"Sun."}',
        "create_webhook": b'{"url":"https://hooks.example"}',
    }
    headers = [("Idempotency-Key", "key"), *([JSON] if name in bodies else [])]
    event = event_of(name, headers=headers, body=bodies.get(name), request_id="request-7")
    answer = service.handlers[name](event, invocation_context(name))
    assert answer["statusCode"] == 500
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert answer["isBase64Encoded"] is False
    assert answer["headers"]["x-request-id"] == "request-7"
    assert json.loads(answer["body"]) == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "instance": event["path"],
    }
    failure, line = logs.lines
    assert failure["level"] == "ERROR"
    assert failure["exception_name"] == "RuntimeError"
    assert (failure["request_id"], failure["function"]) == ("request-7", name)
    assert failure["account"] == "watcher"
    assert line["status"] == 500
    (published,) = metrics.published()
    assert published["status-500"] == [1.0]


def test_no_body_and_no_credential_is_logged(
    service: Service, logs: Logs, metrics: Metrics, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither of a good request, nor of a bad one, nor of one that meets a bug."""
    monkeypatch.setenv("POWERTOOLS_LOGGER_LOG_EVENT", "true")
    headers = [
        JSON,
        ("Authorization", f"Bearer {SECRET}"),
        ("Idempotency-Key", SECRET),
        ("Cookie", f"session={SECRET}"),
    ]
    body = json.dumps({"name": SECRET, "slug": "rain", "rules": SECRET})
    for content in (body, body.encode(), body[:-1], json.dumps({"name": [SECRET]}), f'"{SECRET}"'):
        service.send("POST", "/v1/markets", identity=authorizer("watcher"), headers=headers, body=content)
        service.send("POST", "/v1/markets", headers=headers, body=content)
        service.send("POST", "/v1/nothing", headers=headers, body=content)
    service.send("GET", f"/v1/markets?cursor={SECRET}", headers=headers)
    break_use_case(monkeypatch, "create_market")
    answer = service.send("POST", "/v1/markets", identity=authorizer("watcher"), headers=headers, body=body)
    assert answer["statusCode"] == 500
    assert len(logs.lines) == 18
    assert SECRET not in logs.text
    assert SECRET not in json.dumps(metrics.published())


def test_answers_are_counted(service: Service, metrics: Metrics) -> None:
    """By status, and by code where it is a problem, for each function; nothing else is a dimension."""
    service.send("GET", "/v1/health")
    service.send("GET", "/v1/markets/nowhere")
    service.send("PUT", "/v1/health")
    counted = []
    for document in metrics.published():
        (directive,) = document["_aws"]["CloudWatchMetrics"]
        assert directive["Namespace"] == "Hunch"
        assert directive["Dimensions"] == [["function"]]
        names = [metric["Name"] for metric in directive["Metrics"]]
        assert all(document[name] == [1.0] for name in names)
        counted.append((document["function"], names))
    assert counted == [
        ("get_health", ["status-200"]),
        ("get_market", ["status-404", "problem-market-not-found"]),
        ("fallback", ["status-405", "problem-method-not-allowed"]),
    ]


class BrokenStream(io.StringIO):
    """Takes nothing."""

    @override
    def write(self, text: str) -> int:
        raise OSError(text)


def test_lost_metrics_lose_no_answer(service: Service, logs: Logs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where metrics cannot be written the request is answered all the same, and the next ones too."""
    with monkeypatch.context() as broken:
        broken.setattr(sys, "stdout", BrokenStream())
        assert service.send("GET", "/v1/health")["statusCode"] == 200
    assert logs.lines[-1]["message"] == "metrics are lost"
    assert service.send("GET", "/v1/health")["statusCode"] == 200
