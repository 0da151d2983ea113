"""Calling a market off, and what everybody gets back."""

from decimal import ROUND_DOWN, Decimal
from typing import Any

import pytest

from tests.integration.http.client import Api, Caller
from tests.integration.http.contract import MARKET_MEMBERS, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

MICRO = Decimal("0.000001")
SCRIPT = [
    ("ann", "YES", "buy", "10"),
    ("bob", "YES", "buy", "100"),
    ("ann", "YES", "sell", "10"),  # at a profit
    ("cid", "NO", "buy", "20"),
    ("cid", "NO", "sell", "20"),  # at a loss of rounding, and nothing left
    ("cid", "YES", "buy", "7.654321"),
    ("cid", "YES", "sell", "7"),
]


@pytest.mark.contract("void")
async def test_void(api: Api, trader: Caller) -> None:
    """→ 202 SETTLING, then VOIDED; `resolution` has the reason and no payouts; everybody has all back."""
    creator, admin = await api.open_account(), await api.open_account("admin")
    slug = await api.published_market(creator)
    answer(await trader.order(slug, quantity="10"), 201)
    settling = answer(await admin.void(slug, "The match was cancelled. ⚽"), 202)
    assert settling.keys() == MARKET_MEMBERS
    assert settling["status"] == "SETTLING"
    market = await api.anyone.settled(slug)
    assert market["status"] == "VOIDED"
    assert market["resolution"] == {
        "payouts": None,
        "reason": "The match was cancelled. ⚽",
        "resolved_at": market["resolution"]["resolved_at"],
        "settles_at": market["resolution"]["resolved_at"],
    }
    assert await trader.balance() == await creator.balance() == 1000
    assert (await trader.portfolio())["positions"] == []


@pytest.mark.contract("void")
async def test_refunds(api: Api) -> None:
    """With s = max(0, paid − received), held shares or not: ⌊s·max(0, min(1, (pool − subsidy)/Σ s))⌋; nobody pays."""
    people = {name: await api.open_account() for name in ("creator", "ann", "bob", "cid")}
    slug = await api.published_market(people["creator"])
    spent = dict.fromkeys(("ann", "bob", "cid"), Decimal(0))
    for name, outcome, side, quantity in SCRIPT:
        order = answer(await people[name].order(slug, outcome, side, quantity=quantity), 201)
        spent[name] += Decimal(order["amount"]) if side == "buy" else -Decimal(order["amount"])
    assert spent["ann"] < 0 < spent["cid"] < spent["bob"]
    stakes = {name: max(Decimal(0), amount) for name, amount in spent.items()}
    collected, total = sum(spent.values(), Decimal(0)), sum(stakes.values(), Decimal(0))
    assert 0 < collected < total
    before = {name: await people[name].balance() for name in spent}
    answer(await (await api.open_account("admin")).void(slug), 202)
    await api.anyone.settled(slug)
    for name, stake in stakes.items():
        refund = (stake * collected / total).quantize(MICRO, ROUND_DOWN)
        assert await people[name].balance() == before[name] + refund
    assert sum([await caller.balance() for caller in people.values()]) == 4000


@pytest.mark.contract("void")
async def test_sold_out_at_a_loss(api: Api, trader: Caller) -> None:
    """Who has lost money and holds nothing any more gets it back as well."""
    slug, whale = await api.published_market(), await api.open_account()
    answer(await trader.order(slug, quantity="10"), 201)
    answer(await whale.order(slug, "NO", quantity="100"), 201)
    answer(await trader.order(slug, side="sell", quantity="10"), 201)
    assert await trader.balance() < 999
    answer(await (await api.open_account("admin")).void(slug), 202)
    await api.anyone.settled(slug)
    assert await trader.balance() == await whale.balance() == 1000


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reason"),
        ({"reason": ""}, "reason"),
        ({"reason": "r" * 201}, "reason"),
        ({"reason": "\x00"}, "reason"),
        ({"reason": None}, "reason"),
        ({"reason": 1}, "reason"),
        ({"reason": "r", "outcome": "YES"}, "outcome"),
    ],
)
async def test_body_is_validated(member: Caller, open_market: str, body: Any, field: str) -> None:
    """`reason` 1–200, and no other member; told before 403 and 404."""
    for slug in (open_market, "nowhere"):
        problem(await member.post(f"/v1/markets/{slug}/void", body), 400, "validation-failed", [field])


async def test_longest_reason(api: Api) -> None:
    """A character is a code point: 200 of four bytes fit."""
    admin = await api.open_account("admin")
    slug = await api.published_market(admin)
    answer(await admin.void(slug, "🌧" * 200), 202)
    assert (await admin.settled(slug))["resolution"]["reason"] == "🌧" * 200
