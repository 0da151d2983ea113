import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.event.market_events import EventType, MarketChanged, market_changed
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import (
    AccountNotFoundError,
    AlreadyResolvedError,
    DomainError,
    ForbiddenError,
    MarketNotFoundError,
    MarketNotOpenError,
)
from domain.model.kernel.money import MICROS, ZERO
from domain.model.kernel.record import key_for
from domain.model.ledger.journal import EntryKind, JournalEntry
from domain.model.trading.book import Book, Listing
from domain.model.trading.market import Market, MarketStatus, Resolution
from tests.fakes.clock import START
from tests.fakes.faults import FaultyUnitOfWork
from tests.fakes.memory import MemoryStore, MemoryUnitOfWork
from tests.fakes.refusals import refused
from tests.fakes.statement import assert_balanced, statement_of
from tests.fakes.world import DEFINITION, GRANT, World, admin, caller

ISSUED = 4 * GRANT.amount


@pytest.fixture(autouse=True)
async def market(world: World) -> Listing:
    """Bob and cid hold shares of Ann's market, which closes in an hour; Ann has a draft; zoe is an admin."""
    for account in ("ann", "bob", "cid", "zoe"):
        await world.open(account)
    await world.draft("draft", "ann")
    await world.publish("rain", "ann", replace(DEFINITION, closes_at=START + timedelta(hours=1)))
    await world.buy("bob", "rain", "YES", 10 * MICROS)
    await world.buy("cid", "rain", "NO", 4 * MICROS)
    return await world.see("rain")


async def test_it_is_called_off(world: World, store: MemoryStore, market: Listing) -> None:
    """By an admin: market and book go to SETTLING with the reason and no payouts; no money moves yet."""
    now = world.clock.now()
    entries = store.every(JournalEntry)
    voided, book = await world.void("rain", admin("zoe"), "The match was cancelled.")
    resolution = Resolution(None, "The match was cancelled.", now)
    assert voided == replace(market.market, status=MarketStatus.SETTLING, resolution=resolution, revision=2)
    assert book == replace(market.book, status=MarketStatus.SETTLING, revision=2)
    assert (await world.found(key_for(Market, "rain")), await world.found(key_for(Book, "rain"))) == (voided, book)
    assert store.every(MarketChanged)[-1] == market_changed(
        voided, EventType.RESOLVING, "zoe", now, version=book.version
    )
    assert store.every(JournalEntry) == entries
    assert_balanced(statement_of(store), ISSUED)


@pytest.mark.parametrize("closed", ["open", "by hand", "by the clock"])
async def test_settled_it_is_voided(world: World, store: MemoryStore, closed: str) -> None:
    """Open or closed, it ends VOIDED and everybody has what they had before it."""
    if closed == "by hand":
        await world.close("rain", caller("ann"))
    if closed == "by the clock":
        world.clock.advance(timedelta(hours=1))
    await world.void("rain", admin("zoe"))
    assert (await world.settle("rain")).done
    market, book = await world.found(key_for(Market, "rain")), await world.found(key_for(Book, "rain"))
    assert market.status is book.status is MarketStatus.VOIDED
    assert book.pool == ZERO
    assert [await world.balance(account) for account in ("ann", "bob", "cid")] == [GRANT.amount] * 3
    kinds = [entry.kind for entry in store.every(JournalEntry) if entry.market == "rain"][-3:]
    assert kinds == [EntryKind.REFUND, EntryKind.REFUND, EntryKind.SUBSIDY_RETURN]
    assert_balanced(statement_of(store), ISSUED)


async def test_an_admin_who_holds_shares(world: World) -> None:
    """An admin calls off whatever they hold, or created."""
    await world.buy("zoe", "rain", "YES", MICROS)
    assert (await world.void("rain", admin("zoe"))).market.status is MarketStatus.SETTLING
    await world.publish("fog", "zoe")
    assert (await world.void("fog", admin("zoe"))).market.status is MarketStatus.SETTLING


@pytest.mark.parametrize(
    ("by", "slug", "error"),
    [
        (caller("nobody"), "rain", AccountNotFoundError),
        (admin("nobody"), "rain", AccountNotFoundError),
        (caller("ann"), "rain", ForbiddenError),
        (caller("bob"), "rain", ForbiddenError),
        (caller("ann"), "snow", MarketNotFoundError),
        (admin("zoe"), "snow", MarketNotFoundError),
        (caller("bob"), "draft", MarketNotFoundError),
        (caller("ann"), "draft", ForbiddenError),
        (admin("zoe"), "draft", MarketNotOpenError),
        (admin("ann"), "draft", MarketNotOpenError),
    ],
)
async def test_refusals(world: World, store: MemoryStore, by: Caller, slug: str, error: type[DomainError]) -> None:
    """Everybody but admins, the creator too; and markets that are not there or were never open."""
    with refused(store, error):
        await world.void(slug, by)


async def test_decided_once(world: World, store: MemoryStore) -> None:
    """A market that settles, is resolved or voided is not called off; a voided one is not resolved."""
    await world.publish("fog", "ann")
    await world.resolve("fog", caller("ann"), "YES")
    await world.void("rain", admin("zoe"))
    for settle in (False, True):
        for slug in ("rain", "fog"):
            if settle:
                await world.settle(slug)
            with refused(store, AlreadyResolvedError):
                await world.void(slug, admin("zoe"))
            with refused(store, AlreadyResolvedError):
                await world.resolve(slug, caller("ann"), "NO")


async def test_called_off_and_resolved_at_once(world: World, store: MemoryStore) -> None:
    """Of a void and a resolution at the same time one stands, the other is told that it is decided."""
    outcomes = await asyncio.gather(
        world.void("rain", admin("zoe")), world.resolve("rain", caller("ann"), "YES"), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyResolvedError", "Listing"]
    assert [outcome.market for outcome in outcomes if isinstance(outcome, Listing)] == [
        await world.found(key_for(Market, "rain"))
    ]
    await world.settle("rain")
    assert_balanced(statement_of(store), ISSUED)


async def test_a_trade_slips_in_before(world: World, store: MemoryStore) -> None:
    """A trade between reading and writing is in the frozen book, and refunded like the others."""
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [], [lambda: world.buy("zoe", "rain", "YES", MICROS)])
    voided = await world.with_faults(unit_of_work).void("rain", admin("zoe"))
    assert voided.book.version == 3
    await world.settle("rain")
    assert await world.balance("zoe") == GRANT.amount
    assert_balanced(statement_of(store), ISSUED)
