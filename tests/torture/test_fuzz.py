"""Whatever the OpenAPI document allows, and what it does not, in chains of requests that use one another's answers."""

from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.errors import FlakyStrategyDefinition
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from tests.integration.embedded.ledger import assert_whole
from tests.integration.embedded.server import serve

ROUNDS, CHAINS, STEPS = 6, 10, 12
SETTINGS = settings(
    max_examples=CHAINS,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize=False,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CHECKS: list[Any] = [not_a_server_error, status_code_conformance, response_schema_conformance]


def test_chains_of_requests_find_no_error(tmp_path: Path) -> None:
    """No chain of calls makes a 500 or an answer that the document does not describe, and the books stay whole."""
    with serve(tmp_path) as server:
        url = server.await_ready()
        token = httpx.post(f"{url}/v1/dev/sign-in", json={"account": "ann", "roles": ["admin"]}).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        assert httpx.post(f"{url}/v1/accounts", headers=headers).status_code == 201
        answered, problems = Counter[int](), list[str]()
        schema = schemathesis.openapi.from_url(f"{url}/v1/openapi.json")

        class Chains(schema.as_state_machine()):  # type: ignore[misc]
            def get_call_kwargs(self, case: Any) -> dict[str, Any]:
                return {"headers": headers}

            def validate_response(self, response: Any, case: Any, *_: Any, **__: Any) -> None:
                answered[response.status_code] += 1
                try:
                    case.validate_response(response, checks=CHECKS)
                except FailureGroup as group:
                    problems.append(f"{case.as_curl_command()}: {group.exceptions}")

        for _ in range(ROUNDS):
            with suppress(FlakyStrategyDefinition):  # a server with a memory does not say the same twice: go on anew
                Chains.run(settings=SETTINGS)
        assert problems == []
        assert httpx.get(f"{url}/v1/health").status_code == 200
        assert answered.total() > CHAINS
        assert {200, 201, 400, 404} <= answered.keys()
        assert "Traceback" not in server.errors.read_text()
    assert_whole(tmp_path / "hunch.db")
