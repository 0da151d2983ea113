"""A forecasting bot that others wrote, unmodified, against a real server; `make test-clients` installs it."""

import json
import os
import subprocess
from pathlib import Path

import httpx

from tests.integration.embedded.server import serve

SCRIPT = Path(__file__).with_name("forecasting_bot.py")


def test_a_bot_forecasts_a_tournament(tmp_path: Path) -> None:
    """It finds the questions, forecasts them, comments, and finds what it forecast."""
    with serve(tmp_path) as server, httpx.Client(base_url=server.await_ready(), timeout=30) as http:
        host, bot = (_sign_in(http, account) for account in ("host", "bot"))
        for slug, outcomes in (("rain", ["YES", "NO"]), ("colour", ["Red", "Green", "Blue"])):
            body = {"slug": slug, "name": slug, "outcomes": outcomes, "tags": ["cup"], "rules": "By the gauge."}
            assert http.post("/v1/markets", json=body, headers=host).status_code == 201
            assert http.post(f"/v1/markets/{slug}/publish", headers=host).status_code == 200
        key = http.post("/v1/api-keys", json={"name": "bot", "scopes": ["read", "trade"]}, headers=bot).json()["key"]
        command = [os.environ["CLIENTS_PYTHON"], str(SCRIPT), f"{http.base_url}/metaculus/api", "cup"]
        environment = {**os.environ, "METACULUS_TOKEN": key, "LITELLM_LOCAL_MODEL_COST_MAP": "true"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)  # noqa: S603 -- words of ours
        assert done.returncode == 0, done.stderr
        *questions, matching = json.loads(done.stdout.splitlines()[-1])
        assert [each["kind"] for each in questions] == ["MultipleChoiceQuestion", "BinaryQuestion"]
        for each in questions:
            assert (each["before"], each["after"], each["state"]) == (False, True, "open")
            assert (each["tournaments"], each["criteria"]) == (["cup"], "By the gauge.")
        assert 0.5 < questions[1]["price"] <= 0.7
        assert matching["count"] == 1
        comments = http.get("/v1/markets/rain/comments").json()["comments"]
        assert [(each["account"], each["text"]) for each in comments] == [("bot", "The base rate.")]


def _sign_in(http: httpx.Client, account: str) -> dict[str, str]:
    token = http.post("/v1/dev/sign-in", json={"account": account}).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert http.post("/v1/accounts", headers=headers).status_code == 201
    return headers
