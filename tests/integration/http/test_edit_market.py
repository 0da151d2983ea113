"""Editing a draft."""

from datetime import timedelta
from typing import Any

import pytest

from tests.integration.http.client import Api, Caller
from tests.integration.http.contract import MARKET_MEMBERS, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLOSES_AT = "2099-01-31T12:00:00Z"


@pytest.fixture
async def slug(api: Api, trader: Caller) -> str:
    """A draft in which every member is set."""
    members = {"description": "About rain.", "rules": "A drop.", "tags": ["weather"], "closes_at": CLOSES_AT}
    return await api.draft(trader, **members)


@pytest.mark.contract("edit market")
@pytest.mark.parametrize(
    ("body", "after"),
    [
        ({}, {}),
        ({"name": "Will it pour?"}, {"name": "Will it pour?"}),
        ({"description": "", "rules": ""}, {"description": "", "rules": ""}),
        ({"closes_at": "2098-01-31T13:00:00+01:00"}, {"closes_at": "2098-01-31T12:00:00.000000Z"}),
        ({"closes_at": None}, {"closes_at": None}),
        ({"tags": []}, {"tags": []}),
        ({"tags": ["cup", "sport"], "name": "W"}, {"tags": ["cup", "sport"], "name": "W"}),
        ({"liquidity": "10"}, {"liquidity": "10.000000", "subsidy": "6.931472"}),
    ],
)
async def test_edit(trader: Caller, slug: str, body: Any, after: dict[str, Any]) -> None:
    """→ 200 market: POST's members except slug; absent keeps, null clears `closes_at`."""
    before = await trader.market(slug)
    edited = answer(await trader.edit(slug, body), 200)
    assert edited.keys() == MARKET_MEMBERS
    assert edited == before | after
    assert await trader.market(slug) == edited


async def test_edited_outcomes_are_what_trades(api: Api, trader: Caller, slug: str) -> None:
    """A draft is published as it was last edited."""
    edited = answer(await trader.edit(slug, {"outcomes": ["A", "B", "C", "D"], "closes_at": None}), 200)
    assert [(outcome["name"], outcome["price"]) for outcome in edited["outcomes"]] == [
        (name, "0.250000") for name in "ABCD"
    ]
    assert edited["subsidy"] == "138.629437"
    assert answer(await trader.publish(slug), 200)["outcomes"] == edited["outcomes"]
    assert (await trader.portfolio())["balance"] == "861.370563"
    answer(await (await api.open_account()).order(slug, "D", quantity="1"), 201)


@pytest.mark.contract("edit market", "find markets")
async def test_edited_tags_are_listed(api: Api, trader: Caller, slug: str) -> None:
    """A draft is found under the tags it has now, and only there."""
    old, new = api.name("tag"), api.name("tag")
    for tag, elsewhere in ((old, new), (new, old)):
        answer(await trader.edit(slug, {"tags": [tag]}), 200)
        listed = (await trader.page("/v1/markets", tag=tag))["markets"]
        assert [market["slug"] for market in listed] == [slug]
        assert (await trader.page("/v1/markets", tag=elsewhere))["markets"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": None}, "name"),
        ({"description": None}, "description"),
        ({"rules": None}, "rules"),
        ({"outcomes": None}, "outcomes"),
        ({"liquidity": None}, "liquidity"),
        ({"tags": None}, "tags"),
        ({"slug": "another"}, "slug"),
        ({"slug": None}, "slug"),
        ({"status": "ACTIVE"}, "status"),
        ({"name": ""}, "name"),
        ({"name": "n" * 121}, "name"),
        ({"name": "\x00"}, "name"),
        ({"description": "d" * 10_001}, "description"),
        ({"outcomes": ["YES"]}, "outcomes"),
        ({"outcomes": ["YES", "O" * 41]}, "outcomes.1"),
        ({"liquidity": "0.999999"}, "liquidity"),
        ({"liquidity": 100}, "liquidity"),
        ({"closes_at": "tomorrow"}, "closes_at"),
        ({"closes_at": "2099-01-31T12:00:00"}, "closes_at"),
        ({"tags": ["Weather"]}, "tags.0"),
        ({"tags": [f"t{number}" for number in range(11)]}, "tags"),
    ],
)
async def test_body_is_validated(trader: Caller, slug: str, body: Any, field: str) -> None:
    """Null elsewhere than `closes_at`, the slug, other members, and what POST would refuse are a 400."""
    before = await trader.market(slug)
    problem(await trader.edit(slug, body), 400, "validation-failed", [field])
    assert await trader.market(slug) == before


@pytest.mark.contract("edit market", "422")
@pytest.mark.parametrize("body", [{"outcomes": ["YES", "YES"]}, {"closes_at": "2020-01-31T12:00:00Z"}])
async def test_what_comes_of_it_is_invalid(trader: Caller, slug: str, body: Any) -> None:
    """422 invalid-market: an outcome name twice, `closes_at` not in the future."""
    before = await trader.market(slug)
    problem(await trader.edit(slug, body), 422, "invalid-market")
    assert await trader.market(slug) == before


async def test_body_is_required(trader: Caller, slug: str) -> None:
    """An edit is a JSON object."""
    path = f"/v1/markets/{slug}"
    json = {"Content-Type": "application/json"}
    problem(await trader.send("PATCH", path, content=b"{", headers=json), 400, "malformed-json")
    problem(await trader.send("PATCH", path, content=b"[]", headers=json), 400, "validation-failed")
    response = await trader.send("PATCH", path, content=b"{}", headers={"Content-Type": "text/plain"})
    problem(response, 415, "unsupported-media-type")
    problem(await trader.send("PATCH", path, content=b" " * 65_537, headers=json), 413, "body-too-large")


@pytest.mark.contract("edit market")
async def test_draft_of_another(api: Api, trader: Caller, slug: str) -> None:
    """Creator only: to others a draft is market-not-found, an admin sees it and may not edit it."""
    other, admin = await api.open_account(), await api.open_account("admin")
    before = await trader.market(slug)
    for body in ({"name": "Mine?"}, {"outcomes": ["YES", "YES"]}):
        problem(await other.edit(slug, body), 404, "market-not-found")
        problem(await admin.edit(slug, body), 403, "forbidden")
    assert await trader.market(slug) == before


@pytest.mark.contract("edit market", "conflicts")
async def test_published_market(api: Api, trader: Caller, slug: str) -> None:
    """DRAFT only: 409 already-published, which comes before 422; to others 403."""
    other = await api.open_account()
    answer(await trader.publish(slug), 200)
    for body in ({}, {"name": "Will it pour?"}, {"outcomes": ["YES", "YES"]}):
        problem(await trader.edit(slug, body), 409, "already-published")
        problem(await other.edit(slug, body), 403, "forbidden")


@pytest.mark.contract("edit market")
async def test_closing_time_that_has_passed(fresh_api: Api) -> None:
    """`closes_at` is checked again by an edit; taking it away mends the draft."""
    creator = await fresh_api.open_account()
    closes_at = (fresh_api.clock.now() + timedelta(minutes=5)).isoformat()
    slug = await fresh_api.draft(creator, closes_at=closes_at)
    fresh_api.clock.advance(timedelta(minutes=5))
    problem(await creator.edit(slug, {"name": "Late?"}), 422, "invalid-market")
    answer(await creator.edit(slug, {"name": "Late?", "closes_at": None}), 200)
    answer(await creator.publish(slug), 200)
