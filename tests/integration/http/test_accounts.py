"""Opening an account."""

import asyncio

import pytest

from tests.integration.http.client import Api, new_key
from tests.integration.http.contract import answer

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.contract("open account")
async def test_open_account(api: Api) -> None:
    """POST /v1/accounts → 201 {"account","balance","created_at"} with the starting grant (default 1000 credits)."""
    caller = await api.sign_in()
    account = answer(await caller.post("/v1/accounts"), 201)
    assert account.keys() == {"account", "name", "balance", "created_at"}
    assert account["account"] == caller.account
    assert account["balance"] == "1000.000000"


@pytest.mark.contract("open account")
async def test_open_account_again(api: Api) -> None:
    """200 when it exists already; no second grant."""
    caller = await api.sign_in()
    first = answer(await caller.post("/v1/accounts"), 201)
    assert answer(await caller.post("/v1/accounts"), 200) == first
    assert await caller.balance() == 1000


async def test_open_account_again_after_a_trade(api: Api) -> None:
    """200 tells the balance of now and the time of then."""
    caller = await api.sign_in()
    first = answer(await caller.post("/v1/accounts"), 201)
    order = answer(await caller.order(await api.published_market(), quantity="10"), 201)
    again = answer(await caller.post("/v1/accounts"), 200)
    assert again == {**first, "balance": order["balance"]}


async def test_open_account_without_a_key(api: Api) -> None:
    """A key is required on orders and grants alone."""
    caller = await api.sign_in()
    answer(await caller.send("POST", "/v1/accounts"), 201)
    answer(await caller.send("POST", "/v1/accounts", headers={"Idempotency-Key": ""}), 200)


async def test_open_account_once_of_many_at_once(api: Api) -> None:
    """Of concurrent openings one opens it: one starting grant."""
    caller = await api.sign_in()
    responses = await asyncio.gather(*(caller.post("/v1/accounts") for _ in range(8)))
    assert sorted(response.status_code for response in responses) == [200] * 7 + [201]
    assert await caller.balance() == 1000


@pytest.mark.contract("open account", "idempotency")
async def test_open_account_with_the_same_key(api: Api) -> None:
    """Idempotency-Key is honoured: the first 2xx answer again with Idempotency-Replayed: true."""
    caller, key = await api.sign_in(), new_key()
    first = await caller.post("/v1/accounts", key=key)
    again = await caller.post("/v1/accounts", key=key)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers


async def test_new_account_holds_nothing(api: Api) -> None:
    """GET /v1/portfolio → no positions, equity is the balance."""
    caller = await api.open_account()
    assert await caller.portfolio() == {
        "account": caller.account,
        "balance": "1000.000000",
        "positions": [],
        "equity": "1000.000000",
        "sale_equity": "1000.000000",
    }
