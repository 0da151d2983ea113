"""Callers who ask too often, over the table that all environments share."""

from collections.abc import Iterator

import boto3
import pytest

from functions.adapter.out.dynamodb.tables import create_callers_table, create_tables
from functions.config.dynamodb import ports
from tests.fakes.dynamodb import mocked_aws
from tests.integration.lambda_.conftest import TABLES, VARIABLES, cold_start
from tests.integration.lambda_.gateway import Service, authorizer
from tests.integration.lambda_.test_answers import check_problem

LIMIT = 4
VIEWER = ("X-Hunch-Address", "198.51.100.7")


@pytest.fixture
def environments(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Service, Service]]:
    """Two environments of the same functions, over empty tables."""
    with mocked_aws():
        variables = {**VARIABLES, "CALLERS_TABLE": "hunch-callers", "HUNCH_RATE_LIMIT": str(LIMIT)}
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        database = boto3.client("dynamodb")
        create_tables(database, TABLES)
        create_callers_table(database, "hunch-callers")
        ports.cache_clear()
        names = ("get_health", "list_markets", "get_me", "manifold")
        first, second = ({name: cold_start(name) for name in names} for _ in range(2))
        yield Service(first), Service(second)
        ports.cache_clear()


def test_a_greedy_caller_is_told_when_to_go_on(environments: tuple[Service, Service]) -> None:
    """429 once a minute's worth is used up, whatever functions and environments answer; others are not touched."""
    ann, bob = authorizer("ann"), authorizer("bob")
    asked = [(service, path) for service in environments for path in ("/v1/markets", "/v1/me")]
    statuses = [service.send("GET", path, identity=ann)["statusCode"] for service, path in asked]
    assert statuses == [200] * LIMIT
    refused = environments[0].send("GET", "/v1/markets", identity=ann)
    problem = check_problem(refused, 429, "too-many-requests")
    wait = int(refused["headers"]["retry-after"])
    assert 1 <= wait <= 60 / LIMIT
    assert problem["detail"] == f"This account asks too often. Go on in {wait} s."
    assert problem["title"] == "Too Many Requests"
    assert problem["instance"] == "/v1/markets"
    assert environments[0].send("GET", "/v1/markets", identity=bob)["statusCode"] == 200
    assert environments[0].send("GET", "/v1/markets")["statusCode"] == 200
    assert environments[0].send("GET", "/v1/health", identity=ann)["statusCode"] == 200
    assert environments[1].send("GET", "/v0/markets", identity=ann)["statusCode"] == 429


def test_an_address_without_a_credential_too(environments: tuple[Service, Service]) -> None:
    """By CloudFront's word for it; neighbours, and who has signed in there, are not touched."""
    service, _ = environments
    for _ in range(LIMIT):
        assert service.send("GET", "/v1/markets", headers=[VIEWER])["statusCode"] == 200
    refused = service.send("GET", "/v1/markets", headers=[VIEWER])
    problem = check_problem(refused, 429, "too-many-requests")
    assert problem["detail"].startswith("Too many requests come from this address. Sign in, or wait.")
    neighbour = ("X-Hunch-Address", "198.51.100.8")
    assert service.send("GET", "/v1/markets", headers=[neighbour])["statusCode"] == 200
    assert service.send("GET", "/v1/markets", headers=[VIEWER], identity=authorizer("ann"))["statusCode"] == 200
