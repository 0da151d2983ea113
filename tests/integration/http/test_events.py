"""Events: everything that happens to a market, in order and without gaps."""

from typing import Any

import pytest

from tests.integration.http.client import Api, Caller
from tests.integration.http.contract import Json, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVENT_MEMBERS = {"market", "position", "type", "created_at", "data"}
STATE_MEMBERS = {"status", "closes_at", "resolution", "clarification"}


async def events(caller: Caller, slug: str, **parameters: Any) -> Json:
    """One page of a market's events."""
    path = f"/v1/markets/{slug}/events"
    content: Json = answer(await caller.http.get(path, params=parameters, headers=caller.credential), 200)
    assert content.keys() == {"events", "position"}
    return content


async def settled_market(api: Api) -> tuple[Caller, str]:
    """A market that was traded on, closed, reopened, resolved and paid out; and its creator."""
    creator, trader = await api.open_account(), await api.open_account()
    slug = await api.published_market(creator)
    answer(await trader.order(slug, quantity="10"), 201)
    answer(await creator.close(slug), 200)
    answer(await creator.reopen(slug), 200)
    answer(await trader.order(slug, side="sell", quantity="4"), 201)
    answer(await creator.resolve(slug, outcome="YES"), 202)
    await trader.settled(slug)
    return creator, slug


TYPES = [
    "market.published",
    "trade",
    "market.closed",
    "market.reopened",
    "trade",
    "market.resolving",
    "market.resolved",
]


@pytest.mark.contract("events")
async def test_events(api: Api) -> None:
    """Every change of a market from its publication on, each with the next position; trades are as they are listed."""
    _, slug = await settled_market(api)
    content = await events(api.anyone, slug)
    assert [event["type"] for event in content["events"]] == TYPES
    assert [event["position"] for event in content["events"]] == list(range(1, len(TYPES) + 1))
    assert content["position"] == len(TYPES) == (await api.anyone.market(slug))["position"]
    assert all(event.keys() == EVENT_MEMBERS and event["market"] == slug for event in content["events"])
    traded = [event["data"] for event in content["events"] if event["type"] == "trade"]
    assert traded[::-1] == await api.anyone.items(f"/v1/markets/{slug}/trades")
    states = [event["data"] for event in content["events"] if event["type"] != "trade"]
    assert all(state.keys() == STATE_MEMBERS for state in states)
    assert [state["status"] for state in states] == ["ACTIVE", "CLOSED", "ACTIVE", "SETTLING", "RESOLVED"]
    market = await api.anyone.market(slug)
    assert [state["resolution"] for state in states] == [None, None, None, *[market["resolution"]] * 2]


@pytest.mark.contract("events")
async def test_pages(api: Api) -> None:
    """`after` and `limit` cut the list anywhere; above its end it is empty, and `position` is what was asked."""
    _, slug = await settled_market(api)
    whole = (await events(api.anyone, slug))["events"]
    for after in range(len(TYPES) + 1):
        for limit in (1, 2, 500):
            content = await events(api.anyone, slug, after=after, limit=limit)
            assert content["events"] == whole[after : after + limit]
            assert content["position"] == min(after + limit, len(TYPES))
    for after in (len(TYPES) + 1, 2**53 - 1):
        assert await events(api.anyone, slug, after=after) == {"events": [], "position": after}


@pytest.mark.contract("events", "headers")
async def test_how_long_a_page_may_be_kept(api: Api) -> None:
    """A full page never changes, the last one does; with a credential no shared cache keeps either."""
    creator, slug = await settled_market(api)
    path = f"/v1/markets/{slug}/events"
    for query, kept in (("?limit=7", "public, max-age=86400"), ("?limit=8", "public, max-age=1")):
        response = await api.http.get(path + query)
        assert response.headers["Cache-Control"] == kept
        assert response.headers["ETag"]
        assert (await creator.get(path + query)).headers["Cache-Control"] == "private, no-cache"
        again = await api.http.get(path + query, headers={"If-None-Match": response.headers["ETag"]})
        assert (again.status_code, again.headers["Cache-Control"]) == (304, kept)


@pytest.mark.contract("events")
async def test_a_draft(api: Api) -> None:
    """A draft has position 0 and no events, and is not there for anybody else."""
    creator, admin = await api.open_account(), await api.sign_in("admin")
    slug = await api.draft(creator)
    assert (await creator.market(slug))["position"] == 0
    for reader in (creator, admin):
        assert await events(reader, slug) == {"events": [], "position": 0}
    for reader in (api.anyone, await api.open_account()):
        problem(await reader.get(f"/v1/markets/{slug}/events"), 404, "market-not-found")
    answer(await creator.publish(slug), 200)
    assert (await events(api.anyone, slug))["position"] == 1


@pytest.mark.contract("events")
async def test_no_such_market(api: Api) -> None:
    """An unknown market is refused, and so is HEAD of it."""
    problem(await api.anyone.get("/v1/markets/nowhere/events"), 404, "market-not-found")
    assert (await api.http.head("/v1/markets/nowhere/events")).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        *(
            f"after={text}"
            for text in ("-1", "1.0", "1e3", "", "x", "00", "+1", "9007199254740992", "9" * 17, "%D9%A1")
        ),
        *(f"limit={text}" for text in ("0", "-1", "501", "1000", "", "x", "1.5", "01", "%D9%A1")),
    ],
)
async def test_bad_parameters(api: Api, open_market: str, query: str) -> None:
    """A position or limit outside its values is refused, never clamped, and named."""
    refusal = problem(await api.anyone.get(f"/v1/markets/{open_market}/events?{query}"), 400, "validation-failed")
    assert [error["field"] for error in refusal["errors"]] == [query.partition("=")[0]]
