"""One market from its creation to its last payment, with three traders; and a market that closes by the clock."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.integration.http.client import Api, Caller
from tests.integration.http.contract import Json, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

ISSUED = 4000

SCRIPT = [
    ("ann", "YES", "buy", {"quantity": "120"}),
    ("bob", "NO", "buy", {"spend": "75.5"}),
    ("cyd", "YES", "buy", {"quantity": "33.333333"}),
    ("ann", "YES", "sell", {"quantity": "19.999999"}),
    ("cyd", "NO", "buy", {"spend": "0.000001"}),
    ("bob", "NO", "sell", {"quantity": "1"}),
    ("cyd", "YES", "sell", {"quantity": "33.333333"}),
    ("bob", "YES", "buy", {"spend": "10", "limit_price": "0.9", "time_in_force": "immediate_or_cancel"}),
    ("ann", "NO", "buy", {"quantity": "250"}),
]


@pytest.mark.parametrize(
    "resolution",
    [
        {"outcome": "YES"},
        {"outcome": "NO"},
        {"payouts": {"YES": "0.3", "NO": "0.7"}},
        {"payouts": {"YES": "0.333333", "NO": "0.666667"}},
    ],
)
async def test_no_money_is_made_or_lost(api: Api, resolution: Json) -> None:
    """The sum of all balances and the pool is what was issued, after every trade and at the end."""
    people = {name: await api.open_account() for name in ("creator", "ann", "bob", "cyd")}
    creator = people["creator"]
    slug = await api.published_market(creator)
    pool = Decimal((await creator.market(slug))["subsidy"])
    await balances_add_up(people, pool)
    for name, outcome, side, members in SCRIPT:
        order = answer(await people[name].order(slug, outcome, side, **members), 201)
        pool += Decimal(order["amount"]) if side == "buy" else -Decimal(order["amount"])
        assert await people[name].balance() == Decimal(order["balance"])
        await balances_add_up(people, pool)
        await shares_add_up(people, slug)
    held = {name: await caller.holds(slug) for name, caller in people.items()}
    before = {name: await caller.balance() for name, caller in people.items()}
    answer(await creator.resolve(slug, **resolution), 202)
    market = await api.anyone.settled(slug)
    payouts = {name: Decimal(part) for name, part in market["resolution"]["payouts"].items()}
    for name in ("ann", "bob", "cyd"):
        paid = sum((payouts[outcome] * quantity for outcome, quantity in held[name].items()), Decimal(0))
        assert await people[name].balance() == before[name] + rounded_down(paid)
    await balances_add_up(people, Decimal(0))


def rounded_down(amount: Decimal) -> Decimal:
    """The amount in whole micro-credits."""
    return Decimal(int(amount * 1_000_000)) / 1_000_000


async def balances_add_up(people: dict[str, Caller], pool: Decimal) -> None:
    """All balances and the pool are what was issued."""
    assert sum([await caller.balance() for caller in people.values()]) + pool == ISSUED


async def shares_add_up(people: dict[str, Caller], slug: str) -> None:
    """The shares that the market shows as outstanding are those that people hold."""
    market = await people["creator"].market(slug)
    held = [await caller.holds(slug) for caller in people.values()]
    for outcome in market["outcomes"]:
        assert sum(shares.get(outcome["name"], Decimal(0)) for shares in held) == Decimal(outcome["shares"])


@pytest.mark.contract("create market", "find markets")
async def test_market_that_closes_by_the_clock(fresh_api: Api) -> None:
    """From `closes_at` status reads CLOSED: it is listed so, trades no more, and may be resolved."""
    api = fresh_api
    creator, trader = await api.open_account(), await api.open_account()
    closes_at = (api.clock.now() + timedelta(minutes=5)).isoformat()
    slug = await api.published_market(creator, tags=["soon"], closes_at=closes_at)
    api.clock.advance(timedelta(minutes=4))
    bought = answer(await trader.order(slug, quantity="10"), 201)
    api.clock.advance(timedelta(minutes=1))
    assert (await api.anyone.market(slug))["status"] == "CLOSED"
    await closed_everywhere(trader, slug)
    problem(await creator.publish(slug), 409, "already-published")
    answer(await creator.resolve(slug, outcome="YES"), 202)
    await api.anyone.settled(slug)
    assert await trader.balance() == Decimal(bought["balance"]) + 10


async def closed_everywhere(trader: Caller, slug: str) -> None:
    """Every answer about the market says that it is closed."""
    for body in ({"quantity": "1"}, {"side": "sell", "quantity": "1"}, {"outcome": "MAYBE", "quantity": "1"}):
        problem(await trader.order(slug, **body), 409, "market-not-open")
        problem(await trader.quote(slug, **body), 409, "market-not-open")
    for parameters, listed in (
        ("tag=soon", [slug]),
        ("status=CLOSED", [slug]),
        ("status=CLOSED&tag=soon", [slug]),
        ("status=ACTIVE", []),
        ("status=ACTIVE&tag=soon&limit=1", []),
    ):
        content = answer(await trader.get(f"/v1/markets?{parameters}"), 200)
        assert [(market["slug"], market["status"]) for market in content["markets"]] == [(s, "CLOSED") for s in listed]
    (position,) = (await trader.portfolio())["positions"]
    assert position["status"] == "CLOSED"
