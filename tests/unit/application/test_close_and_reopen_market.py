"""A market that is closed by hand and opened again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.application.trading.close_market import CloseMarketRequest
from domain.event.market_events import EventType, MarketChanged, market_changed
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import (
    AccountNotFoundError,
    AlreadyResolvedError,
    DomainError,
    ForbiddenError,
    InvalidMarketError,
    MarketAlreadyPublishedError,
    MarketNotFoundError,
    MarketNotOpenError,
)
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import Key, key_for
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.book import Book, Listing, follow_market
from domain.model.trading.market import Market, MarketStatus, close_expired_market
from domain.port.out.store import Snapshot
from tests.fakes.clock import START, LowestRandom
from tests.fakes.faults import FaultyUnitOfWork
from tests.fakes.memory import MemoryRecords, MemoryStore, MemoryUnitOfWork
from tests.fakes.refusals import refused
from tests.fakes.statement import assert_balanced, statement_of
from tests.fakes.world import DEFINITION, World, admin, caller

LATER = START + timedelta(hours=1)

type Act = Callable[[World, Caller, str], Awaitable[Listing]]


async def _close(world: World, by: Caller, slug: str) -> Listing:
    return await world.close(slug, by)


async def _reopen(world: World, by: Caller, slug: str) -> Listing:
    return await world.reopen(slug, by)


BOTH = pytest.mark.parametrize("act", [_close, _reopen])
BY = pytest.mark.parametrize("by", [caller("ann"), admin("ann"), admin("zoe")])


@pytest.fixture(autouse=True)
async def market(world: World) -> Listing:
    """Bob holds shares of Ann's market, which closes in an hour; Ann has a draft; zoe is an admin."""
    for account in ("ann", "bob", "zoe"):
        await world.open(account)
    await world.draft("draft", "ann")
    await world.publish("rain", "ann", replace(DEFINITION, closes_at=LATER))
    await world.buy("bob", "rain", "YES", 10 * MICROS)
    return await world.see("rain")


async def _assert_came_to(world: World, store: MemoryStore, listing: Listing, expected: Listing, by: Caller) -> None:
    """Market and book are stored as answered, the event says who did it, and the books balance."""
    assert listing == expected
    assert (await world.found(key_for(Market, "rain")), await world.found(key_for(Book, "rain"))) == expected
    is_open = listing.market.status is MarketStatus.ACTIVE
    type_ = EventType.REOPENED if is_open else EventType.CLOSED
    event = market_changed(listing.market, type_, by.account, world.clock.now(), version=listing.book.version)
    assert store.every(MarketChanged)[-1] == event
    assert_balanced(statement_of(store))


def _closed_by_the_clock(listing: Listing, now: datetime) -> Listing:
    """The market and its book, once somebody has noted that the time has come."""
    closed = close_expired_market(listing.market, now)
    assert closed is not None
    return Listing(closed, follow_market(listing.book, closed))


def _next(listing: Listing, status: MarketStatus, closes_at: datetime | None) -> Listing:
    revision = listing.market.revision + 1
    changes: dict[str, Any] = {"status": status, "closes_at": closes_at, "revision": revision}
    return Listing(replace(listing.market, **changes), replace(listing.book, **changes))


@BY
async def test_closing(world: World, store: MemoryStore, market: Listing, by: Caller) -> None:
    """By its creator or an admin: market and book are CLOSED at the next revision; no money moves, no order passes."""
    entries = store.every(JournalEntry)
    closed = await world.close("rain", by)
    await _assert_came_to(world, store, closed, _next(market, MarketStatus.CLOSED, LATER), by)
    assert store.every(JournalEntry) == entries
    with refused(store, MarketNotOpenError):
        await world.buy("bob", "rain", "YES", MICROS)
    with refused(store, MarketNotOpenError):
        await world.sell("bob", "rain", "YES", MICROS)


@BY
@pytest.mark.parametrize("closes_at", [None, LATER, START + timedelta(microseconds=1)])
@pytest.mark.parametrize("waits", [timedelta(), timedelta(hours=2)], ids=["by hand", "by the clock"])
async def test_reopening(
    world: World, store: MemoryStore, market: Listing, *, by: Caller, closes_at: datetime | None, waits: timedelta
) -> None:
    """Closed by hand or by the clock, it is ACTIVE until the time that is given, and its book goes on."""
    world.clock.advance(waits)
    closes_at = closes_at and closes_at + waits
    before = _closed_by_the_clock(market, world.clock.now()) if waits else await world.close("rain", caller("ann"))
    reopened = await world.reopen("rain", by, closes_at)
    await _assert_came_to(world, store, reopened, _next(before, MarketStatus.ACTIVE, closes_at), by)
    assert (await world.buy("bob", "rain", "YES", MICROS)).trades[0].version == 2
    if closes_at:
        world.clock.instant = closes_at
        with refused(store, MarketNotOpenError):
            await world.buy("bob", "rain", "YES", MICROS)


@pytest.mark.parametrize("closes_at", [START, START - timedelta(days=1)])
async def test_reopening_until_the_past(world: World, store: MemoryStore, closes_at: datetime) -> None:
    """A closing time that is not in the future is refused, and the market stays closed."""
    await world.close("rain", caller("ann"))
    with refused(store, InvalidMarketError):
        await world.reopen("rain", caller("ann"), closes_at)


@BOTH
@pytest.mark.parametrize(
    ("by", "slug", "error"),
    [
        (caller("nobody"), "rain", AccountNotFoundError),
        (admin("nobody"), "rain", AccountNotFoundError),
        (caller("bob"), "rain", ForbiddenError),
        (caller("zoe"), "rain", ForbiddenError),
        (caller("ann"), "snow", MarketNotFoundError),
        (admin("zoe"), "snow", MarketNotFoundError),
        (caller("bob"), "draft", MarketNotFoundError),
        (caller("ann"), "draft", MarketNotOpenError),
        (admin("zoe"), "draft", MarketNotOpenError),
    ],
)
async def test_refusals(
    world: World, store: MemoryStore, *, act: Act, by: Caller, slug: str, error: type[DomainError]
) -> None:
    """Those who may not, and markets that are not there or were never open."""
    with refused(store, error):
        await act(world, by, slug)


@pytest.mark.parametrize("waits", [timedelta(), timedelta(hours=1)], ids=["by hand", "by the clock"])
async def test_closing_twice(world: World, store: MemoryStore, waits: timedelta) -> None:
    """What is closed already, by hand or by the clock, is not open."""
    world.clock.advance(waits)
    if not waits:
        await world.close("rain", caller("ann"))
    with refused(store, MarketNotOpenError):
        await world.close("rain", admin("zoe"))


async def test_reopening_what_is_open(world: World, store: MemoryStore) -> None:
    """An open market is not opened again, not even to move its closing time."""
    with refused(store, MarketAlreadyPublishedError):
        await world.reopen("rain", caller("ann"), LATER + timedelta(hours=1))


@BOTH
async def test_nothing_follows_a_decision(world: World, store: MemoryStore, act: Act) -> None:
    """Settling, resolved or voided, a market is decided."""
    await world.publish("fog", "ann")
    await world.resolve("rain", caller("ann"), "YES")
    await world.void("fog", admin("zoe"))
    for slug in ("rain", "fog"):
        with refused(store, AlreadyResolvedError):
            await act(world, caller("ann"), slug)
        await world.settle(slug)
        with refused(store, AlreadyResolvedError):
            await act(world, admin("zoe"), slug)


async def test_a_trade_slips_in_before_the_closing(world: World, store: MemoryStore) -> None:
    """A trade between reading and writing is not lost: the closed book has it."""
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [], [lambda: world.buy("bob", "rain", "YES", MICROS)])
    closed = await world.with_faults(unit_of_work).close("rain", caller("ann"))
    assert (closed.book.version, closed.book.quantities) == (2, (11 * MICROS, 0))
    assert_balanced(statement_of(store))


async def test_a_trade_that_comes_after_the_closing(world: World, store: MemoryStore) -> None:
    """A trade that was priced before the closing and is written after it is refused."""
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [], [lambda: world.close("rain", caller("ann"))])
    with pytest.raises(MarketNotOpenError):
        await world.with_faults(unit_of_work).buy("bob", "rain", "YES", MICROS)
    assert (await world.found(key_for(Book, "rain"))).quantities == (10 * MICROS, 0)


@BOTH
async def test_two_at_once(world: World, store: MemoryStore, act: Act) -> None:
    """Of two who do the same thing at once one does it, the other is told that it is done."""
    if act is _reopen:
        await world.close("rain", caller("ann"))
    revision = (await world.found(key_for(Market, "rain"))).revision
    outcomes = await asyncio.gather(
        act(world, caller("ann"), "rain"), act(world, admin("zoe"), "rain"), return_exceptions=True
    )
    refusals = [type(outcome) for outcome in outcomes if isinstance(outcome, DomainError)]
    assert refusals == [MarketNotOpenError if act is _close else MarketAlreadyPublishedError]
    assert (await world.found(key_for(Market, "rain"))).revision == revision + 1


class TornRecords(MemoryRecords):
    """Reads that are no snapshot: the first of them finds some records as they were a while before."""

    def __init__(self, store: MemoryStore, before: Mapping[Key[Any], object]) -> None:
        super().__init__(store)
        self._before = dict(before)

    async def read(self, *keys: Key[Any]) -> Snapshot:
        found = dict((await super().read(*keys)).found)
        for key in keys:
            if key in self._before:
                found[key] = self._before.pop(key)
        return Snapshot(found)


@pytest.mark.parametrize("kind", [Market, Book])
async def test_a_draft_published_between_two_reads(world: World, store: MemoryStore, kind: type[Any]) -> None:
    """Its market or its book is found as it was before: that is the answer then, and nothing is changed.

    Who publishes and who closes are two requests at the same time, and closing came first.
    """
    draft = await world.draft("hail", "ann")
    await world.publish_drafted("hail", "ann")
    before: dict[Key[Any], object] = {key_for(kind, "hail"): draft if kind is Market else None}
    torn = World(replace(world.ports, records=TornRecords(store, before)), world.clock, LowestRandom())
    request = CloseMarketRequest(caller("ann"), "hail", world.fresh())
    with pytest.raises(MarketNotOpenError):
        await torn.close_market.execute(request)
    assert (await world.see("hail")).market.status is MarketStatus.ACTIVE
    assert (await torn.close_market.execute(request)).listing.market.status is MarketStatus.CLOSED
