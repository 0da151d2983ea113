"""Clarifying the rules of a published market."""

from typing import Any

import pytest

from tests.integration.http.client import Api, Caller
from tests.integration.http.contract import MARKET_MEMBERS, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.contract("clarify")
async def test_clarify(api: Api) -> None:
    """→ 201 market, with `clarifications` of text and time, oldest first, for everybody."""
    creator, admin = await api.open_account(), await api.open_account("admin")
    slug = await api.published_market(creator)
    assert (await api.anyone.market(slug))["clarifications"] == []
    first = answer(await creator.post(f"/v1/markets/{slug}/clarifications", {"text": " Snow counts. ☃ "}), 201)
    assert first.keys() == MARKET_MEMBERS
    answer(await admin.post(f"/v1/markets/{slug}/clarifications", {"text": "Hail does not."}), 201)
    market = await api.anyone.market(slug)
    assert [added.keys() for added in market["clarifications"]] == [{"text", "created_at"}] * 2
    assert [added["text"] for added in market["clarifications"]] == [" Snow counts. ☃ ", "Hail does not."]
    assert market["clarifications"][0] == first["clarifications"][0]
    assert market["status"] == "ACTIVE"


@pytest.mark.contract("clarify")
async def test_when(api: Api) -> None:
    """ACTIVE, CLOSED or SETTLING; market-not-open on DRAFT, already-resolved later."""
    creator = await api.open_account()
    draft, slug = await api.draft(creator), await api.published_market(creator)
    text = {"text": "Snow counts."}
    problem(await creator.post(f"/v1/markets/{draft}/clarifications", text), 409, "market-not-open")
    answer(await creator.close(slug), 200)
    answer(await creator.post(f"/v1/markets/{slug}/clarifications", text), 201)
    answer(await creator.resolve(slug, outcome="YES"), 202)
    await creator.settled(slug)
    problem(await creator.post(f"/v1/markets/{slug}/clarifications", text), 409, "already-resolved")


@pytest.mark.contract("clarify")
async def test_at_most_twenty(api: Api) -> None:
    """At most 20 (422 invalid-market)."""
    creator = await api.open_account()
    path = f"/v1/markets/{await api.published_market(creator)}/clarifications"
    for number in range(20):
        answer(await creator.post(path, {"text": f"Number {number}."}), 201)
    problem(await creator.post(path, {"text": "One more."}), 422, "invalid-market")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"text": "\x00"}, "text"),
        ({"text": None}, "text"),
        ({"text": ["x"]}, "text"),
        ({"text": "x", "reason": "y"}, "reason"),
    ],
)
async def test_body_is_validated(member: Caller, open_market: str, body: Any, field: str) -> None:
    """`text` 1–2 000 and no other member; told before 403 and 404."""
    for slug in (open_market, "nowhere"):
        path = f"/v1/markets/{slug}/clarifications"
        problem(await member.post(path, body), 400, "validation-failed", [field])


async def test_longest_text(api: Api) -> None:
    """A character is a code point: 2 000 of four bytes fit."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    market = answer(await creator.post(f"/v1/markets/{slug}/clarifications", {"text": "𐍈" * 2000}), 201)
    assert market["clarifications"][0]["text"] == "𐍈" * 2000
