"""The Python client says what the OpenAPI document says."""

import inspect
import json
import re
import types
import typing
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec
import pytest

import hunch_client
from functions.api.instance.get_openapi.document import PATH
from hunch_client import Hunch, Retries

DOCUMENT = json.loads(PATH.read_text("utf-8"))
SCHEMAS: dict[str, dict[str, Any]] = DOCUMENT["components"]["schemas"]
ANSWERS = [
    (kind, SCHEMAS[f"{name}Response"])
    for name in hunch_client.__all__
    if isinstance(kind := getattr(hunch_client, name), type)
    and issubclass(kind, msgspec.Struct)
    and f"{name}Response" in SCHEMAS
]
# Members that a program has no use for: they draw the page's pictures.
LEFT_OUT = {"trend", "calibration"}
ARGUMENTS: dict[str, Any] = {
    "slug": "rain",
    "name": "Will it?",
    "outcome": "YES",
    "account": "ann",
    "accounts": ["ann"],
    "credits_": 1,
    "scopes": ["read"],
    "interval": "1h",
    "since": datetime.now(UTC),
    "until": datetime.now(UTC),
    "reason": "why",
    "text": "so",
    "url": "https://example.org",
    "order_id": "o1",
    "comment_id": "c1",
    "key_id": "k1",
    "webhook_id": "w1",
}


# Everything that a client is asked for.
METHODS = [
    name for name, _ in inspect.getmembers(Hunch, inspect.isfunction) if not name.startswith("_") and name != "close"
]


def is_optional(kind: Any) -> bool:
    """Whether a type admits None."""
    return isinstance(kind, types.UnionType) and type(None) in typing.get_args(kind)


def admits_null(schema: dict[str, Any]) -> bool:
    """Whether a schema admits null."""
    return any(part.get("type") == "null" for part in schema.get("anyOf", ()))


def test_most_answers_are_compared() -> None:
    """The rule by which schemas are found finds them."""
    assert len(ANSWERS) >= 15


@pytest.mark.parametrize(("kind", "schema"), ANSWERS, ids=lambda value: getattr(value, "__name__", ""))
def test_an_answer_has_the_members_of_its_schema(kind: type[msgspec.Struct], schema: dict[str, Any]) -> None:
    """No member is missing on either side, and null is expected where it may come."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    members = schema["properties"]
    assert members.keys() - fields.keys() <= LEFT_OUT
    assert {name for name, field in fields.items() if field.required} <= set(schema["required"])
    for name in fields.keys() & members.keys():
        assert is_optional(fields[name].type) or not admits_null(members[name]), name


@pytest.mark.parametrize("name", METHODS)
def test_a_method_calls_what_there_is(name: str) -> None:
    """Each request of the client is an operation of the document, or one that is awaited."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(400, json={"title": "Enough", "status": 400})

    with Hunch("http://hunch.test", retries=Retries(attempts=1), transport=httpx.MockTransport(answer)) as hunch:
        method = getattr(hunch, name)
        parameters = inspect.signature(method).parameters.values()
        wanted = {p.name: ARGUMENTS[p.name] for p in parameters if p.default is p.empty and p.kind != p.VAR_KEYWORD}
        with pytest.raises(hunch_client.ProblemError):
            list(method(**wanted))
    (request,) = asked
    paths = [path for path, item in DOCUMENT["paths"].items() if request.method.lower() in item]
    patterns = [re.sub(r"\{\w+\}", "[^/]+", path) for path in [*paths, *AWAITED]]
    assert any(re.fullmatch(pattern, request.url.path) for pattern in patterns), request.url.path


# What the contract has and a server may not have yet; a path leaves this list when it is in the document.
AWAITED = (
    "/v1/me",
    "/v1/accounts(/{account})?",
    "/v1/accounts/{account}/(trades|record|results)",
    "/v1/leaderboard",
    "/v1/markets/{slug}",
    "/v1/markets/{slug}/(events|stream|clarifications|withdraw-resolution)",
    "/v1/markets/{slug}/comments(/{id})?",
    "/v1/webhooks(/{id})?",
    "/v1/webhooks/{id}/enable",
)
