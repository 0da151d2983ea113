"""What happened, as it is listed: the journal, trades and holders."""

import hashlib
import json
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from tests.integration.http.client import Api, Caller
from tests.integration.http.contract import HOLDER_MEMBERS, JOURNAL_MEMBERS, TRADE_MEMBERS, Json, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

JOURNAL, MY_TRADES = "/v1/portfolio/journal", "/v1/portfolio/trades"


def trades_of(slug: str) -> str:
    """The path of a market's trades."""
    return f"/v1/markets/{slug}/trades"


def holders_of(slug: str) -> str:
    """The path of a market's holders."""
    return f"/v1/markets/{slug}/holders"


async def lived(api: Api) -> tuple[Caller, Caller, list[str]]:
    """A creator and a trader who have been through everything, in a market that was resolved and one called off."""
    creator, trader, admin = await api.open_account(), await api.open_account(), await api.open_account("admin")
    slugs = [await api.published_market(creator) for _ in range(2)]
    for slug in slugs:
        answer(await trader.order(slug, quantity="10"), 201)
        answer(await trader.order(slug, side="sell", quantity="4"), 201)
    answer(await admin.grant(trader.account, "5", "Won the quiz."), 201)
    answer(await creator.resolve(slugs[0], outcome="YES"), 202)
    answer(await admin.void(slugs[1], "Off."), 202)
    for slug in slugs:
        await trader.settled(slug)
    return creator, trader, slugs


@pytest.mark.contract("journal")
async def test_journal(api: Api) -> None:
    """Every movement of the caller's money, newest first; `amount` is signed, and all add up to the balance."""
    creator, trader, slugs = await lived(api)
    for caller, kinds in (
        (creator, ["starting-grant", "subsidy", "subsidy", "subsidy-return", "subsidy-return"]),
        (trader, ["starting-grant", "buy", "sell", "buy", "sell", "grant", "payout", "refund"]),
    ):
        entries = (await caller.items(JOURNAL))[::-1]
        assert sorted(entry["kind"] for entry in entries) == sorted(kinds)
        assert [entry["kind"] for entry in entries[:3]] == kinds[:3]
        balance = Decimal(0)
        for entry in entries:
            balance += Decimal(entry["amount"])
            assert Decimal(entry["balance_after"]) == balance
        assert balance == await caller.balance()
        assert len({entry["id"] for entry in entries}) == len(entries)
        assert [entry["created_at"] for entry in entries] == sorted(entry["created_at"] for entry in entries)
        for entry in entries:
            optional = {"starting-grant": set(), "grant": {"reason"}}.get(entry["kind"], {"market"})
            assert entry.keys() == JOURNAL_MEMBERS | optional
            assert entry.get("market") in {None, *slugs}
            assert (Decimal(entry["amount"]) < 0) is (entry["kind"] in {"subsidy", "buy"})
        for limit in (1, 3):
            assert await caller.items(JOURNAL, limit) == entries[::-1]


async def test_new_account(api: Api, trader: Caller) -> None:
    """An account that has only been opened has one movement, and no trades."""
    page = await trader.page(JOURNAL)
    assert [(entry["kind"], entry["amount"]) for entry in page["journal"]] == [("starting-grant", "1000.000000")]
    assert page["cursor"] is None
    assert await trader.page(MY_TRADES) == {"trades": [], "cursor": None}


@pytest.mark.contract("journal")
async def test_my_trades(api: Api, trader: Caller) -> None:
    """The trades of the caller's own orders in every market, newest first, as the orders answered them."""
    slugs, other = [await api.published_market() for _ in range(2)], await api.open_account()
    mine = []
    for slug in slugs:
        answer(await other.order(slug, "NO", quantity="1"), 201)
        mine += answer(await trader.order(slug, quantity="10"), 201)["trades"]
        mine += answer(await trader.order(slug, side="sell", quantity="10"), 201)["trades"]
    for limit in (1, 3, 100):
        assert await trader.items(MY_TRADES, limit) == mine[::-1]
    assert len(await other.items(MY_TRADES)) == 2


@pytest.mark.contract("trades", "digests")
async def test_trades_of_a_market(api: Api) -> None:
    """The latest first; versions have no gaps, and each digest is that of the one before and the trade itself."""
    outcomes = ["Ja \u2614", 'N"o\\', "\U0001f3c6"]
    slug = await api.published_market(outcomes=outcomes)
    ann, bob = await api.open_account(), await api.open_account()
    placed: list[Json] = []
    for number in range(12):
        caller = (ann, bob)[number % 2]
        side = "sell" if number > 7 else "buy"
        order = answer(await caller.order(slug, outcomes[number // 2 % 2], side, quantity=f"{number % 4 + 1}"), 201)
        placed += order["trades"]
    for limit in (1, 5, 100):
        assert await api.anyone.items(trades_of(slug), limit) == placed[::-1]
    digest = "0" * 64
    for version, trade in enumerate(placed, start=1):
        assert trade.keys() == TRADE_MEMBERS
        assert trade["version"] == version
        bare = {name: member for name, member in trade.items() if name != "digest"}
        canonical = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        digest = hashlib.sha256(f"{digest}\n{canonical}".encode()).hexdigest()
        assert trade["digest"] == digest
    assert (await api.anyone.market(slug))["version"] == 12


@pytest.mark.contract("trades", "holders")
async def test_trades_stay_when_it_is_settled(api: Api) -> None:
    """A market that is resolved keeps its trades and loses its holders."""
    _, _, slugs = await lived(api)
    for slug in slugs:
        assert [trade["version"] for trade in await api.anyone.items(trades_of(slug))] == [2, 1]
        assert await api.anyone.page(holders_of(slug)) == {"holders": [], "cursor": None}


@pytest.mark.contract("holders")
async def test_holders(api: Api) -> None:
    """`{"account","outcome","quantity"}`, quantity > 0: who holds what, each once, in pages of any size."""
    slug = await api.published_market(outcomes=["A", "B", "C"])
    people = [await api.open_account() for _ in range(5)]
    for number, caller in enumerate(people):
        for outcome in "ABC"[: number % 3 + 1]:
            answer(await caller.order(slug, outcome, quantity=f"{number + 1}.5"), 201)
    answer(await people[2].order(slug, "B", "sell", quantity="3.5"), 201)
    answer(await people[3].order(slug, "A", "sell", quantity="4.5"), 201)
    expected = {
        (caller.account, outcome, f"{quantity:.6f}")
        for caller in people
        for outcome, quantity in (await caller.holds(slug)).items()
    }
    assert len(expected) == 7
    for limit in (1, 2, 3, 100):
        holders = await api.anyone.items(holders_of(slug), limit)
        assert all(holder.keys() == HOLDER_MEMBERS for holder in holders)
        assert len(holders) == len(expected)
        assert {tuple(holder.values()) for holder in holders} == expected
    shares = {outcome["name"]: Decimal(outcome["shares"]) for outcome in (await people[0].market(slug))["outcomes"]}
    for name, outstanding in shares.items():
        assert sum(Decimal(quantity) for _, outcome, quantity in expected if outcome == name) == outstanding


@pytest.mark.contract("holders")
async def test_largest_holders(api: Api) -> None:
    """`?order=quantity` lists the largest holdings of `?outcome=` first: both or neither, `cursor` null."""
    slug = await api.published_market(outcomes=["A", "B"])
    people = [await api.open_account() for _ in range(3)]
    for caller, quantity in zip(people, ("9", "10", "2.5"), strict=True):
        answer(await caller.order(slug, "B", quantity=quantity), 201)
    answer(await people[0].order(slug, "A", quantity="20"), 201)
    largest = {"order": "quantity", "outcome": "B"}
    page = await api.anyone.page(holders_of(slug), **largest)
    assert page["cursor"] is None
    assert [tuple(holder.values()) for holder in page["holders"]] == [
        (people[1].account, "B", "10.000000"),
        (people[0].account, "B", "9.000000"),
        (people[2].account, "B", "2.500000"),
    ]
    first = await api.anyone.page(holders_of(slug), limit=1, **largest)
    assert first == {"holders": page["holders"][:1], "cursor": None}
    for given, missing in (("order", "outcome"), ("outcome", "order")):
        response = await api.anyone.http.get(holders_of(slug), params={given: largest[given]})
        problem(response, 400, "validation-failed", [missing])
    other = await api.anyone.http.get(holders_of(slug), params={**largest, "order": "name"})
    problem(other, 400, "validation-failed", ["order"])


@pytest.mark.contract("lists", "trades", "journal")
async def test_each_item_once_while_people_trade(api: Api, trader: Caller) -> None:
    """Paging gives each item that existed at the start exactly once, and nothing twice."""
    slug = await api.published_market()
    for _ in range(5):
        answer(await trader.order(slug, quantity="1"), 201)
    for path in (JOURNAL, MY_TRADES, trades_of(slug)):
        there = [item["id"] for item in await trader.items(path)]
        found, cursor = [], None
        for _ in range(100):
            page = await trader.page(path, limit=2, **({"cursor": cursor} if cursor else {}))
            found += [item["id"] for item in page[path.rpartition("/")[2]]]
            answer(await trader.order(slug, quantity="1"), 201)
            cursor = page["cursor"]
            if cursor is None:
                break
        assert found == there


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def busy(api: Api) -> tuple[Caller, Caller, str, str]:
    """Two traders in two markets, each list longer than one item."""
    ann, bob = await api.open_account(), await api.open_account()
    one, two = await api.published_market(), await api.published_market()
    for slug in (one, two):
        for caller in (ann, bob):
            for outcome in ("YES", "NO"):
                answer(await caller.order(slug, outcome, quantity="1"), 201)
    return ann, bob, one, two


@pytest.mark.parametrize("limit", ["0", "101", "-1", "", "1.0", "ten", "\uff11", "9" * 5_000], ids=range(8))
async def test_limit_is_refused(busy: tuple[Caller, Caller, str, str], limit: str) -> None:
    """A `limit` outside 1–100 is 400 validation-failed, never clamped, on every list."""
    ann, _, slug, _ = busy
    for path in (JOURNAL, MY_TRADES, trades_of(slug), holders_of(slug)):
        response = await ann.http.get(path, params={"limit": limit}, headers=ann.credential)
        problem(response, 400, "validation-failed", ["limit"])


async def test_limit_is_taken(busy: tuple[Caller, Caller, str, str]) -> None:
    """1 and 100 are within, and `limit` may change between pages."""
    ann, _, slug, _ = busy
    for path in (JOURNAL, MY_TRADES, trades_of(slug), holders_of(slug)):
        everything = await ann.items(path)
        items = path.rpartition("/")[2]
        first = await ann.page(path, limit=1)
        second = await ann.page(path, limit=2, cursor=first["cursor"])
        third = await ann.page(path, cursor=second["cursor"])
        assert first[items] + second[items] + third[items] == everything
        assert (await ann.page(path))[items] == everything


async def refused(caller: Caller, path: str, cursor: str) -> None:
    """The cursor is none of this query's."""
    response = await caller.http.get(path, params={"cursor": cursor, "limit": 1}, headers=caller.credential)
    problem(response, 400, "invalid-cursor")


@pytest.mark.contract("lists")
async def test_cursor_belongs_to_its_path_and_caller(api: Api, busy: tuple[Caller, Caller, str, str]) -> None:
    """A cursor that was not issued for that query is a 400: another list, another market, another caller, nobody."""
    ann, bob, slug, other = busy
    public = [trades_of(slug), holders_of(slug), trades_of(other), holders_of(other), "/v1/markets"]
    every = [JOURNAL, MY_TRADES, *public]
    for path in every:
        cursor: Any = (await ann.page(path, limit=1))["cursor"]
        assert cursor
        for elsewhere in every:
            if elsewhere != path:
                await refused(ann, elsewhere, cursor)
        await refused(bob, path, cursor)
        if path in public:
            await refused(api.anyone, path, cursor)
            await refused(ann, path, (await api.anyone.page(path, limit=1))["cursor"])
        again = await ann.page(path, limit=1, cursor=cursor)
        assert again[path.rpartition("/")[2]]


@pytest.mark.parametrize(
    "cursor", ["", "nonsense", "0", "1", "a" * 5_000, "\u00e9", "\x00", "bnVsbA==", " "], ids=range(9)
)
async def test_made_up_cursor(busy: tuple[Caller, Caller, str, str], cursor: str) -> None:
    """What was never issued is a 400 on every list."""
    ann, _, slug, _ = busy
    for path in (JOURNAL, MY_TRADES, trades_of(slug), holders_of(slug)):
        await refused(ann, path, cursor)
