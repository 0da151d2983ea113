"""The OpenAPI document says what the contract says."""

import json
from collections.abc import Iterator

import pytest

from functions.api.instance.get_openapi.document import PATH
from functions.embedded.openapi import render_document
from tests.integration.http.client import Api
from tests.integration.http.contract import (
    MARKET_MEMBERS,
    ORDER_MEMBERS,
    POSITION_MEMBERS,
    QUOTE_MEMBERS,
    TRADE_MEMBERS,
    Json,
    media_type,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

# For each operation: what it may answer.
OPERATIONS = {
    ("post", "/v1/accounts"): {"200", "201", "400", "401", "413", "415"},
    ("post", "/v1/markets"): {"201", "400", "401", "404", "409", "413", "415", "422"},
    ("get", "/v1/markets"): {"200", "400", "401"},
    ("get", "/v1/markets/{slug}"): {"200", "401", "404"},
    ("post", "/v1/markets/{slug}/publish"): {"200", "400", "401", "403", "404", "409", "413", "415", "422"},
    ("post", "/v1/markets/{slug}/quotes"): {"200", "400", "401", "404", "409", "413", "415", "422"},
    ("post", "/v1/markets/{slug}/orders"): {"201", "400", "401", "404", "409", "413", "415", "422"},
    ("get", "/v1/portfolio"): {"200", "401", "404"},
    ("post", "/v1/markets/{slug}/resolve"): {"202", "400", "401", "403", "404", "409", "413", "415", "422"},
    ("get", "/v1/health"): {"200", "401"},
}
WITH_BODY = [
    "/v1/markets",
    "/v1/markets/{slug}/quotes",
    "/v1/markets/{slug}/orders",
    "/v1/markets/{slug}/resolve",
]
METHODS = {"get", "post", "put", "patch", "delete", "head", "options", "trace"}


async def document(api: Api) -> Json:
    """The document."""
    response = await api.anyone.get("/v1/openapi.json")
    assert response.status_code == 200
    assert media_type(response) in {"application/json", "application/openapi+json"}
    content: Json = response.json()
    return content


def operations(content: Json) -> Iterator[tuple[str, str, Json]]:
    """Every operation with its method and path."""
    for path, item in content["paths"].items():
        for method in METHODS & item.keys():
            yield method, path, item[method]


def resolved(content: Json, value: Json) -> Json:
    """What a reference stands for."""
    while "$ref" in value:
        target = content
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        value = target
    return value


def has_example(content: Json, described: Json, depth: int = 6) -> bool:
    """Whether a description comes with an example, of its own, of its schema's or of its members'."""
    if depth == 0:
        return False
    described = resolved(content, described)
    if any(name in described for name in ("example", "examples", "const", "enum")):
        return True
    inner = [described[name] for name in ("schema", "items") if name in described]
    inner += [*described.get("properties", {}).values(), *described.get("anyOf", ())]
    return any(has_example(content, part, depth - 1) for part in inner)


async def test_version_of_the_format(api: Api) -> None:
    """It is an OpenAPI 3 document."""
    content = await document(api)
    assert content["openapi"].startswith("3.")
    assert content["info"]["title"]


@pytest.mark.contract("description")
async def test_every_operation_is_described(api: Api) -> None:
    """All that can be called is there, and nothing that cannot."""
    content = await document(api)
    found = {(method, path.replace("{market}", "{slug}")) for method, path, _ in operations(content)}
    assert OPERATIONS.keys() <= found
    assert all(path.startswith("/v1/") for _, path in found)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_statuses_are_described(api: Api, method: str, path: str) -> None:
    """Each status that an operation may answer with is in its description, an error's perhaps by its range."""
    content = await document(api)
    described = content["paths"][path][method]["responses"].keys()
    for status in OPERATIONS[method, path]:
        assert status in described or (status[0] in "45" and f"{status[0]}XX" in described), status


async def test_errors_are_problems(api: Api) -> None:
    """Errors are application/problem+json, always."""
    content = await document(api)
    for method, path, operation in operations(content):
        for status, response in operation["responses"].items():
            if status[0] in "45":
                media = resolved(content, response)["content"]
                assert media.keys() == {"application/problem+json"}, (method, path, status)


@pytest.mark.parametrize("path", WITH_BODY)
async def test_bodies_have_examples(api: Api, path: str) -> None:
    """The OpenAPI document comes with examples of requests."""
    content = await document(api)
    body = resolved(content, content["paths"][path]["post"]["requestBody"])
    assert has_example(content, body["content"]["application/json"])


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_answers_have_examples(api: Api, method: str, path: str) -> None:
    """The OpenAPI document comes with examples of answers."""
    content = await document(api)
    for status, response in content["paths"][path][method]["responses"].items():
        if status.startswith("2"):
            assert has_example(content, resolved(content, response)["content"]["application/json"]), status


async def schema_of(api: Api, method: str, path: str, status: str) -> tuple[Json, Json]:
    """The document, and the schema of an answer."""
    content = await document(api)
    response = resolved(content, content["paths"][path][method]["responses"][status])
    return content, resolved(content, response["content"]["application/json"]["schema"])


@pytest.mark.parametrize(
    ("method", "path", "status", "members"),
    [
        ("get", "/v1/markets/{slug}", "200", MARKET_MEMBERS),
        ("post", "/v1/markets", "201", MARKET_MEMBERS),
        ("post", "/v1/markets/{slug}/publish", "200", MARKET_MEMBERS),
        ("post", "/v1/markets/{slug}/resolve", "202", MARKET_MEMBERS),
        ("post", "/v1/markets/{slug}/quotes", "200", QUOTE_MEMBERS),
        ("post", "/v1/markets/{slug}/orders", "201", ORDER_MEMBERS | {"problem"}),
        ("get", "/v1/markets", "200", {"markets", "cursor"}),
        ("get", "/v1/portfolio", "200", {"account", "balance", "positions", "equity", "sale_equity"}),
        ("post", "/v1/accounts", "201", {"account", "name", "balance", "created_at"}),
        ("get", "/v1/health", "200", {"status", "version"}),
    ],
)
async def test_members_are_described(api: Api, method: str, path: str, status: str, members: set[str]) -> None:
    """The document says the same as the contract: the members of each answer."""
    _, schema = await schema_of(api, method, path, status)
    assert schema["properties"].keys() | {"problem"} == members | {"problem"}
    assert set(schema["required"]) == members - {"problem"}


async def test_members_of_lists_are_described(api: Api) -> None:
    """The same for what is inside of answers."""
    for method, path, status, name, members in (
        ("get", "/v1/markets", "200", "markets", MARKET_MEMBERS),
        ("get", "/v1/portfolio", "200", "positions", POSITION_MEMBERS),
        ("post", "/v1/markets/{slug}/orders", "201", "trades", TRADE_MEMBERS),
        ("get", "/v1/markets/{slug}", "200", "outcomes", {"name", "price", "shares"}),
    ):
        content, schema = await schema_of(api, method, path, status)
        item = resolved(content, schema["properties"][name]["items"])
        assert item["properties"].keys() == members
        assert set(item["required"]) == members


async def test_unknown_fields_are_described(api: Api) -> None:
    """Unknown fields in a request body are a 400, and the document says so."""
    content = await document(api)
    for path in WITH_BODY:
        body = resolved(content, content["paths"][path]["post"]["requestBody"])
        schema = resolved(content, body["content"]["application/json"]["schema"])
        choices = [resolved(content, choice) for choice in schema.get("anyOf", [schema])]
        assert all(choice["additionalProperties"] is False for choice in choices), path


HEADER = ("header", "Idempotency-Key")
PARAMETERS: dict[tuple[str, str], set[tuple[str, str]]] = {
    ("post", "/v1/accounts"): {HEADER},
    ("post", "/v1/markets"): {HEADER},
    ("get", "/v1/markets"): {("query", name) for name in ("limit", "cursor", "status", "tag", "creator", "q", "order")},
    ("get", "/v1/markets/{slug}"): {("path", "slug")},
    ("post", "/v1/markets/{slug}/publish"): {("path", "slug"), HEADER},
    ("post", "/v1/markets/{slug}/quotes"): {("path", "slug")},
    ("post", "/v1/markets/{slug}/orders"): {("path", "slug"), HEADER},
    ("get", "/v1/portfolio"): set(),
    ("post", "/v1/markets/{slug}/resolve"): {("path", "slug"), HEADER},
    ("get", "/v1/health"): set(),
}


@pytest.mark.parametrize(("method", "path"), PARAMETERS)
async def test_parameters_are_described(api: Api, method: str, path: str) -> None:
    """Idempotency-Key: required on orders, honoured on every other POST except quotes; lists take limit and cursor."""
    content = await document(api)
    described = [resolved(content, one) for one in content["paths"][path][method].get("parameters", [])]
    found = {(one["in"], one["name"]) for one in described} - {("header", "Prefer")}
    assert found == PARAMETERS[method, path]
    for one in described:
        if one["name"] == "Idempotency-Key":
            assert one.get("required", False) == path.endswith("/orders")


async def test_operation_ids_are_unique(api: Api) -> None:
    """Each operation has a name of its own."""
    content = await document(api)
    names = [operation["operationId"] for _, _, operation in operations(content)]
    assert len(set(names)) == len(names)


async def test_the_kept_document_is_the_routes() -> None:
    """What Lambda serves was made from these routes: `make openapi` writes it anew."""
    assert PATH.read_text("utf-8") == render_document()


async def test_the_kept_document_is_the_served_one(api: Api) -> None:
    """One machine serves the same, and its own sign-in."""
    served, kept = await document(api), json.loads(PATH.read_text("utf-8"))
    served["paths"].pop("/v1/dev/sign-in")
    assert served["paths"] == kept["paths"]
    assert kept["components"]["schemas"].items() <= served["components"]["schemas"].items()
