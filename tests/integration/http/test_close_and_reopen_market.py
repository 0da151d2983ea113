"""Closing and reopening by hand, and every conflict of a market's life."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.integration.http.client import Api, Caller, new_key
from tests.integration.http.contract import MARKET_MEMBERS, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLOSES_AT = "2099-01-31T12:00:00.000000Z"

type Act = Callable[[Caller, str], Awaitable[httpx.Response]]

ACTIONS: dict[str, Act] = {
    "quote": lambda caller, slug: caller.quote(slug, quantity="1"),
    "order": lambda caller, slug: caller.order(slug, quantity="1"),
    "publish": lambda caller, slug: caller.publish(slug),
    "edit": lambda caller, slug: caller.edit(slug, {"name": "Will it pour?"}),
    "close": lambda caller, slug: caller.close(slug),
    "reopen": lambda caller, slug: caller.reopen(slug),
    "resolve": lambda caller, slug: caller.resolve(slug, outcome="YES"),
    "void": lambda caller, slug: caller.void(slug),
}
DONE = {
    "quote": 200,
    "order": 201,
    "publish": 200,
    "edit": 200,
    "close": 200,
    "reopen": 200,
    "resolve": 202,
    "void": 202,
}
ONCE = ("close", "reopen", "resolve", "void")
NOT_OPEN = dict.fromkeys(("quote", "order"), "market-not-open")
PUBLISHED = dict.fromkeys(("publish", "edit"), "already-published")
DECIDED = NOT_OPEN | PUBLISHED | dict.fromkeys(ONCE, "already-resolved")
CONFLICTS: dict[str, dict[str, str]] = {
    "DRAFT": NOT_OPEN | dict.fromkeys(ONCE, "market-not-open"),
    "ACTIVE": PUBLISHED | {"reopen": "already-published"},
    "CLOSED": NOT_OPEN | PUBLISHED | {"close": "market-not-open"},
    "CLOSED by the clock": NOT_OPEN | PUBLISHED | {"close": "market-not-open"},
    "SETTLING to RESOLVED": DECIDED,
    "SETTLING to VOIDED": DECIDED,
    "RESOLVED": DECIDED,
    "VOIDED": DECIDED,
}


async def market_in(api: Api, creator: Caller, state: str) -> str:
    """A market of that state."""
    if state == "DRAFT":
        return await api.draft(creator, liquidity="1")
    members = {}
    if state == "CLOSED by the clock":
        members["closes_at"] = (api.clock.now() + timedelta(minutes=1)).isoformat()
    slug = await api.published_market(creator, liquidity="1", **members)
    if state == "CLOSED":
        answer(await creator.close(slug), 200)
    if state == "CLOSED by the clock":
        api.clock.advance(timedelta(minutes=1))
    if state.endswith("RESOLVED"):
        answer(await creator.resolve(slug, outcome="NO"), 202)
    if state.endswith("VOIDED"):
        answer(await creator.void(slug), 202)
    if state in {"RESOLVED", "VOIDED"}:
        assert (await creator.settled(slug))["status"] == state
    return slug


@pytest.mark.parametrize("state", CONFLICTS)
async def test_conflicts(fresh_api: Api, state: str) -> None:
    """Each action in each state is done, or is the 409 that the contract's sentence of conflicts names."""
    creator = await fresh_api.open_account("admin")
    slug = await market_in(fresh_api, creator, state)
    for name, act in ACTIONS.items():
        response = await act(creator, slug)
        if name in CONFLICTS[state]:
            problem(response, 409, CONFLICTS[state][name])
        else:
            answer(response, DONE[name])
            slug = await market_in(fresh_api, creator, state)


@pytest.mark.contract("close and reopen")
@pytest.mark.parametrize("by", ["creator", "admin"])
async def test_close_and_reopen(api: Api, trader: Caller, by: str) -> None:
    """By its creator or an admin → 200 market: CLOSED keeps everything, and ACTIVE again it trades on."""
    creator = await api.open_account()
    caller = creator if by == "creator" else await api.open_account("admin")
    slug = await api.published_market(creator, closes_at=CLOSES_AT)
    answer(await trader.order(slug, quantity="10"), 201)
    before = await api.anyone.market(slug)
    closed = answer(await caller.close(slug), 200)
    assert closed.keys() == MARKET_MEMBERS
    assert closed == before | {"status": "CLOSED", "position": 3} == await api.anyone.market(slug)
    problem(await trader.order(slug, side="sell", quantity="10"), 409, "market-not-open")
    reopened = answer(await caller.reopen(slug), 200)
    assert reopened == before | {"closes_at": None, "position": 4} == await api.anyone.market(slug)
    assert answer(await trader.order(slug, side="sell", quantity="10"), 201)["trades"][0]["version"] == 2


@pytest.mark.contract("close and reopen")
async def test_reopen_until(fresh_api: Api) -> None:
    """Reopened after its time has come it trades until the new one."""
    creator, trader = await fresh_api.open_account(), await fresh_api.open_account()
    soon = timedelta(minutes=1)
    slug = await fresh_api.published_market(creator, closes_at=(fresh_api.clock.now() + soon).isoformat())
    for _ in range(2):
        answer(await trader.order(slug, quantity="1"), 201)
        fresh_api.clock.advance(soon)
        problem(await trader.order(slug, quantity="1"), 409, "market-not-open")
        closes_at = (fresh_api.clock.now() + soon).isoformat()
        assert answer(await creator.reopen(slug, closes_at), 200)["status"] == "ACTIVE"


async def test_reopen_in_the_past(api: Api, trader: Caller) -> None:
    """`closes_at` not in the future is 422 invalid-market; the market stays closed."""
    slug = await api.published_market(trader)
    answer(await trader.close(slug), 200)
    problem(await trader.reopen(slug, "2020-01-31T12:00:00Z"), 422, "invalid-market")
    assert (await trader.market(slug))["status"] == "CLOSED"


@pytest.mark.parametrize("body", [{"closes_at": "soon"}, {"closes_at": 1}, {"closes_at": None, "x": 1}, {}, []])
async def test_reopen_is_validated(member: Caller, open_market: str, body: Any) -> None:
    """A 400 before anything about the market."""
    for slug in (open_market, "nowhere"):
        problem(await member.post(f"/v1/markets/{slug}/reopen", body), 400, "validation-failed")


async def test_close_takes_no_body(api: Api, trader: Caller) -> None:
    """A POST that needs no body takes none or `{}`, and no member."""
    first, second = await api.published_market(trader), await api.published_market(trader)
    problem(await trader.post(f"/v1/markets/{first}/close", {"x": 1}), 400, "validation-failed", ["x"])
    answer(await trader.post(f"/v1/markets/{first}/close", {}), 200)
    answer(await trader.post(f"/v1/markets/{second}/close"), 200)


@pytest.mark.contract("close and reopen", "401 / 403")
async def test_others_may_not(api: Api, member: Caller, open_market: str) -> None:
    """Close and reopen are the creator's and admins', void is the admins': otherwise 403, before any conflict."""
    creator = await api.open_account()
    closed = await api.published_market(creator)
    answer(await creator.close(closed), 200)
    for slug in (open_market, closed):
        problem(await member.close(slug), 403, "forbidden")
        problem(await member.reopen(slug), 403, "forbidden")
        problem(await member.void(slug), 403, "forbidden")
    problem(await creator.void(closed), 403, "forbidden")


async def test_drafts_are_hidden(api: Api, member: Caller) -> None:
    """A draft is market-not-found to everybody but its creator and admins, on every route."""
    creator, admin = await api.open_account(), await api.open_account("admin")
    slug = await api.draft(creator)
    for act in ACTIONS.values():
        problem(await act(member, slug), 404, "market-not-found")
    for path in (f"/v1/markets/{slug}", f"/v1/markets/{slug}/trades", f"/v1/markets/{slug}/holders"):
        for caller in (member, api.anyone):
            problem(await caller.get(path), 404, "market-not-found")
        for caller in (creator, admin):
            assert (await caller.get(path)).status_code == 200


@pytest.mark.contract("idempotency", "keys that cannot be used")
@pytest.mark.parametrize("name", ["close", "reopen", "void"])
async def test_replay(api: Api, name: str) -> None:
    """Same key, same request: the first answer again, whatever has become of the market; another request is 422."""
    creator, key = await api.open_account("admin"), new_key()
    slug = await market_in(api, creator, "CLOSED" if name == "reopen" else "ACTIVE")
    path, body = f"/v1/markets/{slug}/{name}", {"reopen": {"closes_at": None}, "void": {"reason": "Off."}}.get(name)
    first = await creator.post(path, body, key=key)
    answer(first, DONE[name])
    assert "Idempotency-Replayed" not in first.headers
    if name == "void":
        await creator.settled(slug)
    else:
        answer(await creator.resolve(slug, outcome="YES"), 202)
    again = await creator.post(path, body, key=key)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    other = {"reopen": {"closes_at": CLOSES_AT}, "void": {"reason": "On."}}.get(name, body)
    elsewhere = await market_in(api, creator, "ACTIVE") if name == "close" else slug
    response = await creator.post(f"/v1/markets/{elsewhere}/{name}", other, key=key)
    problem(response, 422, "idempotency-key-reused")
