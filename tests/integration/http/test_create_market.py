"""Creating a market: its defaults, its limits, its slug."""

import asyncio
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.integration.http.client import Api, Caller, new_key
from tests.integration.http.contract import MARKET_MEMBERS, Json, answer, problem
from tests.integration.http.reference import subsidy_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

EMOJI = "\U0001f327"


async def create(api: Api, creator: Caller, **members: Any) -> httpx.Response:
    """Creates a market with a new slug, unless one is given."""
    return await creator.post("/v1/markets", {"name": "Will it rain?", "slug": api.name("market"), **members})


async def refused(api: Api, creator: Caller, field: str, **members: Any) -> None:
    """The market is a 400 for this field, and does not exist afterwards."""
    members = {"slug": api.name("market"), **members}
    problem(await create(api, creator, **members), 400, "validation-failed", [field])
    if field != "slug":
        problem(await creator.get(f"/v1/markets/{members['slug']}"), 404, "market-not-found")


@pytest.mark.contract("create market", "market")
async def test_defaults(api: Api, member: Caller) -> None:
    """POST /v1/markets → 201 DRAFT with outcomes YES and NO and liquidity 100; `subsidy` shows in DRAFT too."""
    slug = api.name("market")
    market = answer(await create(api, member, slug=slug), 201)
    assert market.keys() == MARKET_MEMBERS
    assert market["created_at"]
    assert {**market, "created_at": None} == {
        "slug": slug,
        "name": "Will it rain?",
        "description": "",
        "rules": "",
        "status": "DRAFT",
        "outcomes": [
            {"name": "YES", "price": "0.500000", "shares": "0.000000"},
            {"name": "NO", "price": "0.500000", "shares": "0.000000"},
        ],
        "liquidity": "100.000000",
        "subsidy": "69.314719",
        "volume": "0.000000",
        "trade_count": 0,
        "creator": member.account,
        "tags": [],
        "created_at": None,
        "published_at": None,
        "closes_at": None,
        "resolution": None,
        "version": 0,
        "position": 0,
        "traders": 0,
        "clarifications": [],
        "trend": None,
    }


@pytest.mark.contract("create market", "market")
async def test_every_member(api: Api, member: Caller) -> None:
    """What is given is what the market has."""
    given: Json = {
        "name": "Who wins?",
        "description": "The final.\nOn Sunday.",
        "rules": "The referee decides.",
        "outcomes": ["Home", "Away", "Draw"],
        "tags": ["sport", "final-2026"],
    }
    market = answer(await create(api, member, **given, liquidity="12.5", closes_at="2999-01-01T12:00:00+02:00"), 201)
    assert {name: market[name] for name in given if name != "outcomes"} | {"outcomes": given["outcomes"]} == given
    assert [outcome["name"] for outcome in market["outcomes"]] == given["outcomes"]
    assert market["liquidity"] == "12.500000"
    assert market["closes_at"] == "2999-01-01T10:00:00.000000Z"


@pytest.mark.contract("create market")
async def test_location(api: Api, member: Caller) -> None:
    """201 has a Location, where the market can be read."""
    response = await create(api, member)
    market = answer(response, 201)
    location = response.headers["Location"]
    assert httpx.URL(location).path == f"/v1/markets/{market['slug']}"
    assert answer(await member.get(location), 200) == market


async def test_draft_costs_nothing(api: Api, trader: Caller) -> None:
    """Only publish escrows: a draft may even be larger than its creator's funds."""
    answer(await create(api, trader, liquidity="1000000"), 201)
    assert await trader.balance() == 1000


@pytest.mark.parametrize("count", [2, 3, 7, 20])
async def test_prices_of_a_new_market(api: Api, member: Caller, count: int) -> None:
    """`price` is p_i rounded half-even, each alone, so they may not sum to exactly 1; the subsidy is b ln n, up."""
    market = answer(await create(api, member, outcomes=[f"O{number}" for number in range(count)]), 201)
    price = str((1 / Decimal(count)).quantize(Decimal("0.000001")))
    assert [outcome["price"] for outcome in market["outcomes"]] == [price] * count
    assert market["subsidy"] == subsidy_of(Decimal(100), count)


@pytest.mark.parametrize("liquidity", ["1", "1.000000", "7.3", "1000000", "1000000.000000"])
async def test_liquidity_is_taken(api: Api, member: Caller, liquidity: str) -> None:
    """`liquidity` 1–1 000 000."""
    market = answer(await create(api, member, liquidity=liquidity), 201)
    assert Decimal(market["liquidity"]) == Decimal(liquidity)
    assert market["subsidy"] == subsidy_of(Decimal(liquidity), 2)


@pytest.mark.parametrize("liquidity", ["0", "0.999999", "1000000.000001", "999999999999"])
async def test_liquidity_out_of_range(api: Api, member: Caller, liquidity: str) -> None:
    """400 is what the request shows alone: range."""
    await refused(api, member, "liquidity", liquidity=liquidity)


GOOD_TEXTS = [
    ("name", "a"),
    ("name", "n" * 120),
    ("name", EMOJI * 120),
    ("name", "e\u0301" * 60),
    ("name", "two\nlines"),
    ("description", ""),
    ("description", "d" * 10_000),
    ("description", EMOJI * 10_000),
    ("rules", ""),
    ("rules", EMOJI * 10_000),
]
BAD_TEXTS: list[tuple[str, Any]] = [
    ("name", ""),
    ("name", " "),
    ("name", " \t\n"),
    ("name", "\u3000"),
    ("name", "n" * 121),
    ("name", EMOJI * 121),
    ("name", "NUL\x00"),
    ("name", None),
    ("name", 1),
    ("name", ["Rain"]),
    ("description", "d" * 10_001),
    ("description", EMOJI * 10_001),
    ("description", "\x00"),
    ("description", 1),
    ("rules", "r" * 10_001),
    ("rules", "\x00"),
    ("rules", {}),
]


@pytest.mark.parametrize(("member", "text"), GOOD_TEXTS)
async def test_text_is_taken(api: Api, trader: Caller, member: str, text: str) -> None:
    """`name` 1–120, `description` and `rules` ≤ 10 000; a character is a code point."""
    market = answer(await create(api, trader, **{member: text}), 201)
    assert market[member] == text
    assert (await trader.market(market["slug"]))[member] == text


@pytest.mark.parametrize(("member", "text"), BAD_TEXTS)
async def test_text_is_refused(api: Api, trader: Caller, member: str, text: Any) -> None:
    """Longer texts, empty or whitespace names, other types, and NUL are refused."""
    await refused(api, trader, member, **{member: text})


@pytest.mark.contract("names", "400 or 422")
async def test_name_and_slug_are_required(member: Caller) -> None:
    """`name` and `slug` have no default."""
    problem(await member.post("/v1/markets", {}), 400, "validation-failed", ["name", "slug"])


GOOD_SLUGS = ["a", "7", "a-b", "a--b", "will-it-rain-2026", "s" * 64, "house", "0-0"]
BAD_SLUGS = [
    pytest.param("", id="empty"),
    pytest.param("-a", id="hyphen first"),
    pytest.param("a-", id="hyphen last"),
    pytest.param("-", id="hyphen alone"),
    pytest.param("A", id="capital"),
    pytest.param("a_b", id="underscore"),
    pytest.param("a.b", id="point"),
    pytest.param("a/b", id="slash"),
    pytest.param("a b", id="blank"),
    pytest.param(" a", id="leading blank"),
    pytest.param("a\n", id="trailing newline"),
    pytest.param("a\x00", id="NUL"),
    pytest.param("\u00e9", id="accent"),
    pytest.param("\uff41", id="full-width"),
    pytest.param("\u0663", id="Arabic-Indic digit"),
    pytest.param("s" * 65, id="65 characters"),
    pytest.param(7, id="number"),
    pytest.param(None, id="null"),
]


@pytest.mark.contract("names")
@pytest.mark.parametrize("slug", GOOD_SLUGS)
async def test_slug_is_taken(api: Api, member: Caller, slug: str) -> None:
    """Slugs match ^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$."""
    assert answer(await create(api, member, slug=slug), 201)["slug"] == slug


@pytest.mark.parametrize("slug", BAD_SLUGS)
async def test_slug_is_refused(api: Api, member: Caller, slug: Any) -> None:
    """Anything else is a 400."""
    await refused(api, member, "slug", slug=slug)


GOOD_OUTCOMES = [
    pytest.param(["YES", "NO"], id="two"),
    pytest.param([f"O{number}" for number in range(20)], id="twenty"),
    pytest.param(["o" * 40, EMOJI * 40], id="40 code points"),
    pytest.param(["YES", "yes", "Yes"], id="names compare exactly: case"),
    pytest.param(["\u0415", "E"], id="names compare exactly: scripts"),
    pytest.param(["a.b", "payouts", '"'], id="any character"),
]
BAD_OUTCOMES: list[Any] = [
    pytest.param([], "outcomes", id="none"),
    pytest.param(["YES"], "outcomes", id="one"),
    pytest.param([f"O{number}" for number in range(21)], "outcomes", id="21"),
    pytest.param("YES", "outcomes", id="a string"),
    pytest.param({"YES": 1, "NO": 2}, "outcomes", id="an object"),
    pytest.param(["", "NO"], "outcomes.0", id="empty"),
    pytest.param(["YES", "N\u200bO"], "outcomes.1", id="zero width"),
    pytest.param(["\u202eYES", "NO"], "outcomes.0", id="right to left"),
    pytest.param(["YES", "NO\x1b[2J"], "outcomes.1", id="escape"),
    pytest.param(["YES", " "], "outcomes.1", id="blank"),
    pytest.param(["YES", "o" * 41], "outcomes.1", id="41 characters"),
    pytest.param([EMOJI * 41, "NO"], "outcomes.0", id="41 code points"),
    pytest.param(["YES", "NO\x00"], "outcomes.1", id="NUL"),
    pytest.param(["YES", 0], "outcomes.1", id="number"),
    pytest.param([None, "NO"], "outcomes.0", id="null"),
]


@pytest.mark.parametrize("outcomes", GOOD_OUTCOMES)
async def test_outcomes_are_taken(api: Api, member: Caller, outcomes: list[str]) -> None:
    """Two to twenty outcomes of 1–40 code points, unique by exact comparison, in their order."""
    market = answer(await create(api, member, outcomes=outcomes), 201)
    assert [outcome["name"] for outcome in market["outcomes"]] == outcomes


@pytest.mark.parametrize(("outcomes", "field"), BAD_OUTCOMES)
async def test_outcomes_are_refused(api: Api, member: Caller, outcomes: Any, field: str) -> None:
    """400 for count, length and type; `field` is a dotted path."""
    await refused(api, member, field, outcomes=outcomes)


@pytest.mark.contract("create market", "422")
@pytest.mark.parametrize(
    "outcomes", [["YES", "YES"], ["A", "B", "A"], [EMOJI, EMOJI], ["\u00e9", "e\u0301"], ["YES", "\uff39ES"]]
)
async def test_outcome_name_twice(api: Api, member: Caller, outcomes: list[str]) -> None:
    """422 invalid-market: an outcome name twice, or two that look the same."""
    slug = api.name("market")
    problem(await create(api, member, slug=slug, outcomes=outcomes), 422, "invalid-market")
    problem(await member.get(f"/v1/markets/{slug}"), 404, "market-not-found")


GOOD_TAGS = [
    pytest.param([], id="none"),
    pytest.param(["t" * 32], id="32 characters"),
    pytest.param([f"tag-{number}" for number in range(10)], id="ten"),
]
BAD_TAGS: list[Any] = [
    pytest.param([f"tag-{number}" for number in range(11)], "tags", id="eleven"),
    pytest.param("sport", "tags", id="a string"),
    pytest.param(["sport", "t" * 33], "tags.1", id="33 characters"),
    pytest.param(["Sport"], "tags.0", id="capital"),
    pytest.param([""], "tags.0", id="empty"),
    pytest.param(["-a"], "tags.0", id="hyphen first"),
    pytest.param(["a\n"], "tags.0", id="trailing newline"),
    pytest.param([7], "tags.0", id="number"),
]


@pytest.mark.parametrize("tags", GOOD_TAGS)
async def test_tags_are_taken(api: Api, member: Caller, tags: list[str]) -> None:
    """Up to 10 tags (each a slug ≤ 32)."""
    assert answer(await create(api, member, tags=tags), 201)["tags"] == tags


@pytest.mark.parametrize(("tags", "field"), BAD_TAGS)
async def test_tags_are_refused(api: Api, member: Caller, tags: Any, field: str) -> None:
    """Anything else is a 400."""
    await refused(api, member, field, tags=tags)


GOOD_TIMES = [
    ("2999-01-01T00:00:00Z", "2999-01-01T00:00:00.000000Z"),
    ("2999-01-01t00:00:00z", "2999-01-01T00:00:00.000000Z"),
    ("2999-01-01T00:00:00+00:00", "2999-01-01T00:00:00.000000Z"),
    ("2999-01-01T00:00:00-00:00", "2999-01-01T00:00:00.000000Z"),
    ("2999-01-01T00:00:00+02:00", "2998-12-31T22:00:00.000000Z"),
    ("2999-01-01T00:00:00-23:59", "2999-01-01T23:59:00.000000Z"),
    ("2999-01-01T00:00:00.5Z", "2999-01-01T00:00:00.500000Z"),
    ("2999-01-01T00:00:00.123456Z", "2999-01-01T00:00:00.123456Z"),
    ("2999-01-01T00:00:00.1234560000Z", "2999-01-01T00:00:00.123456Z"),
    ("2996-02-29T12:30:59+05:30", "2996-02-29T07:00:59.000000Z"),
]
BAD_TIMES = [
    pytest.param("", id="empty"),
    pytest.param("2999-01-01T00:00:00", id="no offset"),
    pytest.param("2999-01-01", id="date alone"),
    pytest.param("2999-01-01Z", id="date with offset"),
    pytest.param("00:00:00Z", id="time alone"),
    pytest.param("2999-01-01T00:00Z", id="no seconds"),
    pytest.param("2999-01-01T00Z", id="hour alone"),
    pytest.param("2999-01-01T00:00:00+0200", id="offset without colon"),
    pytest.param("2999-01-01T00:00:00+02", id="offset of hours"),
    pytest.param("2999-01-01T00:00:00+24:00", id="offset of a day"),
    pytest.param("2999-01-01T00:00:00+02:60", id="offset of sixty minutes"),
    pytest.param("2999-01-01T00:00:00+02:00:00", id="offset with seconds"),
    pytest.param("29990101T000000Z", id="basic format"),
    pytest.param("2999-W01-1T00:00:00Z", id="week date"),
    pytest.param("2999-001T00:00:00Z", id="ordinal date"),
    pytest.param("2999-13-01T00:00:00Z", id="month 13"),
    pytest.param("2999-02-29T00:00:00Z", id="29 February of a common year"),
    pytest.param("2999-00-01T00:00:00Z", id="month 0"),
    pytest.param("2999-01-01T24:00:00Z", id="hour 24"),
    pytest.param("2999-01-01T00:60:00Z", id="minute 60"),
    pytest.param("2999-01-01T00:00:61Z", id="second 61"),
    pytest.param("2999-1-1T0:0:0Z", id="short numbers"),
    pytest.param("+02999-01-01T00:00:00Z", id="five-digit year"),
    pytest.param("2999-01-01T00:00:00.Z", id="no digits after the point"),
    pytest.param("2999-01-01T00:00:00,5Z", id="comma"),
    pytest.param(" 2999-01-01T00:00:00Z", id="leading blank"),
    pytest.param("2999-01-01T00:00:00Z\n", id="trailing newline"),
    pytest.param("2999-01-01T00:00:00 Z", id="blank before the offset"),
    pytest.param("2999-01-01T00:00:00ZZ", id="two offsets"),
    pytest.param("2999-01-01_00:00:00Z", id="underscore"),
    pytest.param("\u0662\u0669\u0669\u0669-01-01T00:00:00Z", id="Arabic-Indic digits"),
    pytest.param("\uff12999-01-01T00:00:00Z", id="full-width digit"),
    pytest.param("tomorrow", id="word"),
    pytest.param("32503680000", id="seconds in a string"),
    pytest.param(32_503_680_000, id="seconds"),
    pytest.param(True, id="boolean"),
    pytest.param(["2999-01-01T00:00:00Z"], id="array"),
]


@pytest.mark.parametrize(("given", "told"), GOOD_TIMES)
async def test_closing_time_is_taken(api: Api, member: Caller, given: str, told: str) -> None:
    """Requests take any RFC 3339 date-time with an offset; answers have six decimals and Z."""
    assert answer(await create(api, member, closes_at=given), 201)["closes_at"] == told


@pytest.mark.parametrize("closes_at", BAD_TIMES)
async def test_closing_time_is_refused(api: Api, member: Caller, closes_at: Any) -> None:
    """Anything else is a 400."""
    await refused(api, member, "closes_at", closes_at=closes_at)


@pytest.mark.contract("create market", "422")
@pytest.mark.parametrize("closes_at", ["2020-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1969-12-31T23:59:59.9Z"])
async def test_closing_time_in_the_past(api: Api, member: Caller, closes_at: str) -> None:
    """422 invalid-market: `closes_at` not in the future."""
    slug = api.name("market")
    problem(await create(api, member, slug=slug, closes_at=closes_at), 422, "invalid-market")
    problem(await member.get(f"/v1/markets/{slug}"), 404, "market-not-found")


@pytest.mark.parametrize(
    "closes_at",
    [
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+23:59",
        "0000-01-01T00:00:00Z",
        "2998-12-31T23:59:60Z",
        "2999-01-01 00:00:00Z",
        "2999-01-01T00:00:00.9999999Z",
    ],
)
async def test_closing_time_at_the_edge(api: Api, member: Caller, closes_at: str) -> None:
    """A time that RFC 3339 can write but a calendar may not hold is taken or refused, never a failure."""
    response = await create(api, member, closes_at=closes_at)
    if response.status_code == 201:
        answer(response, 201)
    else:
        assert (response.status_code, response.json()["code"]) in {(400, "validation-failed"), (422, "invalid-market")}


async def test_no_closing_time(api: Api, member: Caller) -> None:
    """`closes_at` is null (until closed by hand) or in the future."""
    assert answer(await create(api, member, closes_at=None), 201)["closes_at"] is None


@pytest.mark.contract("create market", "409")
async def test_slug_taken(api: Api, trader: Caller, open_market: str) -> None:
    """409 slug-taken, also when it is a draft's that one cannot see."""
    hidden = await api.draft(await api.open_account())
    own = await api.draft(trader)
    for slug in (open_market, hidden, own):
        problem(await create(api, trader, slug=slug), 409, "slug-taken")
    assert (await trader.market(own))["name"] == "Will it rain?"


async def test_slug_taken_at_once(api: Api) -> None:
    """Of two who want one slug at once one gets it."""
    slug = api.name("market")
    ann, bob = await api.open_account(), await api.open_account()
    responses = await asyncio.gather(create(api, ann, slug=slug), create(api, bob, slug=slug))
    assert sorted(response.status_code for response in responses) == [201, 409]
    won = next(caller for caller, response in zip((ann, bob), responses, strict=True) if response.status_code == 201)
    assert (await won.market(slug))["creator"] == won.account


@pytest.mark.contract("idempotency")
async def test_replayed_creation(api: Api, member: Caller) -> None:
    """Idempotency-Key is honoured on every other POST: the first answer again, its Location too."""
    body, key = {"name": "Rain", "slug": api.name("market")}, new_key()
    first = await member.post("/v1/markets", body, key=key)
    answer(first, 201)
    again = await member.post("/v1/markets", body, key=key)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_creation_without_a_key(api: Api, member: Caller) -> None:
    """A key is required on orders and grants alone."""
    answer(await member.send("POST", "/v1/markets", body={"name": "Rain", "slug": api.name("market")}), 201)
