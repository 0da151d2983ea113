"""What anybody may know of accounts."""

import pytest

from tests.integration.http.client import Api
from tests.integration.http.conftest import StartApp
from tests.integration.http.contract import TRADE_MEMBERS, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.contract("public accounts")
async def test_public_account(api: Api) -> None:
    """→ the public account, for anybody, without its balance; 404 account-not-found."""
    caller = await api.open_account()
    account = answer(await api.anyone.get(f"/v1/accounts/{caller.account}"), 200)
    assert account.keys() == {"account", "name", "created_at"}
    assert account["account"] == caller.account
    for absent in ("nobody", "house", "market:rain", "%20", "x" * 65):
        problem(await api.anyone.get(f"/v1/accounts/{absent}"), 404, "account-not-found")


@pytest.mark.contract("public accounts")
async def test_several_accounts(api: Api) -> None:
    """Those that exist, in the order asked, each once."""
    ann, bob = (await api.open_account()).account, (await api.open_account()).account
    query = "&".join(f"account={name}" for name in (bob, "nobody", ann, bob))
    found = answer(await api.anyone.get(f"/v1/accounts?{query}"), 200)
    assert found.keys() == {"accounts"}
    assert [account["account"] for account in found["accounts"]] == [bob, ann]
    assert found["accounts"][0] == answer(await api.anyone.get(f"/v1/accounts/{bob}"), 200)


@pytest.mark.parametrize(
    ("query", "is_right"),
    [
        ("", False),
        ("?account=", False),
        ("?account=House", False),
        ("?account=market:rain", False),
        ("?" + "&".join(["account=ann"] * 101), False),
        ("?" + "&".join(f"account=nobody-{number}" for number in range(100)), True),
    ],
)
async def test_from_one_to_a_hundred(api: Api, query: str, is_right: bool) -> None:
    """1–100 names, each of the form that names have."""
    response = await api.anyone.get(f"/v1/accounts{query}")
    if is_right:
        assert answer(response, 200) == {"accounts": []}
    else:
        problem(response, 400, "validation-failed")


@pytest.mark.contract("public accounts", "lists")
async def test_trades(api: Api) -> None:
    """An account's trades, newest first, as its market shows them; 404 for nobody's."""
    trader, other, slug = await api.open_account(), await api.open_account(), await api.published_market()
    for quantity in ("1", "2", "3"):
        answer(await trader.order(slug, quantity=quantity), 201)
        answer(await other.order(slug, "NO", quantity=quantity), 201)
    path = f"/v1/accounts/{trader.account}/trades"
    trades = await api.anyone.items(path, limit=2)
    assert [trade["quantity"] for trade in trades] == ["3.000000", "2.000000", "1.000000"]
    assert {trade["account"] for trade in trades} == {trader.account}
    assert trades[0].keys() == TRADE_MEMBERS
    problem(await api.anyone.get("/v1/accounts/nobody/trades"), 404, "account-not-found")


async def test_on_a_private_instance(start_app: StartApp) -> None:
    """Who has not signed in is told nothing about anybody."""
    async with start_app(private="true") as api:
        caller = await api.open_account()
        for path in ("", "/trades"):
            problem(await api.anyone.get(f"/v1/accounts/{caller.account}{path}"), 401, "unauthenticated")
            answer(await caller.get(f"/v1/accounts/{caller.account}{path}"), 200)
