"""The finders: lists are complete, ordered, and show to each what they may see."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import batched, count, islice
from typing import Any

import pytest

from domain.model.kernel.money import Money
from domain.model.kernel.record import key_for
from domain.model.trading.book import Book
from domain.model.trading.market import Market, MarketStatus
from domain.model.trading.position import HOLDER_SHARDS, Position, holder_shard
from domain.port.out.paging import InvalidCursorError, Page
from domain.port.out.store import Insert, Remove, Replace
from domain.port.out.trading import Holding, MarketFilter
from domain.port.out.unit_of_work import Committed, ConditionFailed
from tests.contract.conftest import Adapter
from tests.fakes.clock import START
from tests.fakes.samples import ANN, ANNS_RAIN, ELSEWHERE, RAIN, RAIN_BOOK, draft

pytestmark = pytest.mark.ministack  # moto takes seconds for as much as is stored here

LATER = START + timedelta(hours=1)


async def _store(adapter: Adapter, records: Iterable[object]) -> None:
    """Store records, few enough at once that those of DynamoDB with the rows of their tags are one transaction."""
    for some in batched(records, 30, strict=False):
        assert await adapter.commit(*map(Insert, some)) == Committed()


async def _pages(adapter: Adapter, filter_: MarketFilter, limit: int) -> AsyncIterator[Page[Market]]:
    """Page after page; no list here is longer than a hundred pages."""
    cursor = None
    for _ in range(100):
        page = await adapter.ports.markets.find_all(filter_, limit, cursor)
        yield page
        cursor = page.cursor
        if cursor is None:
            return
    raise AssertionError("the list does not end")


async def _slugs(adapter: Adapter, filter_: MarketFilter, limit: int = 100) -> list[str]:
    return [market.slug async for page in _pages(adapter, filter_, limit) for market in page.items]


def _market(slug: str, age: int, **changes: Any) -> Market:
    """A market of that many seconds of age, ACTIVE and ann's unless changed."""
    return replace(RAIN, slug=slug, created_at=START - timedelta(seconds=age), **changes)


VARIED = (
    _market("a", 60),
    _market("b", 50, tags=("cup", "sport"), closes_at=LATER),
    _market("c", 50, creator="bob", tags=("cup",)),
    _market("d", 40, status=MarketStatus.DRAFT, tags=("cup",)),
    _market("e", 40, status=MarketStatus.DRAFT, creator="bob"),
    _market("f", 30, status=MarketStatus.SETTLING, closes_at=START),
    _market("g", 20, status=MarketStatus.CLOSED, tags=("cup",)),
    _market("h", 20, status=MarketStatus.CLOSED, closes_at=LATER, creator="bob"),
    _market("i", 10, status=MarketStatus.RESOLVED, tags=()),
    _market("j", 10, status=MarketStatus.VOIDED),
    _market("k", 5, closes_at=START, tags=("cup",)),
    _market("l", 0, closes_at=START + timedelta(microseconds=1)),
    _market("m", 0, status=MarketStatus.DRAFT, closes_at=START),
)

FILTERS: tuple[tuple[MarketFilter, str], ...] = (
    (MarketFilter(START), "lkjihgfcba"),
    (MarketFilter(START, viewer="ann"), "mlkjihgfdcba"),
    (MarketFilter(START, viewer="bob"), "lkjihgfecba"),
    (MarketFilter(START, viewer="zoe"), "lkjihgfcba"),
    (MarketFilter(START, all_drafts=True), "mlkjihgfedcba"),
    (MarketFilter(START, viewer="ann", all_drafts=True), "mlkjihgfedcba"),
    (MarketFilter(START, status=MarketStatus.ACTIVE), "lcba"),
    (MarketFilter(START, status=MarketStatus.CLOSED), "khg"),
    (MarketFilter(LATER, status=MarketStatus.ACTIVE), "ca"),
    (MarketFilter(LATER, status=MarketStatus.CLOSED), "lkhgb"),
    (MarketFilter(LATER - timedelta(microseconds=1), status=MarketStatus.CLOSED), "lkhg"),
    (MarketFilter(START, status=MarketStatus.SETTLING), "f"),
    (MarketFilter(START, status=MarketStatus.RESOLVED), "i"),
    (MarketFilter(START, status=MarketStatus.VOIDED), "j"),
    (MarketFilter(START, status=MarketStatus.DRAFT), ""),
    (MarketFilter(START, status=MarketStatus.DRAFT, viewer="ann"), "md"),
    (MarketFilter(START, status=MarketStatus.DRAFT, all_drafts=True), "med"),
    (MarketFilter(START, tag="cup"), "kgcb"),
    (MarketFilter(START, tag="cup", viewer="ann"), "kgdcb"),
    (MarketFilter(START, tag="cup", viewer="bob"), "kgcb"),
    (MarketFilter(START, tag="cup", all_drafts=True), "kgdcb"),
    (MarketFilter(START, tag="cup", status=MarketStatus.ACTIVE), "cb"),
    (MarketFilter(START, tag="cup", status=MarketStatus.CLOSED), "kg"),
    (MarketFilter(START, tag="sport"), "b"),
    (MarketFilter(START, tag="cu"), ""),
    (MarketFilter(START, creator="bob"), "hc"),
    (MarketFilter(START, creator="bob", viewer="bob"), "hec"),
    (MarketFilter(START, creator="bob", viewer="ann"), "hc"),
    (MarketFilter(START, creator="bob", all_drafts=True), "hec"),
    (MarketFilter(START, creator="bob", status=MarketStatus.CLOSED), "h"),
    (MarketFilter(START, creator="ann", status=MarketStatus.DRAFT, viewer="ann"), "md"),
    (MarketFilter(START, creator="zoe"), ""),
)


@pytest.mark.emulated(1)
@pytest.mark.parametrize(("filter_", "expected"), FILTERS)
async def test_every_filter(adapter: Adapter, filter_: MarketFilter, expected: str) -> None:
    """Newest first, then by slug backwards, what matches and may be seen, by the clock; in pages of any size."""
    await _store(adapter, reversed(VARIED))
    for limit in (1, 2, 3, 100):
        assert "".join(await _slugs(adapter, filter_, limit)) == expected


async def test_what_is_listed_is_the_market(adapter: Adapter) -> None:
    """A list shows each market whole, with its status as stored."""
    await _store(adapter, VARIED)
    listed = [
        market async for page in _pages(adapter, MarketFilter(LATER, all_drafts=True), 5) for market in page.items
    ]
    assert sorted(listed, key=lambda market: market.slug) == list(VARIED)


async def test_the_clock_and_not_the_writing_of_it_closes(adapter: Adapter) -> None:
    """A closing time that was written with another offset is the same instant."""
    elsewhere = replace(RAIN, closes_at=LATER.astimezone(ELSEWHERE))
    await _store(adapter, [elsewhere])
    before = LATER - timedelta(microseconds=1)
    assert await _slugs(adapter, MarketFilter(before, status=MarketStatus.ACTIVE)) == ["rain"]
    assert await _slugs(adapter, MarketFilter(before, status=MarketStatus.CLOSED)) == []
    assert await _slugs(adapter, MarketFilter(LATER, status=MarketStatus.ACTIVE)) == []
    assert await _slugs(adapter, MarketFilter(LATER.astimezone(ELSEWHERE), status=MarketStatus.CLOSED)) == ["rain"]


@pytest.mark.parametrize("limit", [1, 7, 20, 25, 26, 100])
async def test_page_sizes(adapter: Adapter, limit: int) -> None:
    """No page is over the limit, only the last has no cursor, and together they are the list, once."""
    await _store(adapter, [_market(f"m{number:02}", (24 - number) // 4) for number in range(25)])
    pages = [page async for page in _pages(adapter, MarketFilter(START), limit)]
    assert max(len(page.items) for page in pages) <= limit
    listed = [market.slug for page in pages for market in page.items]
    assert listed == [f"m{number:02}" for number in reversed(range(25))]


async def test_an_empty_list(adapter: Adapter) -> None:
    """Nothing is one page of nothing, without a cursor."""
    assert await adapter.ports.markets.find_all(MarketFilter(START), 20) == Page((), None)


@pytest.mark.emulated(1)
@pytest.mark.parametrize(
    "filter_",
    [
        MarketFilter(START),
        MarketFilter(START, status=MarketStatus.ACTIVE),
        MarketFilter(START, tag="weather"),
        MarketFilter(START, creator="ann"),
        MarketFilter(START, tag="weather", status=MarketStatus.ACTIVE),
        MarketFilter(START, creator="ann", status=MarketStatus.ACTIVE),
    ],
)
async def test_lists_that_grow_while_they_are_read(adapter: Adapter, filter_: MarketFilter) -> None:
    """Whatever is added between pages, what was there at the start comes exactly once, and nothing comes twice."""
    there = [f"old-{number:02}" for number in range(30)]
    await _store(adapter, [_market(slug, (29 - number) // 3) for number, slug in enumerate(there)])
    numbers = count()
    listed: list[str] = []
    async for page in _pages(adapter, filter_, 4):
        listed += [market.slug for market in page.items]
        number = next(numbers)
        await _store(adapter, [_market(f"new-{number}-{age}", age) for age in {-1, 0, number, 5, 9, 99}])
    assert len(listed) == len(set(listed))
    assert [slug for slug in listed if slug.startswith("old")] == there[::-1]


async def test_paging_with_a_clock_that_moves(adapter: Adapter) -> None:
    """The next page may be asked for at a later instant: that is still the same list."""
    await _store(adapter, [_market(f"m{number}", number) for number in range(4)])
    first = await adapter.ports.markets.find_all(MarketFilter(START, status=MarketStatus.ACTIVE), 2)
    second = await adapter.ports.markets.find_all(MarketFilter(LATER, status=MarketStatus.ACTIVE), 2, first.cursor)
    assert [market.slug for market in (*first.items, *second.items)] == ["m0", "m1", "m2", "m3"]


@pytest.mark.parametrize(
    "cursor", ["", "x", "🦀", "null", "#", "a #b", "x#" + "y" * 2000, f"2026-11-23T12:00:00.000000Z#{'r' * 65}"]
)
async def test_a_cursor_of_nowhere(adapter: Adapter, cursor: str) -> None:
    """What no list ever gave is refused, however long: DynamoDB does not look for keys of more than a kilobyte."""
    with pytest.raises(InvalidCursorError):
        await adapter.ports.markets.find_all(MarketFilter(START), 20, cursor)
    with pytest.raises(InvalidCursorError):
        await adapter.ports.markets.find_closing(START, 20, cursor)


async def test_long_markets(adapter: Adapter, request: pytest.FixtureRequest) -> None:
    """A list of markets of the longest texts, more than a page of any store, is complete."""
    long = "🌧" * 10_000
    markets = [_market(f"m{number:02}", number, description=long, rules=long) for number in range(21)]
    for some in batched(markets, 7, strict=False):
        await _store(adapter, some)
    assert await _slugs(adapter, MarketFilter(START), 20) == [market.slug for market in markets]
    assert await _slugs(adapter, MarketFilter(START, tag="weather"), 20) == [market.slug for market in markets]


@pytest.mark.parametrize("limit", [1, 2, 100])
async def test_expired_markets(adapter: Adapter, limit: int) -> None:
    """Those stored as ACTIVE whose time has come, to the microsecond, the longest expired first."""
    instants = [START - timedelta(days=6), START - timedelta(seconds=1), START, START + timedelta(microseconds=1)]
    await _store(adapter, [_market(f"m{number}", 9, closes_at=instant) for number, instant in enumerate(instants)])
    await _store(adapter, [replace(RAIN, slug="open")])
    closed = [_market(status.value.lower(), 9, status=status, closes_at=START) for status in MarketStatus]
    await _store(adapter, [market for market in closed if market.status is not MarketStatus.ACTIVE])
    assert list(await adapter.ports.markets.find_expired(START, limit)) == ["m0", "m1", "m2"][:limit]


async def test_expired_markets_leave_when_closed(adapter: Adapter) -> None:
    """A market that is closed, or that closes later now, is no longer found."""
    expired = [_market(slug, 9, closes_at=START) for slug in ("a", "b", "c")]
    await _store(adapter, expired)
    closed = replace(expired[0], status=MarketStatus.CLOSED, revision=2)
    postponed = replace(expired[1], closes_at=LATER, revision=2)
    for market, read in ((closed, expired[0]), (postponed, expired[1])):
        assert await adapter.commit(Replace(market, read=read)) == Committed()
    assert list(await adapter.ports.markets.find_expired(START, 100)) == ["c"]
    assert list(await adapter.ports.markets.find_expired(LATER, 100)) == ["c", "b"]


async def test_a_list_follows_changes(adapter: Adapter) -> None:
    """A market that changes status, tags or closing time is found where it now belongs, and only there."""
    await _store(adapter, [RAIN])
    changed = replace(RAIN, status=MarketStatus.CLOSED, tags=("cup",), revision=2)
    assert await adapter.commit(Replace(changed, read=RAIN)) == Committed()
    assert await _slugs(adapter, MarketFilter(START, status=MarketStatus.ACTIVE)) == []
    assert await _slugs(adapter, MarketFilter(START, status=MarketStatus.CLOSED)) == ["rain"]
    assert await _slugs(adapter, MarketFilter(START, tag="weather")) == []
    assert await _slugs(adapter, MarketFilter(START, tag="cup")) == ["rain"]


async def test_a_draft_that_is_edited(adapter: Adapter) -> None:
    """A draft takes the place of the one that was read, in every list."""
    read = draft("rain")
    await _store(adapter, [read])
    edited = draft("rain", name="Will it pour?", tags=("cup",), revision=1)
    assert await adapter.commit(Replace(edited, read=read)) == Committed()
    assert await adapter.find(key_for(Market, "rain")) == edited
    assert await _slugs(adapter, MarketFilter(START, tag="cup", all_drafts=True)) == ["rain"]
    assert await _slugs(adapter, MarketFilter(START, tag="weather", all_drafts=True)) == []


@pytest.mark.parametrize("revision", [0, 2])
async def test_an_edit_that_comes_too_late(adapter: Adapter, revision: int) -> None:
    """Where the stored market is not at the revision that was read, nothing is stored, in no list either."""
    stored = replace(RAIN, revision=1)
    await _store(adapter, [stored])
    late = replace(stored, name="Late?", tags=("cup",), revision=revision + 1)
    write = Replace(late, read=replace(stored, revision=revision))
    assert await adapter.commit(write) == ConditionFailed((write,))
    assert await adapter.find(key_for(Market, "rain")) == stored
    assert await _slugs(adapter, MarketFilter(START, tag="cup", all_drafts=True)) == []
    assert await _slugs(adapter, MarketFilter(START, tag="weather", all_drafts=True)) == ["rain"]


async def test_an_edit_of_nothing(adapter: Adapter) -> None:
    """A market that was read and is not there is not replaced, and nothing appears in any list."""
    write = Replace(replace(RAIN, revision=2), read=RAIN)
    assert await adapter.commit(write) == ConditionFailed((write,))
    assert await adapter.find(key_for(Market, "rain")) is None
    assert await _slugs(adapter, MarketFilter(START, tag="weather", all_drafts=True)) == []


@pytest.mark.parametrize("stored", [draft("rain"), RAIN], ids=["draft", "published"])
@pytest.mark.parametrize(
    ("before", "after", "listed"),
    [
        (("a", "b"), ("b", "c"), "bc"),
        (("a",), (), ""),
        ((), ("a", "a", "b"), "ab"),
        (("a", "a"), ("b",), "b"),
        (("a", "b"), ("b", "a"), "ab"),
    ],
)
async def test_tags_that_come_and_go(
    adapter: Adapter, before: tuple[str, ...], after: tuple[str, ...], listed: str, stored: Market
) -> None:
    """A market is listed under each tag it has now, once, and under none that it had."""
    read = replace(stored, tags=before)
    await _store(adapter, [read])
    assert (
        await adapter.commit(Replace(replace(read, tags=after, revision=read.revision + 1), read=read)) == Committed()
    )
    found = {tag: await _slugs(adapter, MarketFilter(START, tag=tag, all_drafts=True)) for tag in "abc"}
    assert found == {tag: ["rain"] if tag in listed else [] for tag in "abc"}


async def test_books_of_many(adapter: Adapter) -> None:
    """The books of the slugs that have one, keyed by slug; none for none."""
    markets = [replace(RAIN, slug=f"m{number}") for number in range(100)]
    books = {market.slug: replace(RAIN_BOOK, slug=market.slug, version=n) for n, market in enumerate(markets[:90])}
    await _store(adapter, markets)
    await _store(adapter, books.values())
    assert await adapter.ports.books.find_by_slugs([market.slug for market in markets]) == books
    assert await adapter.ports.books.find_by_slugs(["m3", "m95", "nowhere"]) == {"m3": books["m3"]}
    assert await adapter.ports.books.find_by_slugs([]) == {}


async def test_holdings_of_nobody(adapter: Adapter) -> None:
    """An account that was not opened has no holdings at all; one that was has none yet."""
    assert await adapter.ports.positions.find_by_account("ann") is None
    await _store(adapter, [ANN])
    found = await adapter.ports.positions.find_by_account("ann")
    assert found is not None
    assert (found.account, found.holdings) == (ANN, ())


async def test_holdings_with_shares(adapter: Adapter) -> None:
    """Only one's own positions, only with shares, by slug, each with its market and its book."""
    bob = replace(ANN, id="bob")
    slugs = ["snow", "rain", "hail", "fog"]
    markets = {slug: replace(RAIN, slug=slug) for slug in slugs}
    books = {slug: replace(RAIN_BOOK, slug=slug) for slug in slugs}
    held = {slug: replace(ANNS_RAIN, market=slug) for slug in ("snow", "rain")}
    sold_out = replace(ANNS_RAIN, market="hail", quantities=(0, 0), spent=(Money(3), Money(-9)))
    bobs = replace(ANNS_RAIN, account="bob", market="fog")
    await _store(adapter, [ANN, bob, *markets.values(), *books.values(), *held.values(), sold_out, bobs])
    found = await adapter.ports.positions.find_by_account("ann")
    assert found is not None
    assert found.account == ANN
    assert found.holdings == tuple(Holding(held[slug], markets[slug], books[slug]) for slug in ("rain", "snow"))


async def test_holdings_follow_trades(adapter: Adapter) -> None:
    """A position leaves when its shares are sold, comes back with new ones, and leaves for good once settled."""
    await _store(adapter, [ANN, RAIN, RAIN_BOOK, ANNS_RAIN])
    sold = replace(ANNS_RAIN, quantities=(0, 0), version=4)
    back = replace(ANNS_RAIN, quantities=(0, 1), version=5)
    seen = []
    for write in (Replace(sold, read=ANNS_RAIN), Replace(back, read=sold), Remove(back)):
        assert await adapter.commit(write) == Committed()
        found = await adapter.ports.positions.find_by_account("ann")
        assert found is not None
        seen.append([holding.position for holding in found.holdings])
    assert seen == [[], [back], []]


def _accounts_of_shard(shard: int, many: int) -> list[str]:
    names = (f"trader-{number}" for number in count())
    return list(islice((name for name in names if holder_shard(name) == shard), many))


async def _crowd(adapter: Adapter) -> dict[int, set[str]]:
    """Positions in rain: 40 accounts of shard 3, and 60 others; every fifth has sold out. Some hold snow, too."""
    names = [*_accounts_of_shard(3, 40), *(f"other-{number}" for number in range(60))]
    await _store(adapter, [RAIN, RAIN_BOOK, replace(RAIN, slug="snow"), replace(RAIN_BOOK, slug="snow")])
    await _store(adapter, [replace(ANN, id=name) for name in [*names, "only-snow"]])
    positions = [Position(name, "rain", (number % 5, 0), (Money(1), Money(0)), 1) for number, name in enumerate(names)]
    await _store(adapter, positions)
    await _store(adapter, [replace(ANNS_RAIN, account=name, market="snow") for name in [*names[:10], "only-snow"]])
    return {shard: {name for name in names if holder_shard(name) == shard} for shard in range(HOLDER_SHARDS)}


async def _holders(adapter: Adapter, shard: int, limit: int) -> AsyncIterator[Page[str]]:
    cursor = None
    for _ in range(100):
        page = await adapter.ports.positions.find_holders("rain", shard, limit, cursor)
        yield page
        cursor = page.cursor
        if cursor is None:
            return
    raise AssertionError("the list does not end")


@pytest.mark.emulated(1)
@pytest.mark.parametrize("limit", [1, 7, 33, 40, 100])
async def test_holders_by_shard(adapter: Adapter, limit: int) -> None:
    """Each shard lists all its accounts with a position, sold out or not, once, in pages of at most the limit."""
    crowd = await _crowd(adapter)
    assert len(crowd[3]) >= 40
    for shard, expected in crowd.items():
        pages = [page async for page in _holders(adapter, shard, limit)]
        listed = [account for page in pages for account in page.items]
        assert max(len(page.items) for page in pages) <= limit
        assert len(listed) == len(expected)
        assert set(listed) == expected


@pytest.mark.emulated(1)
async def test_the_largest_holdings(adapter: Adapter) -> None:
    """Of one outcome, by number and not by text, of one size by account; nothing sold, and of no other market."""
    held = {"a": (10, 0), "b": (9, 100), "c": (10**12, 0), "d": (0, 5), "e": (9, 0), "f": (0, 0), "g": (9, 1)}
    await _store(adapter, [RAIN, RAIN_BOOK, replace(RAIN, slug="snow"), replace(RAIN_BOOK, slug="snow")])
    await _store(adapter, [replace(ANN, id=name) for name in held])
    spent = (Money(1), Money(1))
    await _store(adapter, [Position(name, "rain", quantities, spent, 1) for name, quantities in held.items()])
    await _store(adapter, [Position(name, "snow", (10**15, 10**15), spent, 1) for name in held])
    largest = adapter.ports.positions.find_largest
    assert [position.account for position in await largest("rain", 0, 100)] == ["c", "a", "b", "e", "g"]
    assert [position.quantities[1] for position in await largest("rain", 1, 100)] == [100, 5, 1]
    assert [position.account for position in await largest("rain", 0, 3)] == ["c", "a", "b"]
    assert list(await largest("fog", 0, 100)) == []


async def test_holders_while_they_are_settled(adapter: Adapter) -> None:
    """Removing each page's positions before asking for the next, as settlement does, still reaches everybody."""
    crowd = await _crowd(adapter)
    reached: list[str] = []
    async for page in _holders(adapter, 3, 6):
        for account in page.items:
            reached.append(account)
            position = await adapter.find(key_for(Position, account, "rain"))
            assert position is not None
            assert await adapter.commit(Remove(position)) == Committed()
    assert sorted(reached) == sorted(crowd[3])
    again = [account async for page in _holders(adapter, 3, 6) for account in page.items]
    assert set(again) <= crowd[3]


async def test_holders_of_nothing(adapter: Adapter) -> None:
    """A market without positions, or no market at all, has no holders in any shard."""
    await _store(adapter, [RAIN, RAIN_BOOK])
    assert await adapter.find(key_for(Book, "rain")) == RAIN_BOOK
    for slug in ("rain", "snow"):
        for shard in range(HOLDER_SHARDS):
            assert await adapter.ports.positions.find_holders(slug, shard, 33) == Page((), None)
