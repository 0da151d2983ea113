"""The surfaces as they are set, and as one function each."""

from pathlib import Path

import pytest

from tests.integration.http.conftest import start
from tests.integration.http.front import start_functions, start_gateway
from tests.integration.surfaces.bots import told

pytestmark = pytest.mark.asyncio(loop_scope="module")

MARKET = {"outcomeType": "BINARY", "question": "Will it rain?"}


async def test_a_surface_that_is_off(tmp_path: Path) -> None:
    """There is nothing at its addresses but what is at any other."""
    async with start(tmp_path / "hunch.db", manifold="false", metaculus="false") as api:
        for path in ("/v0/markets", "/metaculus/api/posts/"):
            assert (await api.anyone.get(path)).json()["code"] == "not-found"


async def test_a_private_instance(tmp_path: Path) -> None:
    """Nothing can be read without a credential, and that is said in the surface's form."""
    async with start(tmp_path / "hunch.db", private="true") as api:
        told(await api.anyone.get("/v0/markets"), 401)
        told(await api.anyone.get("/metaculus/api/posts/"), 401)
        assert told(await (await api.open_account()).get("/v0/markets"), 200) == []


async def test_on_lambda() -> None:
    """A market is made, bet on, listed and resolved by one function; what is nowhere is refused in its form."""
    async with start_gateway(start_functions()) as api:
        ann, bob = await api.open_account(), await api.open_account()
        market = told(await ann.send("POST", "/v0/market", body=MARKET), 200)
        bet = told(await bob.send("POST", "/api/v0/bet", body={"contractId": market["id"], "amount": 10}), 200)
        assert told(await api.anyone.get(f"/v0/bets?contractId={market['id']}"), 200) == [bet]
        (listed,) = told(await api.anyone.get("/v0/markets?limit=10"), 200)
        assert (listed["volume"], listed["lastUpdatedTime"]) == (10.0, bet["createdTime"])
        (post,) = told(await api.anyone.get("/metaculus/api/posts/?statuses=open"), 200)["results"]
        body = [{"question": post["id"], "probability_yes": 0.9}]
        told(await bob.send("POST", "/metaculus/api/questions/forecast/", body=body), 201)
        post = told(await bob.get(f"/metaculus/api/posts/{post['id']}/"), 200)
        assert [item["forecast_values"] for item in post["question"]["my_forecasts"]["history"]] == [[0.1, 0.9]]
        assert (
            told(await api.anyone.get(f"/v0/bets?contractId={market['id']}&limit=1"), 200)[0]["userId"] == bob.account
        )
        told(await api.anyone.send("POST", "/v0/bet", body={}), 401)
        told(await bob.send("POST", f"/v0/market/{market['id']}/resolve", body={"outcome": "YES"}), 403)
        told(await ann.send("POST", f"/v0/market/{market['id']}/resolve", body={"outcome": "YES"}), 200)
        told(await api.anyone.get("/v0/nothing"), 404)


async def test_a_function_that_is_off() -> None:
    """On Lambda it is there and finds nothing at any address."""
    async with start_gateway(start_functions(manifold="false", metaculus="false")) as api:
        for path in ("/v0/markets", "/metaculus/api/posts/"):
            told(await api.anyone.get(path), 404)
