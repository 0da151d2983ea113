"""What the OpenAPI document promises, asked of the server by a program that knows nothing else: schemathesis.

Here it asks a little, in seconds; `make fuzz` tries every edge of every schema, chains of requests, and something else
each time.
"""

import os
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import CheckNode, ScenarioRecorder

from tests.integration.embedded.server import serve

EXAMPLES = int(os.environ.get("HUNCH_FUZZ_EXAMPLES", "1"))
SEED = int(os.environ.get("HUNCH_FUZZ_SEED", "20261123"))

# What the state decides, not the data: who may, what is there, what is open, who can pay; a slug may be taken.
DECIDED_BY_THE_STATE = ["401", "403", "404", "409", "422"]

# What no schema can say of a request, as it is answered.
BEYOND_SCHEMAS = {
    "must be in the future",
    "filter by one of tag, creator and q, not by several",
    "goes with status=ACTIVE, and with no other filter",
    "give both of order and outcome, or neither",
    "choose a tag or a period, not both",
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a market that trades, and one who trades there."""
    with serve(tmp_path_factory.mktemp("fuzzed")) as server:
        yield server.await_ready()


@pytest.fixture(scope="module")
def token(url: str) -> str:
    """The token of an admin with an account and a market."""
    with httpx.Client(base_url=url) as http:
        token: str = http.post("/v1/dev/sign-in", json={"account": "ann", "roles": ["admin"]}).json()["token"]
        http.headers["Authorization"] = f"Bearer {token}"
        for path, body in (
            ("/v1/accounts", {}),
            ("/v1/markets", {"slug": "rain", "name": "Will it rain?"}),
            ("/v1/markets/rain/publish", {}),
        ):
            assert http.post(path, json=body).is_success
    return token


def configuration(token: str | None) -> SchemathesisConfig:
    """All checks, for somebody or for nobody."""
    settings: dict[str, Any] = {
        "seed": SEED,
        "generation": {"max-examples": EXAMPLES, "database": "none", "no-shrink": True},
        "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", *DECIDED_BY_THE_STATE]}},
        "phases": {
            "coverage": {"enabled": EXAMPLES > 1},
            "stateful": {"max-steps": 4, "enabled": EXAMPLES > 1 and token is not None},
        },
        "warnings": False,
    }
    if token is not None:
        settings["headers"] = {"Authorization": f"Bearer {token}"}
    return SchemathesisConfig.from_dict(settings)


def findings(url: str, token: str | None) -> list[str]:
    """What schemathesis finds wrong, in its own words."""
    schema = schemathesis.openapi.from_url(f"{url}/v1/openapi.json", config=configuration(token))
    found: list[str] = []
    for event in from_schema(schema).execute():
        match event:
            case events.ScenarioFinished():
                found += failures(event.recorder)
            case events.NonFatalError():
                found.append(f"{event.label}: {event.value!r}")
            case events.FatalError():
                raise event.exception
            case _:
                pass
    return found


def failures(recorder: ScenarioRecorder) -> Iterator[str]:
    """The checks of a scenario that failed, each with the request that it is about."""
    for id_, checks in recorder.checks.items():
        case = recorder.cases[id_].value
        for check in checks:
            if check.failure_info and not is_beyond_schemas(check, case, recorder.interactions[id_].response):
                failure = check.failure_info.failure
                yield f"{failure.operation}: {failure.title}: {failure.message}\n{case.as_curl_command()}"


def is_beyond_schemas(check: CheckNode, case: schemathesis.Case[Any], response: Response | None) -> bool:
    """Whether a request was refused for what no schema can say of it.

    That is a cursor that nobody was given, two filters of which a list takes one, one that needs another, a span of
    time that is too long or ends before it starts, and what would have expired by now.
    """
    if check.name != "positive_data_acceptance" or response is None or response.status_code != httpx.codes.BAD_REQUEST:
        return False
    refusal = response.json()
    if refusal["code"] == "invalid-cursor":
        return True
    (error, *_) = refusal["errors"]
    return error["detail"] in BEYOND_SCHEMAS or (case.path.endswith("/prices") and "`to`" in error["detail"])


@pytest.mark.parametrize("who", ["an admin", "nobody"])
def test_the_document_is_kept(url: str, token: str, who: str) -> None:
    """No answer is one that the document does not have, and what it says is wrong is refused."""
    found = findings(url, token if who == "an admin" else None)
    assert not found, f"{len(found)} findings:\n" + "\n\n".join(found)
