"""Resolving a market, and paying its holders."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.http.client import Api, Caller, new_key
from tests.integration.http.contract import MARKET_MEMBERS, Json, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORBIDDEN = (403, "forbidden")


@pytest.mark.contract("resolve")
async def test_resolve(api: Api, trader: Caller) -> None:
    """→ 202 SETTLING, RESOLVED once all is paid; `resolution` is payouts, reason null and resolved_at."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    answer(await trader.order(slug, quantity="10"), 201)
    settling = answer(await creator.resolve(slug, outcome="YES"), 202)
    assert settling.keys() == MARKET_MEMBERS
    assert (settling["slug"], settling["status"]) == (slug, "SETTLING")
    market = await api.anyone.settled(slug)
    assert market.keys() == MARKET_MEMBERS
    assert market["resolution"] == {
        "payouts": {"YES": "1.000000", "NO": "0.000000"},
        "reason": None,
        "resolved_at": market["resolution"]["resolved_at"],
        "settles_at": market["resolution"]["resolved_at"],
    }
    assert market["resolution"]["resolved_at"] >= market["published_at"]


@pytest.mark.contract("resolve")
async def test_winner_is_paid(api: Api, trader: Caller) -> None:
    """A share of the outcome that happened pays one credit, another nothing; positions leave once settled."""
    creator, loser = await api.open_account(), await api.open_account()
    slug = await api.published_market(creator)
    won = answer(await trader.order(slug, quantity="10.5"), 201)
    lost = answer(await loser.order(slug, "NO", quantity="7"), 201)
    answer(await creator.resolve(slug, outcome="YES"), 202)
    await api.anyone.settled(slug)
    assert await trader.balance() == Decimal(won["balance"]) + Decimal("10.5")
    assert await loser.balance() == Decimal(lost["balance"])
    paid = Decimal(won["amount"]) + Decimal(lost["amount"])
    assert await creator.balance() == 1000 + paid - Decimal("10.5")
    for caller in (trader, loser):
        portfolio = await caller.portfolio()
        assert portfolio["positions"] == []
        assert portfolio["equity"] == portfolio["balance"]


@pytest.mark.contract("resolve")
async def test_resolve_to_shares_of_each(api: Api, trader: Caller) -> None:
    """`payouts` gives every outcome its part; a payout is rounded down once, what remains is the creator's."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    answer(await trader.order(slug, quantity="3.333333"), 201)
    before = answer(await trader.order(slug, "NO", quantity="1.000001"), 201)
    answer(await creator.resolve(slug, payouts={"YES": "0.3", "NO": "0.7"}), 202)
    market = await api.anyone.settled(slug)
    assert market["resolution"]["payouts"] == {"YES": "0.300000", "NO": "0.700000"}
    # 0.3 × 3.333333 + 0.7 × 1.000001 = 1.7000006, rounded down once.
    assert await trader.balance() == Decimal(before["balance"]) + Decimal("1.700000")
    assert await trader.balance() + await creator.balance() == 2000


async def test_payout_is_rounded_once(api: Api, trader: Caller) -> None:
    """Parts of a micro-credit that two outcomes pay add up before they are rounded down."""
    slug = await api.published_market()
    answer(await trader.order(slug, quantity="1.000001"), 201)
    before = answer(await trader.order(slug, "NO", quantity="1.000001"), 201)
    admin = await api.open_account("admin")
    answer(await admin.resolve(slug, payouts={"YES": "0.3", "NO": "0.7"}), 202)
    await api.anyone.settled(slug)
    assert await trader.balance() == Decimal(before["balance"]) + Decimal("1.000001")


async def test_resolve_one_of_many(api: Api, trader: Caller) -> None:
    """An outcome among many pays all, the others nothing."""
    creator = await api.open_account()
    names = [f"O{number}" for number in range(20)]
    slug = await api.published_market(creator, outcomes=names, liquidity="10")
    for name in names:
        answer(await trader.order(slug, name, quantity="2"), 201)
    before = await trader.balance()
    answer(await creator.resolve(slug, outcome="O7"), 202)
    market = await api.anyone.settled(slug)
    expected = {name: "1.000000" if name == "O7" else "0.000000" for name in names}
    assert market["resolution"]["payouts"] == expected
    assert await trader.balance() == before + 2


async def test_resolve_without_trades(api: Api) -> None:
    """A market that nobody traded gives its whole escrow back."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    assert answer(await creator.resolve(slug, outcome="NO"), 202)["status"] == "SETTLING"
    await api.anyone.settled(slug)
    assert await creator.balance() == 1000


async def test_either_outcome_or_payouts(api: Api) -> None:
    """Both or neither of two alternatives is a 400."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    whole = {"YES": "1", "NO": "0"}
    for members in ({}, {"outcome": "YES", "payouts": whole}):
        problem(await creator.resolve(slug, **members), 400, "validation-failed")
    assert (await creator.market(slug))["status"] == "ACTIVE"


BAD_BODIES: list[tuple[Any, str]] = [
    ({"outcome": 1}, "outcome"),
    ({"outcome": ""}, "outcome"),
    ({"outcome": "O" * 41}, "outcome"),
    ({"outcome": ["YES"]}, "outcome"),
    ({"outcome": "YES\x00"}, "outcome"),
    ({"payouts": "YES"}, "payouts"),
    ({"payouts": ["1", "0"]}, "payouts"),
    ({"payouts": {"YES": 1, "NO": "0"}}, "payouts.YES"),
    ({"payouts": {"YES": "1", "NO": None}}, "payouts.NO"),
    ({"payouts": {"YES": "1.0000000", "NO": "0"}}, "payouts.YES"),
    ({"payouts": {"YES": "1", "NO": "-0"}}, "payouts.NO"),
    ({"outcome": "YES", "note": "x"}, "note"),
]


@pytest.mark.parametrize(("body", "field"), BAD_BODIES)
async def test_resolution_is_validated(member: Caller, open_market: str, body: Json, field: str) -> None:
    """What the request shows alone is a 400, and `field` a dotted path."""
    problem(await member.resolve(open_market, **body), 400, "validation-failed", [field])


INVALID: list[Json] = [
    {"outcome": "MAYBE"},
    {"outcome": "yes"},
    {"payouts": {"YES": "1"}},
    {"payouts": {"YES": "0.5", "MAYBE": "0.5"}},
    {"payouts": {"YES": "0.5", "NO": "0.5", "MAYBE": "0"}},
    {"payouts": {"yes": "1", "no": "0"}},
    {"payouts": {"YES": "0.3", "NO": "0.700001"}},
    {"payouts": {"YES": "0.3", "NO": "0.699999"}},
    {"payouts": {"YES": "0", "NO": "0"}},
    {"payouts": {"YES": "1", "NO": "1"}},
]


@pytest.mark.parametrize("body", INVALID)
async def test_invalid_resolution(api: Api, body: Json) -> None:
    """422 invalid-resolution: unknown or missing outcome, sum not 1."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    before = await creator.market(slug)
    problem(await creator.resolve(slug, **body), 422, "invalid-resolution")
    assert await creator.market(slug) == before


async def test_stranger_does_not_resolve(api: Api, trader: Caller, open_market: str) -> None:
    """By an admin or its creator; another is forbidden."""
    problem(await trader.resolve(open_market, outcome="YES"), *FORBIDDEN)
    assert (await api.anyone.market(open_market))["status"] == "ACTIVE"


@pytest.mark.contract("resolve", "401 / 403")
async def test_interested_creator_does_not_resolve(api: Api) -> None:
    """A creator who holds shares of it may not: an interested party does not resolve. An admin may."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    answer(await creator.order(slug, quantity="1"), 201)
    problem(await creator.resolve(slug, outcome="YES"), *FORBIDDEN)
    problem(await creator.resolve(slug, payouts={"YES": "0", "NO": "1"}), *FORBIDDEN)
    admin = await api.open_account("admin")
    answer(await admin.resolve(slug, outcome="NO"), 202)
    assert (await api.anyone.settled(slug))["status"] == "RESOLVED"


@pytest.mark.contract("resolve")
async def test_creator_who_once_held_shares_does_not_resolve(api: Api) -> None:
    """A creator who *never* held shares: having sold all of them does not help."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    answer(await creator.order(slug, quantity="5"), 201)
    answer(await creator.order(slug, side="sell", quantity="5"), 201)
    problem(await creator.resolve(slug, outcome="YES"), *FORBIDDEN)


async def test_creator_with_shares_of_another_market_resolves(api: Api) -> None:
    """Shares of it: those of other markets do not matter."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    answer(await creator.order(await api.published_market(), quantity="5"), 201)
    answer(await creator.resolve(slug, outcome="YES"), 202)


async def test_creator_who_could_not_buy_resolves(api: Api) -> None:
    """An order that failed gave no shares."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    problem(await creator.order(slug, quantity="100000"), 422, "insufficient-funds")
    answer(await creator.resolve(slug, outcome="YES"), 202)


async def test_draft_is_not_resolved(api: Api) -> None:
    """On DRAFT market-not-open."""
    creator = await api.open_account()
    slug = await api.draft(creator)
    problem(await creator.resolve(slug, outcome="YES"), 409, "market-not-open")
    assert (await creator.market(slug))["status"] == "DRAFT"


@pytest.mark.contract("conflicts", "409")
async def test_resolve_twice(api: Api) -> None:
    """Once SETTLING already-resolved, to an admin too, and the first resolution stays."""
    creator, admin = await api.open_account(), await api.open_account("admin")
    slug = await api.published_market(creator)
    answer(await creator.resolve(slug, outcome="YES"), 202)
    problem(await creator.resolve(slug, outcome="NO"), 409, "already-resolved")
    market = await api.anyone.settled(slug)
    for caller in (creator, admin):
        for outcome in ("YES", "NO"):
            problem(await caller.resolve(slug, outcome=outcome), 409, "already-resolved")
    assert await api.anyone.market(slug) == market
    assert market["resolution"]["payouts"]["YES"] == "1.000000"


async def test_resolve_twice_at_once(api: Api, trader: Caller) -> None:
    """Of two resolutions at once one holds, and all is paid once."""
    creator, admin = await api.open_account(), await api.open_account("admin")
    slug = await api.published_market(creator)
    order = answer(await trader.order(slug, quantity="10"), 201)
    responses = await asyncio.gather(creator.resolve(slug, outcome="YES"), admin.resolve(slug, outcome="NO"))
    assert sorted(response.status_code for response in responses) == [202, 409]
    won = "YES" if responses[0].status_code == 202 else "NO"
    market = await api.anyone.settled(slug)
    assert market["resolution"]["payouts"][won] == "1.000000"
    assert await trader.balance() == Decimal(order["balance"]) + (10 if won == "YES" else 0)


@pytest.mark.contract("idempotency")
async def test_replayed_resolution(api: Api) -> None:
    """Idempotency-Key is honoured: the first answer again, not already-resolved."""
    creator = await api.open_account()
    slug, key = await api.published_market(creator), new_key()
    first = await creator.post(f"/v1/markets/{slug}/resolve", {"outcome": "YES"}, key=key)
    answer(first, 202)
    await api.anyone.settled(slug)
    again = await creator.post(f"/v1/markets/{slug}/resolve", {"outcome": "YES"}, key=key)
    assert (again.status_code, again.content) == (202, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.contract("conflicts")
async def test_resolved_market_does_not_trade(api: Api, trader: Caller) -> None:
    """Orders and quotes unless ACTIVE: market-not-open; publish unless DRAFT: already-published."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    answer(await trader.order(slug, quantity="10"), 201)
    answer(await creator.resolve(slug, outcome="YES"), 202)
    for _ in range(2):
        problem(await trader.order(slug, quantity="1"), 409, "market-not-open")
        problem(await trader.order(slug, side="sell", quantity="1"), 409, "market-not-open")
        problem(await api.anyone.quote(slug, quantity="1"), 409, "market-not-open")
        problem(await creator.publish(slug), 409, "already-published")
        await api.anyone.settled(slug)


async def test_trade_or_resolution_at_once(api: Api) -> None:
    """Orders that race a resolution are traded before it and paid, or refused: no money is made or lost."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    traders = [await api.open_account() for _ in range(6)]
    *orders, resolution = await asyncio.gather(
        *(trader.order(slug, quantity="5") for trader in traders), creator.resolve(slug, outcome="YES")
    )
    answer(resolution, 202)
    assert {order.status_code for order in orders} <= {201, 409}
    await api.anyone.settled(slug)
    for trader, order in zip(traders, orders, strict=True):
        paid = Decimal(order.json()["amount"]) if order.status_code == 201 else Decimal(5)
        assert await trader.balance() == 1000 - paid + 5
    assert sum([await caller.balance() for caller in (creator, *traders)]) == 7000


async def test_settlement_of_many_holders(api: Api) -> None:
    """Everybody is paid once, however many hold shares."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    holders = [await api.open_account() for _ in range(40)]
    orders = [answer(await holder.order(slug, "NO", quantity="1.5"), 201) for holder in holders]
    answer(await creator.resolve(slug, outcome="NO"), 202)
    await api.anyone.settled(slug)
    for holder, order in zip(holders, orders, strict=True):
        assert await holder.balance() == Decimal(order["balance"]) + Decimal("1.5")
    assert sum([await caller.balance() for caller in (creator, *holders)]) == 41_000
