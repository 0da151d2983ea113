from dataclasses import replace
from datetime import timedelta

import pytest

from domain.application.trading.get_market import GetMarketRequest
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import MarketNotFoundError
from domain.model.kernel.money import MICROS
from domain.model.trading.book import open_book, shown_prices
from domain.model.trading.market import Market, MarketStatus
from tests.fakes.clock import START
from tests.fakes.memory import MemoryStore
from tests.fakes.refusals import refused
from tests.fakes.world import DEFINITION, World, admin, caller

EVERYBODY = [None, caller("ann"), caller("bob"), admin()]


@pytest.fixture(autouse=True)
async def market(world: World) -> Market:
    """Ann has a draft, and an open market that closes in an hour."""
    await world.open("ann")
    await world.draft("draft", "ann")
    closing = replace(DEFINITION, closes_at=START + timedelta(hours=1))
    return (await world.publish("rain", "ann", closing)).market


@pytest.mark.parametrize("viewer", EVERYBODY)
async def test_everybody_sees_a_published_market(world: World, market: Market, viewer: Caller | None) -> None:
    """A published market is public, with its book as the last trade left it."""
    await world.open("bob")
    await world.buy("bob", "rain", "YES", 10 * MICROS)
    seen, book = await world.see("rain", viewer)
    assert seen == market
    assert book.quantities == (10 * MICROS, 0)
    assert book.version == 1
    assert [shown.price for shown in shown_prices(book)] == [524_979, 475_021]


@pytest.mark.parametrize("viewer", [caller("ann"), admin()])
async def test_a_draft_is_for_its_creator_and_admins(world: World, viewer: Caller) -> None:
    """They see it with the book as it would open."""
    seen, book = await world.see("draft", viewer)
    assert seen.status is MarketStatus.DRAFT
    assert book == open_book(seen)


@pytest.mark.parametrize("viewer", [None, caller("bob"), caller("draft")])
async def test_a_draft_does_not_exist_for_others(world: World, store: MemoryStore, viewer: Caller | None) -> None:
    """To anybody else a draft is not distinguishable from no market."""
    with refused(store, MarketNotFoundError) as caught:
        await world.see("draft", viewer)
    assert str(caught.value) == str(MarketNotFoundError("draft"))


@pytest.mark.parametrize("viewer", EVERYBODY)
async def test_no_market(world: World, store: MemoryStore, viewer: Caller | None) -> None:
    """A slug that nobody took is market-not-found, for admins too."""
    with refused(store, MarketNotFoundError):
        await world.see("snow", viewer)


async def test_the_clock_closes(world: World, store: MemoryStore) -> None:
    """From its closing instant a market reads CLOSED, and nothing has to be written for that."""
    before = store.copy()
    world.clock.advance(timedelta(hours=1) - timedelta(microseconds=1))
    assert (await world.see("rain")).market.status is MarketStatus.ACTIVE
    world.clock.advance(timedelta(microseconds=1))
    assert (await world.see("rain")).market.status is MarketStatus.CLOSED
    assert store == before


async def test_a_life_as_it_reads(world: World) -> None:
    """A decided market reads SETTLING until all is paid and RESOLVED from then on, whatever its closing time."""
    await world.resolve("rain", caller("ann"), "YES")
    world.clock.advance(timedelta(days=1))
    assert (await world.see("rain")).market.status is MarketStatus.SETTLING
    await world.settle("rain")
    result = await world.get_market.execute(GetMarketRequest("rain"))
    assert result.listing.market.status is MarketStatus.RESOLVED
    assert result.listing.book.status is MarketStatus.RESOLVED
