"""Programs that others wrote, unmodified, against a real server; `make test-clients` installs them."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from functions.api.instance.get_openapi import document
from tests.integration.embedded.server import serve

HERE = Path(__file__).parent
PYTHON = Path(os.environ["CLIENTS_PYTHON"])
type Headers = dict[str, str]


@pytest.fixture
def http(tmp_path: Path) -> Iterator[httpx.Client]:
    """A server of the test's own."""
    with serve(tmp_path) as server, httpx.Client(base_url=server.await_ready(), timeout=30) as client:
        yield client


def test_forecasting_tools(http: httpx.Client) -> None:
    """It finds a tournament's questions, forecasts them, comments, and finds what it forecast."""
    host, bot = (_sign_in(http, account) for account in ("host", "bot"))
    for slug, outcomes in (("rain", ["YES", "NO"]), ("colour", ["Red", "Green", "Blue"])):
        _open_market(http, host, slug, outcomes=outcomes, tags=["cup"], rules="By the gauge.")
    environment = {"METACULUS_TOKEN": _key(http, bot), "LITELLM_LOCAL_MODEL_COST_MAP": "true"}
    *questions, matching = _run("forecasting_bot.py", f"{http.base_url}/metaculus/api", "cup", environment=environment)
    assert [each["kind"] for each in questions] == ["MultipleChoiceQuestion", "BinaryQuestion"]
    for each in questions:
        assert (each["before"], each["after"], each["state"]) == (False, True, "open")
        assert (each["tournaments"], each["criteria"]) == (["cup"], "By the gauge.")
    assert 0.5 < questions[1]["price"] <= 0.7
    assert matching["count"] == 1
    comments = http.get("/v1/markets/rain/comments").json()["comments"]
    assert [(each["account"], each["text"]) for each in comments] == [("bot", "The base rate.")]


def test_manifoldbot(http: httpx.Client) -> None:
    """It searches, bets with and without limits, and reads the market and its own account."""
    host, bot = (_sign_in(http, account) for account in ("host", "bot"))
    _open_market(http, host, "rain", description="By noon.")
    _open_market(http, host, "snow")
    found = _run("manifold_bot.py", f"{http.base_url}/v0", _key(http, bot), "rain")
    market = http.get("/v1/markets/rain").json()
    assert found == {
        "authenticated": True,
        "balance": float(http.get("/v1/portfolio", headers=bot).json()["balance"]),
        "bets": [10, 10, 10],
        "criteria": "By noon.",
        "deposits": 1000,
        "markets": ["snow", "rain"],
        "probability": float(market["outcomes"][0]["price"]),
        "same": True,
        "trending": 2,
    }


def test_a_generated_client(http: httpx.Client, tmp_path: Path) -> None:
    """A client is generated from the OpenAPI document without a warning, and reads every answer of a market's life."""
    generator = str(PYTHON.with_name("openapi-python-client"))
    config = tmp_path / "config.json"
    config.write_text('{"post_hooks": []}')
    places = ["--config", str(config), "--path", str(document.PATH), "--output-path", str(tmp_path / "generated")]
    command = [generator, "generate", "--meta", "none", "--fail-on-warning", *places]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603 -- words of ours
    assert done.returncode == 0, done.stdout + done.stderr
    keys = [_key(http, _sign_in(http, account)) for account in ("host", "trader")]
    seen = _run("generated_client.py", str(http.base_url), *keys, environment={"PYTHONPATH": str(tmp_path)})
    assert seen.pop("resolved") in {"SETTLING", "RESOLVED"}
    assert seen == {
        "preview": True,
        "repeated": True,
        "sold": "filled",
        "refused": "idempotency-key-reused",
        "problems": [],
        "unread": 0,
    }


def _run(script: str, *arguments: str, environment: Headers | None = None) -> Any:
    """What a script prints last, run where the programs are installed."""
    command = [str(PYTHON), str(HERE / script), *arguments]
    variables = {**os.environ, **(environment or {})}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=300, check=False)  # noqa: S603 -- words of ours
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def _open_market(http: httpx.Client, host: Headers, slug: str, **terms: object) -> None:
    body = {"slug": slug, "name": slug, **terms}
    assert http.post("/v1/markets", json=body, headers=host).status_code == 201
    assert http.post(f"/v1/markets/{slug}/publish", headers=host).status_code == 200


def _sign_in(http: httpx.Client, account: str) -> dict[str, str]:
    token = http.post("/v1/dev/sign-in", json={"account": account}).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert http.post("/v1/accounts", headers=headers).status_code == 201
    return headers


def _key(http: httpx.Client, account: Headers) -> str:
    body = {"name": "bot", "scopes": ["read", "trade"]}
    key: str = http.post("/v1/api-keys", json=body, headers=account).json()["key"]
    return key
