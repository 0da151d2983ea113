"""Reading an order again."""

import pytest

from tests.integration.http.client import Api, Caller, new_key
from tests.integration.http.contract import answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.contract("read order")
async def test_the_201_unchanged(api: Api, trader: Caller) -> None:
    """GET /v1/orders/{id}: the 201's body unchanged, byte for byte, also once everything has changed."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    responses = [
        await trader.order(slug, quantity="10"),
        await trader.order(slug, "NO", spend="3.5"),
        await trader.order(slug, quantity="1000", limit_price="0.6", time_in_force="immediate_or_cancel"),
        await trader.order(slug, side="sell", quantity="4"),
    ]
    orders = [answer(response, 201) for response in responses]
    assert orders[2]["status"] == "partially_filled"
    for _ in range(2):
        for response, order in zip(responses, orders, strict=True):
            again = await trader.get(f"/v1/orders/{order['id']}")
            assert answer(again, 200) == order
            assert again.content == response.content
        if (await trader.market(slug))["status"] == "ACTIVE":
            answer(await creator.resolve(slug, outcome="NO"), 202)
            await creator.settled(slug)


@pytest.mark.contract("read order", "404")
async def test_of_others(api: Api, trader: Caller) -> None:
    """To others than its owner 404, to admins and the market's creator too."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    id_ = answer(await trader.order(slug, quantity="10"), 201)["id"]
    for other in (creator, await api.open_account("admin")):
        problem(await other.get(f"/v1/orders/{id_}"), 404, "order-not-found")
    problem(await api.anyone.get(f"/v1/orders/{id_}"), 401, "unauthenticated")
    owner_again = await api.sign_in(account=trader.account)
    assert answer(await owner_again.get(f"/v1/orders/{id_}"), 200)["id"] == id_


@pytest.mark.contract("read order")
@pytest.mark.parametrize("id_", ["0" * 32, "nothing", "a" * 5_000, "%00", "%F0%9F%98%80", "..%2e"])
async def test_no_such_order(member: Caller, id_: str) -> None:
    """404 order-not-found for an id that no order of the caller has."""
    problem(await member.get(f"/v1/orders/{id_}"), 404, "order-not-found")


async def test_a_refused_order_is_none(trader: Caller, open_market: str) -> None:
    """What was refused changed nothing: the key that is used again makes the order that is read."""
    key = new_key()
    problem(await trader.order(open_market, quantity="100000", key=key), 422, "insufficient-funds")
    assert (await trader.page("/v1/portfolio/trades"))["trades"] == []
