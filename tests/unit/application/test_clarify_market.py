from dataclasses import replace
from datetime import timedelta

import pytest

from domain.event.market_events import EventType, MarketChanged
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import (
    AlreadyResolvedError,
    DomainError,
    ForbiddenError,
    InvalidMarketError,
    MarketNotFoundError,
    MarketNotOpenError,
)
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import key_for
from domain.model.trading.book import Book
from domain.model.trading.market import Clarification, Market, MarketStatus
from tests.fakes.memory import MemoryStore
from tests.fakes.refusals import refused
from tests.fakes.statement import assert_balanced, statement_of
from tests.fakes.world import DEFINITION, GRANT, World, admin, caller


@pytest.fixture(autouse=True)
async def market(world: World) -> None:
    """Bob holds shares of Ann's market, Ann has a draft, and zoe is an admin."""
    for account in ("ann", "bob", "zoe"):
        await world.open(account)
    await world.draft("draft", "ann")
    await world.publish("rain", "ann", replace(DEFINITION, description="More than a millimetre."))
    await world.buy("bob", "rain", "YES", 10 * MICROS)


@pytest.mark.parametrize("by", [caller("ann"), admin("zoe")])
async def test_a_text_is_added(world: World, store: MemoryStore, by: Caller) -> None:
    """By the creator or an admin: text and time stand on the market, and in an event. Trading goes on."""
    before = await world.see("rain")
    await world.clarify("rain", by, "Snow counts.")
    world.clock.advance(timedelta(minutes=1))
    listing = await world.clarify("rain", by, "Hail does not.")
    now = world.clock.now()
    added = (Clarification("Snow counts.", now - timedelta(minutes=1)), Clarification("Hail does not.", now))
    assert listing.market == replace(before.market, clarifications=added, revision=before.market.revision + 2)
    assert listing.book == replace(before.book, revision=before.book.revision + 2)
    assert (await world.found(key_for(Market, "rain")), await world.found(key_for(Book, "rain"))) == tuple(listing)
    event = store.every(MarketChanged)[-1]
    assert (event.type, event.clarification, event.actor) == (EventType.CLARIFIED, "Hail does not.", by.account)
    await world.buy("bob", "rain", "NO", MICROS)


async def test_until_it_is_paid_out(world: World, store: MemoryStore) -> None:
    """Closed or settling it may be clarified; what is paid is paid as it was decided. Once final it may not."""
    await world.close("rain", caller("ann"))
    assert (await world.clarify("rain", caller("ann"), "One.")).market.status is MarketStatus.CLOSED
    await world.resolve("rain", caller("ann"), "YES")
    assert (await world.clarify("rain", admin("zoe"), "Two.")).market.status is MarketStatus.SETTLING
    await world.settle("rain")
    with refused(store, AlreadyResolvedError):
        await world.clarify("rain", caller("ann"), "Three.")
    assert len((await world.see("rain")).market.clarifications) == 2
    assert_balanced(statement_of(store), 3 * GRANT.amount)


async def test_at_most_twenty(world: World, store: MemoryStore) -> None:
    """The twentieth is the last."""
    for number in range(20):
        await world.clarify("rain", caller("ann"), f"Number {number}.")
    with refused(store, InvalidMarketError):
        await world.clarify("rain", caller("ann"), "One more.")


@pytest.mark.parametrize("text", ["x", "𐍈" * 2000, " "])
async def test_texts(world: World, text: str) -> None:
    """From one character to two thousand, which are code points, kept as they are."""
    listing = await world.clarify("rain", caller("ann"), text)
    assert listing.market.clarifications[0].text == text


@pytest.mark.parametrize(
    ("by", "slug", "error"),
    [
        (caller("bob"), "rain", ForbiddenError),
        (caller("ann"), "snow", MarketNotFoundError),
        (caller("bob"), "draft", MarketNotFoundError),
        (caller("ann"), "draft", MarketNotOpenError),
        (admin("zoe"), "draft", MarketNotOpenError),
    ],
)
async def test_refusals(world: World, store: MemoryStore, by: Caller, slug: str, error: type[DomainError]) -> None:
    """Those who may not, and markets that are not published."""
    with refused(store, error):
        await world.clarify(slug, by, "Snow counts.")


@pytest.mark.parametrize("text", ["", "x" * 2001, "N\x00L"])
async def test_texts_that_are_none(world: World, store: MemoryStore, text: str) -> None:
    """Nothing, more than two thousand characters, and NUL."""
    with refused(store, InvalidMarketError):
        await world.clarify("rain", caller("ann"), text)
