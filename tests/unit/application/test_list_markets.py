from dataclasses import replace
from datetime import timedelta

import pytest

from domain.application.trading.list_markets import ListMarketsRequest
from domain.model.kernel.caller import Caller
from domain.model.kernel.money import MICROS
from domain.model.trading.book import Listing, open_book
from domain.model.trading.market import MarketStatus
from tests.fakes.clock import START
from tests.fakes.memory import MemoryStore
from tests.fakes.world import DEFINITION, World, admin, caller


@pytest.fixture(autouse=True)
async def markets(world: World) -> None:
    """Oldest first: a, b (closes in an hour, tagged), c (Bob's), d (Ann's draft), e (Bob's draft), f (settling)."""
    await world.open("ann")
    await world.open("bob")
    await world.publish("a", "ann")
    world.clock.advance(timedelta(seconds=1))
    await world.publish("b", "ann", replace(DEFINITION, closes_at=START + timedelta(hours=1), tags=("sport", "cup")))
    world.clock.advance(timedelta(seconds=1))
    await world.publish("c", "bob", replace(DEFINITION, tags=("cup",)))
    world.clock.advance(timedelta(seconds=1))
    await world.draft("d", "ann", replace(DEFINITION, tags=("cup",)))
    world.clock.advance(timedelta(seconds=1))
    await world.draft("e", "bob")
    world.clock.advance(timedelta(seconds=1))
    await world.publish("f", "ann")
    await world.resolve("f", caller("ann"), "NO")


async def _list(world: World, request: ListMarketsRequest) -> tuple[Listing, ...]:
    return (await world.list_markets.execute(request)).page.items


async def _slugs(world: World, request: ListMarketsRequest) -> str:
    return "".join(listing.market.slug for listing in await _list(world, request))


@pytest.mark.parametrize(
    ("viewer", "visible"),
    [(None, "fcba"), (caller("ann"), "fdcba"), (caller("bob"), "fecba"), (admin("zoe"), "fedcba")],
)
async def test_newest_first_as_the_viewer_may_see(world: World, viewer: Caller | None, visible: str) -> None:
    """Everybody sees what is published, creators their own drafts too, and admins all."""
    assert await _slugs(world, ListMarketsRequest(100, viewer)) == visible


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (ListMarketsRequest(100, status=MarketStatus.ACTIVE), "cba"),
        (ListMarketsRequest(100, status=MarketStatus.SETTLING), "f"),
        (ListMarketsRequest(100, status=MarketStatus.RESOLVED), ""),
        (ListMarketsRequest(100, status=MarketStatus.DRAFT), ""),
        (ListMarketsRequest(100, caller("ann"), status=MarketStatus.DRAFT), "d"),
        (ListMarketsRequest(100, admin(), status=MarketStatus.DRAFT), "ed"),
        (ListMarketsRequest(100, tag="cup"), "cb"),
        (ListMarketsRequest(100, caller("ann"), tag="cup"), "dcb"),
        (ListMarketsRequest(100, tag="nothing"), ""),
        (ListMarketsRequest(100, creator="ann"), "fba"),
        (ListMarketsRequest(100, caller("ann"), creator="ann"), "fdba"),
        (ListMarketsRequest(100, caller("ann"), creator="bob"), "c"),
        (ListMarketsRequest(100, creator="ann", status=MarketStatus.ACTIVE), "ba"),
        (ListMarketsRequest(100, tag="cup", status=MarketStatus.ACTIVE), "cb"),
    ],
)
async def test_filters(world: World, request_: ListMarketsRequest, expected: str) -> None:
    """Status, tag and creator each narrow the list, and status goes with one of the others."""
    assert await _slugs(world, request_) == expected


async def test_the_clock_decides_what_is_closed(world: World) -> None:
    """From its closing instant a market is listed as CLOSED, reads CLOSED, and is not listed as ACTIVE."""
    world.clock.advance(timedelta(hours=1))
    assert await _slugs(world, ListMarketsRequest(100, status=MarketStatus.ACTIVE)) == "ca"
    (closed,) = await _list(world, ListMarketsRequest(100, status=MarketStatus.CLOSED))
    assert (closed.market.slug, closed.market.status) == ("b", MarketStatus.CLOSED)


async def test_books_come_along(world: World) -> None:
    """Each market comes with its book as it is now, a draft with the one it would open."""
    await world.buy("bob", "a", "YES", MICROS)
    listings = {listing.market.slug: listing for listing in await _list(world, ListMarketsRequest(100, admin()))}
    assert listings["a"].book.quantities == (MICROS, 0)
    assert listings["b"].book.quantities == (0, 0)
    assert listings["d"].book == open_book(listings["d"].market)
    assert all(listing.market.slug == listing.book.slug for listing in listings.values())


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 7])
async def test_pages_make_the_whole(world: World, limit: int) -> None:
    """Whatever the page's size, the pages together are the list, and only the last has no cursor."""
    slugs, cursor = "", None
    for _ in range(7):
        page = (await world.list_markets.execute(ListMarketsRequest(limit, admin(), cursor=cursor))).page
        slugs += "".join(listing.market.slug for listing in page.items)
        cursor = page.cursor
        if cursor is None:
            break
        assert len(page.items) == limit
    assert slugs == "fedcba"


async def test_no_markets(world: World) -> None:
    """An empty list is a page without items and without a cursor."""
    page = (await world.list_markets.execute(ListMarketsRequest(20, tag="nothing"))).page
    assert (page.items, page.cursor) == ((), None)


@pytest.mark.parametrize("cursor", ["", "x", "|||", "🦀"])
async def test_a_cursor_of_nowhere(world: World, store: MemoryStore, cursor: str) -> None:
    """A cursor that this list did not give is refused."""
    with pytest.raises(ValueError, match="cursor"):
        await _list(world, ListMarketsRequest(20, cursor=cursor))


async def test_a_cursor_of_another_list(world: World) -> None:
    """The cursor of one filter does not serve another."""
    page = (await world.list_markets.execute(ListMarketsRequest(1))).page
    with pytest.raises(ValueError, match="cursor"):
        await _list(world, ListMarketsRequest(1, tag="cup", cursor=page.cursor))
