"""Drafts that only their creators see, and publishing them."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.integration.http.client import Api, Caller, new_key
from tests.integration.http.contract import MARKET_MEMBERS, answer, problem
from tests.integration.http.reference import subsidy_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.contract("publish market", "market")
async def test_publish(api: Api, trader: Caller) -> None:
    """POST …/publish → 200 ACTIVE; escrows b ln n, rounded up to the micro-credit, from the creator."""
    slug = await api.draft(trader)
    draft = await trader.market(slug)
    market = answer(await trader.publish(slug), 200)
    assert market.keys() == MARKET_MEMBERS
    assert market["published_at"] >= market["created_at"]
    trend = {"outcome": "YES", "prices": ["0.500000"]}
    changed = {"status": "ACTIVE", "published_at": market["published_at"], "version": 0, "position": 1, "trend": trend}
    assert market == {**draft, **changed}
    assert market["subsidy"] == "69.314719"
    assert (await trader.portfolio())["balance"] == "930.685281"
    assert await api.anyone.market(slug) == market


@pytest.mark.parametrize(("liquidity", "count"), [("1", 2), ("100", 4), ("100", 20), ("33.333333", 3), ("1", 20)])
async def test_escrow(api: Api, trader: Caller, liquidity: str, count: int) -> None:
    """The escrow is ⌈b ln n⌉ in micro-credits, whatever b and n are."""
    outcomes = [f"O{number}" for number in range(count)]
    slug = await api.published_market(trader, liquidity=liquidity, outcomes=outcomes)
    subsidy = subsidy_of(Decimal(liquidity), count)
    assert (await trader.market(slug))["subsidy"] == subsidy
    assert await trader.balance() == 1000 - Decimal(subsidy)


@pytest.mark.contract("publish market")
async def test_escrow_of_everything(api: Api, trader: Caller) -> None:
    """A creator may escrow the last micro-credit, and not one more."""
    too_large = await api.draft(trader, liquidity="1442.695041")
    problem(await trader.publish(too_large), 422, "insufficient-funds")
    assert (await trader.market(too_large))["status"] == "DRAFT"
    assert await trader.balance() == 1000
    exact = await api.draft(trader, liquidity="1442.69504")
    assert answer(await trader.publish(exact), 200)["subsidy"] == "1000.000000"
    assert await trader.balance() == 0


@pytest.mark.contract("publish market", "422")
async def test_short_of_the_escrow(api: Api, trader: Caller) -> None:
    """Short of it 422 insufficient-funds; the draft stays a draft."""
    slug = await api.draft(trader, liquidity="1000000")
    before = await trader.market(slug)
    problem(await trader.publish(slug), 422, "insufficient-funds")
    assert await trader.market(slug) == before
    assert await trader.balance() == 1000


async def test_publish_twice(api: Api, trader: Caller) -> None:
    """Conflicts: publish unless DRAFT is already-published."""
    slug = await api.published_market(trader)
    problem(await trader.publish(slug), 409, "already-published")
    assert (await trader.portfolio())["balance"] == "930.685281"


async def test_publish_twice_at_once(api: Api, trader: Caller) -> None:
    """Of concurrent publishers one publishes: the escrow is taken once."""
    slug = await api.draft(trader)
    responses = await asyncio.gather(*(trader.publish(slug) for _ in range(4)))
    assert sorted(response.status_code for response in responses) == [200, 409, 409, 409]
    assert (await trader.portfolio())["balance"] == "930.685281"


async def test_publish_two_with_money_for_one(api: Api, trader: Caller) -> None:
    """Two drafts at once with money for one: one is published."""
    slugs = [await api.draft(trader, liquidity="1000") for _ in range(2)]
    responses = await asyncio.gather(*(trader.publish(slug) for slug in slugs))
    assert sorted(response.status_code for response in responses) == [200, 422]
    assert (await trader.portfolio())["balance"] == "306.852819"


@pytest.mark.contract("idempotency")
async def test_replayed_publication(api: Api, trader: Caller) -> None:
    """Idempotency-Key is honoured: the same answer again, not already-published."""
    slug, key = await api.draft(trader), new_key()
    first = await trader.post(f"/v1/markets/{slug}/publish", key=key)
    again = await trader.post(f"/v1/markets/{slug}/publish", key=key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.contract("publish market", "401 / 403")
async def test_only_the_creator_publishes(api: Api, trader: Caller) -> None:
    """The creator alone may publish (an admin: 403); to others a draft is not there."""
    slug = await api.draft(trader)
    admin, other = await api.open_account("admin"), await api.open_account()
    problem(await admin.publish(slug), 403, "forbidden")
    problem(await other.publish(slug), 404, "market-not-found")
    assert (await trader.market(slug))["status"] == "DRAFT"
    answer(await trader.publish(slug), 200)
    problem(await admin.publish(slug), 403, "forbidden")
    problem(await other.publish(slug), 403, "forbidden")


@pytest.mark.contract("edit market", "404")
async def test_draft_is_hidden_on_every_route(api: Api, trader: Caller) -> None:
    """A draft is market-not-found to everybody but its creator and admins, on every route."""
    slug = await api.draft(trader)
    other = await api.open_account()
    hidden = (404, "market-not-found")
    for caller in (api.anyone, other, await api.sign_in()):
        problem(await caller.get(f"/v1/markets/{slug}"), *hidden)
        problem(await caller.quote(slug, quantity="1"), *hidden)
    problem(await other.order(slug, quantity="1"), *hidden)
    problem(await other.publish(slug), *hidden)
    problem(await other.resolve(slug, outcome="YES"), *hidden)


async def test_hidden_draft_looks_like_nothing(api: Api, trader: Caller) -> None:
    """A hidden draft's answer gives nothing away: it is the one of a market that never was."""
    slug = await api.draft(trader)
    hidden = problem(await api.anyone.get(f"/v1/markets/{slug}"), 404, "market-not-found")
    nothing = problem(await api.anyone.get("/v1/markets/nowhere"), 404, "market-not-found")
    assert hidden["title"] == nothing["title"]
    assert hidden["detail"].replace(slug, "nowhere") == nothing["detail"]


async def test_draft_is_shown_to_its_creator_and_admins(api: Api, trader: Caller) -> None:
    """Its creator and admins see a draft; it does not trade for them either."""
    slug = await api.draft(trader)
    admin = await api.open_account("admin")
    for caller in (trader, admin):
        assert (await caller.market(slug))["status"] == "DRAFT"
        problem(await caller.quote(slug, quantity="1"), 409, "market-not-open")
        problem(await caller.order(slug, quantity="1"), 409, "market-not-open")
        problem(await caller.resolve(slug, outcome="YES"), 409, "market-not-open")


@pytest.mark.contract("create market")
async def test_closing_time_is_checked_again(fresh_api: Api) -> None:
    """`closes_at` is checked again at publish: by then not in the future, 422 invalid-market."""
    creator = await fresh_api.open_account()
    closes_at = (fresh_api.clock.now() + timedelta(minutes=5)).isoformat()
    early, late = [await fresh_api.draft(creator, closes_at=closes_at) for _ in range(2)]
    fresh_api.clock.advance(timedelta(minutes=4))
    assert answer(await creator.publish(early), 200)["status"] == "ACTIVE"
    fresh_api.clock.advance(timedelta(minutes=1))
    problem(await creator.publish(late), 422, "invalid-market")
    assert (await creator.market(late))["status"] == "DRAFT"
    assert (await creator.portfolio())["balance"] == "930.685281"
