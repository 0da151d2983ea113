"""Lists: pages, cursors and filters of the markets."""

from typing import Any

import pytest

from tests.integration.http.client import Api, Caller
from tests.integration.http.contract import MARKET_MEMBERS, Json, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def page(caller: Caller, **parameters: Any) -> Json:
    """One page of markets."""
    response = await caller.http.get("/v1/markets", params=parameters, headers=caller.credential)
    content: Json = answer(response, 200)
    assert content.keys() == {"markets", "cursor"}
    assert content["cursor"] is None or isinstance(content["cursor"], str)
    return content


async def refusal(caller: Caller, code: str, fields: list[str] | None = None, **parameters: Any) -> None:
    """The list is a 400."""
    response = await caller.http.get("/v1/markets", params=parameters, headers=caller.credential)
    problem(response, 400, code, fields)


def slugs(content: Json) -> list[str]:
    """The slugs of a page, in its order."""
    return [market["slug"] for market in content["markets"]]


async def every_page(caller: Caller, **parameters: Any) -> list[str]:
    """The slugs of all pages, in their order; a list that never ends fails."""
    found: list[str] = []
    content = await page(caller, **parameters)
    for _ in range(100):
        found += slugs(content)
        if content["cursor"] is None:
            return found
        content = await page(caller, **parameters, cursor=content["cursor"])
    raise AssertionError("the pages do not end")


@pytest.fixture
def tag(api: Api) -> str:
    """A tag that only this test uses."""
    return api.name("tag")


async def published(api: Api, count: int, **members: Any) -> list[str]:
    """The slugs of so many new small markets of one creator, newest first."""
    creator = await api.open_account()
    return [await api.published_market(creator, liquidity="1", **members) for _ in range(count)][::-1]


@pytest.mark.contract("find markets")
async def test_no_markets(fresh_api: Api) -> None:
    """The answer is {"<items>": […], "cursor": null | "…"}."""
    assert await page(fresh_api.anyone) == {"markets": [], "cursor": None}


@pytest.mark.contract("find markets", "lists")
async def test_newest_first(api: Api, tag: str) -> None:
    """Lists are newest first, and hold the markets themselves."""
    made = await published(api, 3, tags=[tag])
    content = await page(api.anyone, tag=tag)
    assert slugs(content) == made
    for market in content["markets"]:
        assert market.keys() == MARKET_MEMBERS
        assert market == await api.anyone.market(market["slug"])


async def test_default_limit(fresh_api: Api) -> None:
    """`?limit=` (1–100, default 20)."""
    made = await published(fresh_api, 21)
    content = await page(fresh_api.anyone)
    assert slugs(content) == made[:20]
    assert slugs(await page(fresh_api.anyone, cursor=content["cursor"])) == made[20:]
    assert slugs(await page(fresh_api.anyone, limit=100)) == made


@pytest.mark.parametrize("limit", ["1", "2", "3", "4", "99", "100"])
async def test_limit_is_taken(api: Api, tag: str, limit: str) -> None:
    """`limit` is 1–100; pages of any size give everything, in order."""
    made = await published(api, 3, tags=[tag])
    assert slugs(await page(api.anyone, tag=tag, limit=limit)) == made[: int(limit)]
    assert await every_page(api.anyone, tag=tag, limit=limit) == made


BAD_LIMITS = [
    "0",
    "101",
    "-1",
    "1000000",
    "9" * 5_000,
    "",
    " ",
    "1.0",
    "1e1",
    "ten",
    "\uff11",
    "1\n",
    "0x10",
    "1_0",
    "null",
]


@pytest.mark.parametrize("limit", BAD_LIMITS, ids=[f"{limit[:9]!r}" for limit in BAD_LIMITS])
async def test_limit_is_refused(api: Api, limit: str) -> None:
    """A `limit` outside its values is 400 validation-failed, never clamped; `field` is the parameter's name."""
    await refusal(api.anyone, "validation-failed", ["limit"], limit=limit)


@pytest.mark.contract("lists")
async def test_limit_may_change_between_pages(api: Api, tag: str) -> None:
    """`limit` may change between pages."""
    made = await published(api, 6, tags=[tag])
    first = await page(api.anyone, tag=tag, limit=1)
    second = await page(api.anyone, tag=tag, limit=3, cursor=first["cursor"])
    third = await page(api.anyone, tag=tag, cursor=second["cursor"])
    assert slugs(first) + slugs(second) + slugs(third) == made


@pytest.mark.parametrize(
    "cursor",
    ["nonsense", "0", "1", "a" * 10_000, "\u00e9", "\x00", "eyJ9", "{}", "bnVsbA==", "../..", "' OR 1=1 --", " "],
    ids=range(12),
)
async def test_made_up_cursor(api: Api, cursor: str) -> None:
    """A cursor that was not issued for that query is a 400."""
    await refusal(api.anyone, "invalid-cursor", cursor=cursor)


async def test_changed_cursor(api: Api, tag: str) -> None:
    """A cursor is opaque: a changed one was not issued."""
    await published(api, 2, tags=[tag])
    cursor = (await page(api.anyone, tag=tag, limit=1))["cursor"]
    middle = len(cursor) // 2
    other = "A" if cursor[middle] != "A" else "B"
    for changed in (cursor[1:], cursor[:-4], cursor + "AAAA", cursor[:middle] + other + cursor[middle + 1 :]):
        await refusal(api.anyone, "invalid-cursor", tag=tag, cursor=changed)


@pytest.mark.contract("lists", "400")
async def test_cursor_belongs_to_its_filters(api: Api, tag: str) -> None:
    """Path, filters and caller may not change between pages."""
    creator = await api.open_account()
    for _ in range(2):
        await api.published_market(creator, tags=[tag, "other"])
    anyone = api.anyone
    cursor = (await page(anyone, tag=tag, limit=1))["cursor"]
    await refusal(anyone, "invalid-cursor", cursor=cursor)
    await refusal(anyone, "invalid-cursor", tag="other", cursor=cursor)
    await refusal(anyone, "invalid-cursor", tag=tag, status="ACTIVE", cursor=cursor)
    await refusal(anyone, "invalid-cursor", creator=creator.account, cursor=cursor)
    cursor = (await page(anyone, limit=1))["cursor"]
    await refusal(anyone, "invalid-cursor", tag=tag, cursor=cursor)
    cursor = (await page(anyone, creator=creator.account, limit=1))["cursor"]
    await refusal(anyone, "invalid-cursor", creator="nobody", cursor=cursor)
    await refusal(anyone, "invalid-cursor", tag=creator.account, cursor=cursor)


@pytest.mark.contract("lists")
async def test_cursor_belongs_to_its_caller(api: Api, tag: str) -> None:
    """The caller may not change between pages, nor be forgotten."""
    await published(api, 2, tags=[tag])
    ann, bob = await api.open_account(), await api.open_account()
    for owner, others in ((ann, (bob, api.anyone)), (api.anyone, (ann,))):
        cursor = (await page(owner, tag=tag, limit=1))["cursor"]
        for other in others:
            await refusal(other, "invalid-cursor", tag=tag, cursor=cursor)
        assert len(slugs(await page(owner, tag=tag, cursor=cursor))) == 1


@pytest.mark.contract("lists")
async def test_each_item_once_while_markets_are_added(api: Api, tag: str) -> None:
    """Paging gives each item that existed at the start exactly once."""
    made = await published(api, 7, tags=[tag])
    trader = await api.open_account()
    content = await page(api.anyone, tag=tag, limit=2)
    found = slugs(content)
    while content["cursor"] is not None:
        await published(api, 2, tags=[tag])
        answer(await trader.order(made[len(found) // 2], quantity="1"), 201)
        content = await page(api.anyone, tag=tag, limit=2, cursor=content["cursor"])
        found += slugs(content)
        assert len(found) < 20
    assert [slug for slug in found if slug in made] == made
    assert len(set(found)) == len(found)


async def test_each_item_once_while_drafts_are_published(api: Api) -> None:
    """A market that becomes something else between two pages is still listed exactly once."""
    creator = await api.open_account()
    made = [await api.draft(creator, liquidity="1") for _ in range(6)][::-1]
    for turned in (1, 4):
        first = await page(creator, creator=creator.account, limit=3)
        answer(await creator.publish(made[turned]), 200)
        second = await page(creator, creator=creator.account, limit=3, cursor=first["cursor"])
        found = slugs(first) + slugs(second)
        assert sorted(found) == sorted(made)


async def test_each_item_once_while_others_leave_the_filter(api: Api, tag: str) -> None:
    """A filtered list goes on with what remains when markets of earlier pages change their status."""
    creator = await api.open_account()
    made = [await api.published_market(creator, liquidity="1", tags=[tag]) for _ in range(6)][::-1]
    first = await page(api.anyone, tag=tag, status="ACTIVE", limit=3)
    assert slugs(first) == made[:3]
    for slug in made[1:3]:
        answer(await creator.resolve(slug, outcome="YES"), 202)
        await creator.settled(slug)
    second = await page(api.anyone, tag=tag, status="ACTIVE", limit=3, cursor=first["cursor"])
    assert slugs(second) == made[3:]


@pytest.mark.contract("find markets")
async def test_drafts_are_listed_to_those_who_see_them(api: Api, tag: str) -> None:
    """A draft is there for its creator and admins only, in lists too."""
    creator = await api.open_account()
    draft = await api.draft(creator, tags=[tag])
    active = await api.published_market(creator, tags=[tag])
    admin, other = await api.open_account("admin"), await api.open_account()
    for parameters in ({"tag": tag}, {"creator": creator.account}):
        for caller, seen in (
            (creator, [active, draft]),
            (admin, [active, draft]),
            (other, [active]),
            (api.anyone, [active]),
        ):
            for limit in (1, 100):
                assert await every_page(caller, **parameters, limit=limit) == seen
    for caller, seen in ((creator, [draft]), (admin, [draft]), (other, []), (api.anyone, [])):
        assert await every_page(caller, tag=tag, status="DRAFT") == seen


async def test_hidden_drafts_leave_no_trace(fresh_api: Api) -> None:
    """The unfiltered list gives everybody what exists for them, however many hidden drafts lie between."""
    creator = await fresh_api.open_account()
    seen = []
    for _ in range(3):
        seen.append(await fresh_api.published_market(creator, liquidity="1"))
        for _ in range(4):
            await fresh_api.draft(creator)
    assert await every_page(fresh_api.anyone, limit=2) == seen[::-1]
    assert len(await every_page(creator, limit=2)) == 15


@pytest.mark.contract("find markets")
async def test_filter_by_tag(api: Api, tag: str) -> None:
    """`?tag=` lists the markets that have the tag, whole."""
    creator = await api.open_account()
    both = await api.published_market(creator, tags=["weather", tag])
    await api.published_market(creator, tags=[f"{tag}-x"])
    await api.published_market(creator)
    assert await every_page(api.anyone, tag=tag) == [both]
    assert await every_page(api.anyone, tag=f"{tag}-y") == []


async def test_filter_by_creator(api: Api) -> None:
    """`?creator=` lists an account's markets."""
    ann, bob = await api.open_account(), await api.open_account()
    anns = [await api.published_market(ann) for _ in range(2)][::-1]
    bobs = await api.published_market(bob)
    assert await every_page(api.anyone, creator=ann.account) == anns
    assert await every_page(ann, creator=bob.account) == [bobs]
    assert await every_page(api.anyone, creator="nobody") == []


@pytest.mark.contract("find markets")
async def test_filter_by_status(api: Api, tag: str) -> None:
    """`?status=` alone, and with one other filter."""
    creator = await api.open_account()
    draft = await api.draft(creator, tags=[tag])
    active = await api.published_market(creator, tags=[tag])
    resolved = await api.published_market(creator, tags=[tag])
    answer(await creator.resolve(resolved, outcome="YES"), 202)
    await creator.settled(resolved)
    for status, expected in (
        ("DRAFT", [draft]),
        ("ACTIVE", [active]),
        ("RESOLVED", [resolved]),
        ("CLOSED", []),
        ("SETTLING", []),
        ("VOIDED", []),
    ):
        assert await every_page(creator, status=status, tag=tag) == expected
        assert await every_page(creator, status=status, creator=creator.account) == expected
        alone = await page(creator, status=status, limit=100)
        assert {market["status"] for market in alone["markets"]} <= {status}
        assert set(expected) <= set(slugs(alone))


@pytest.mark.contract("400")
@pytest.mark.parametrize("status", ["active", "OPEN", "", " ACTIVE", "ACTIVE\n", "0", "ACTIVE,CLOSED"])
async def test_status_is_refused(api: Api, status: str) -> None:
    """A filter outside its values is 400 validation-failed."""
    await refusal(api.anyone, "validation-failed", ["status"], status=status)


@pytest.mark.parametrize("value", ["Sport", "-a", "a_b", "\u00e9", "a\n", "", "a" * 65])
@pytest.mark.parametrize("name", ["tag", "creator"])
async def test_tag_or_creator_is_refused(api: Api, name: str, value: str) -> None:
    """No market has such a tag and no account such a name: outside the filter's values."""
    await refusal(api.anyone, "validation-failed", [name], **{name: value})


async def test_tag_longer_than_any(api: Api) -> None:
    """A tag is a slug ≤ 32."""
    await refusal(api.anyone, "validation-failed", ["tag"], tag="t" * 33)
    assert await every_page(api.anyone, tag="t" * 32) == []


@pytest.mark.contract("find markets", "400")
async def test_two_filters(api: Api) -> None:
    """One filter, or status with one other."""
    await refusal(api.anyone, "validation-failed", tag="sport", creator="ann")
    await refusal(api.anyone, "validation-failed", tag="sport", creator="ann", status="ACTIVE")


@pytest.mark.contract("own writes")
async def test_reads_see_writes(api: Api, tag: str) -> None:
    """In embedded mode every read sees every acknowledged write."""
    creator = await api.open_account()
    for expected in range(1, 6):
        slug = await api.published_market(creator, liquidity="1", tags=[tag])
        assert slugs(await page(api.anyone, tag=tag))[0] == slug
        assert len(slugs(await page(api.anyone, tag=tag))) == expected
