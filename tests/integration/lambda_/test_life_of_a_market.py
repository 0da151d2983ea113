"""Hunch as its users meet it on AWS: a market's life through the handlers of all functions."""

from decimal import Decimal

import pytest

from domain.application.settlement.settle_positions import SettlePositionsRequest
from functions.config.dynamodb import ports
from functions.config.wiring.settlement.settle_positions import settle_positions
from tests.integration.http.contract import answer, problem
from tests.integration.lambda_.gateway import GatewayApi

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_life_of_a_market(api: GatewayApi) -> None:
    """Draft, publish, quote, trade, resolve and be paid; nothing is lost on the way."""
    creator, trader = await api.open_account(), await api.open_account()
    slug = await api.draft(creator, tags=["weather"])
    problem(await trader.get(f"/v1/markets/{slug}"), 404, "market-not-found")
    answer(await creator.publish(slug), 200)
    quote = answer(await api.anyone.quote(slug, quantity="10"), 200)
    order = answer(await trader.order(slug, quantity="10", key="first", version=quote["version"]), 201)
    assert order["amount"] == quote["amount"]
    again = await trader.order(slug, quantity="10", key="first", version=quote["version"])
    assert answer(again, 201) == order
    assert again.headers["Idempotency-Replayed"] == "true"
    assert await trader.holds(slug) == {"YES": 10}
    listed = answer(await api.anyone.get("/v1/markets?status=ACTIVE&limit=100"), 200)["markets"]
    assert slug in [market["slug"] for market in listed]
    answer(await creator.resolve(slug, outcome="YES"), 202)
    await settle_positions(ports()).execute(SettlePositionsRequest(slug))
    assert (await trader.market(slug))["status"] == "RESOLVED"
    assert await trader.balance() == 1000 - Decimal(order["amount"]) + 10
    assert await creator.balance() + await trader.balance() == 2000


async def test_a_list_pages_through_the_gateway(api: GatewayApi) -> None:
    """A cursor survives being a query value that the gateway decodes."""
    creator = await api.open_account()
    slugs = [await api.draft(creator) for _ in range(3)]
    path, found, cursor = f"/v1/markets?creator={creator.account}&limit=1", [], ""
    while cursor is not None:
        page = answer(await creator.get(f"{path}&cursor={cursor}" if cursor else path), 200)
        found += [market["slug"] for market in page["markets"]]
        cursor = page["cursor"]
    assert found == slugs[::-1]


async def test_health(api: GatewayApi) -> None:
    """The health of an instance is public."""
    assert answer(await api.anyone.get("/v1/health"), 200)["status"] == "ok"
