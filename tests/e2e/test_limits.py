"""A caller who asks too often meets the limit of the deployed functions, and nobody else does."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import httpx
import pytest

from functions.registry import REQUESTS_PER_MINUTE
from tests.e2e.deployment import STACK, Deployment
from tests.e2e.people import Person, Town, reach

LIMIT = 30
"""Requests a minute. Every two seconds one comes back."""
PATIENCE = 20 * LIMIT


@pytest.fixture(scope="module")
def town(deployment: Deployment) -> Iterator[Town]:
    """Where people live."""
    with reach(deployment) as http:
        yield Town(deployment, http)


@contextmanager
def limited(deployment: Deployment, function: str) -> Iterator[None]:
    """For the test a function has a limit of its own in place of 600 requests, which take long here."""
    functions, name = deployment.client("lambda"), f"{STACK}-{function}"
    variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    assert variables["HUNCH_RATE_LIMIT"] == str(REQUESTS_PER_MINUTE)
    functions.update_function_configuration(
        FunctionName=name, Environment={"Variables": variables | {"HUNCH_RATE_LIMIT": str(LIMIT)}}
    )
    yield
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})


def test_a_greedy_caller_is_told_to_wait(deployment: Deployment, town: Town) -> None:
    """429 in the contract's words; waiting as told is enough; who asks beside, or without a name, notices nothing."""
    greedy, beside = town.somebody("gil"), town.somebody("hal")
    with limited(deployment, "get_me"):
        refused = first_refusal(greedy)
        assert refused.headers["Content-Type"] == "application/problem+json"
        wait = int(refused.headers["Retry-After"])
        assert 1 <= wait <= 60 / LIMIT
        problem = refused.json()
        assert (problem["code"], problem["status"]) == ("too-many-requests", 429)
        assert problem["type"].endswith("/problems/too-many-requests")
        assert problem["instance"] == "/v1/me"
        assert problem["detail"] == f"This account asks too often. Go on in {wait} s."
        assert beside.get("/v1/me")["opened"] is False
        assert town.nobody().get("/v1/markets")["markets"] == []
        time.sleep(wait)
        assert greedy.get("/v1/me")["opened"] is False


def first_refusal(person: Person) -> httpx.Response:
    """The answer to the first request that is one too many."""
    for number in range(PATIENCE):
        answer = person.send("GET", "/v1/me")
        if answer.status_code != HTTPStatus.OK:
            assert number >= LIMIT
            return answer
    raise AssertionError("nobody is ever refused")
