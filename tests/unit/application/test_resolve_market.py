import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.application.shared.commands import Commands
from domain.application.trading.market_transition import MarketTransition
from domain.application.trading.resolve_market import ResolveMarket, ResolveMarketRequest
from domain.event.market_events import EventType, MarketChanged, market_changed
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import (
    AccountNotFoundError,
    AlreadyResolvedError,
    ContentionError,
    DomainError,
    ForbiddenError,
    InvalidResolutionError,
    MarketNotFoundError,
    MarketNotOpenError,
)
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import key_for
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.book import Book, Listing
from domain.model.trading.market import Market, MarketStatus, Resolution
from tests.fakes.clock import START
from tests.fakes.faults import Fault, FaultyUnitOfWork
from tests.fakes.memory import MemoryStore, MemoryUnitOfWork
from tests.fakes.refusals import refused
from tests.fakes.statement import assert_balanced, statement_of
from tests.fakes.world import DEFINITION, GRANT, World, admin, caller

ISSUED = 3 * GRANT.amount


@pytest.fixture(autouse=True)
async def market(world: World) -> Listing:
    """Bob holds shares of Ann's market, which closes in an hour; Ann has a draft; zoe is an admin."""
    for account in ("ann", "bob", "zoe"):
        await world.open(account)
    await world.draft("draft", "ann")
    await world.publish("rain", "ann", replace(DEFINITION, closes_at=START + timedelta(hours=1)))
    await world.buy("bob", "rain", "YES", 10 * MICROS)
    return await world.see("rain")


@pytest.mark.parametrize("by", [caller("ann"), admin("ann"), admin("zoe")])
async def test_the_outcome_is_fixed_and_the_book_frozen(
    world: World, store: MemoryStore, market: Listing, by: Caller
) -> None:
    """By its creator or an admin: market and book go to SETTLING at the next revision, and no money moves yet."""
    world.clock.advance(timedelta(minutes=5))
    now = world.clock.now()
    entries = store.every(JournalEntry)
    decided, book = await world.resolve("rain", by, "YES")
    resolution = Resolution((MICROS, 0), None, now)
    assert decided == replace(market.market, status=MarketStatus.SETTLING, resolution=resolution, revision=2)
    assert book == replace(market.book, status=MarketStatus.SETTLING, revision=2)
    assert (await world.found(key_for(Market, "rain")), await world.found(key_for(Book, "rain"))) == (decided, book)
    assert store.every(MarketChanged)[-1] == market_changed(
        decided, EventType.RESOLVING, by.account, now, version=book.version
    )
    assert store.every(JournalEntry) == entries
    assert_balanced(statement_of(store), ISSUED)


@pytest.mark.parametrize(
    ("decision", "payouts"),
    [
        ("NO", (0, MICROS)),
        ({"YES": 300_000, "NO": 700_000}, (300_000, 700_000)),
        ({"NO": 1, "YES": 999_999}, (999_999, 1)),
        ({"NO": 0, "YES": MICROS}, (MICROS, 0)),
    ],
)
async def test_decisions(world: World, decision: str | dict[str, int], payouts: tuple[int, ...]) -> None:
    """One outcome, or any shares of one between all of them, in the market's order whatever the caller's was."""
    listing = await world.resolve("rain", caller("ann"), decision)
    assert listing.market.resolution is not None
    assert listing.market.resolution.payouts == payouts


@pytest.mark.parametrize(
    "decision",
    [
        "MAYBE",
        "",
        "yes",
        {},
        {"YES": MICROS},
        {"YES": MICROS, "NO": 0, "MAYBE": 0},
        {"YES": 500_000, "MAYBE": 500_000},
        {"YES": 500_000, "NO": 499_999},
        {"YES": 500_000, "NO": 500_001},
        {"YES": 0, "NO": 0},
        {"YES": MICROS + 1, "NO": -1},
    ],
)
async def test_decisions_that_do_not_fit(world: World, store: MemoryStore, decision: str | dict[str, int]) -> None:
    """Each outcome must be named once, none below zero, and the sum is exactly one."""
    with refused(store, InvalidResolutionError):
        await world.resolve("rain", caller("ann"), decision)


@pytest.mark.parametrize(
    ("by", "slug", "error"),
    [
        (caller("nobody"), "rain", AccountNotFoundError),
        (admin("nobody"), "rain", AccountNotFoundError),
        (caller("zoe"), "rain", ForbiddenError),
        (caller("bob"), "rain", ForbiddenError),
        (caller("zoe"), "snow", MarketNotFoundError),
        (admin("zoe"), "snow", MarketNotFoundError),
        (caller("zoe"), "draft", MarketNotFoundError),
        (caller("ann"), "draft", MarketNotOpenError),
        (admin("zoe"), "draft", MarketNotOpenError),
    ],
)
async def test_refusals(world: World, store: MemoryStore, by: Caller, slug: str, error: type[DomainError]) -> None:
    """Those who may not, and markets that are not there or not open."""
    with refused(store, error):
        await world.resolve(slug, by, "YES")


@pytest.mark.parametrize("sold", [False, True])
async def test_an_interested_party_does_not_resolve(world: World, store: MemoryStore, sold: bool) -> None:
    """A creator who holds shares, or has held and sold them all, leaves it to an admin."""
    await world.buy("ann", "rain", "NO", MICROS)
    if sold:
        await world.sell("ann", "rain", "NO", MICROS)
    with refused(store, ForbiddenError):
        await world.resolve("rain", caller("ann"), "NO")
    decided = await world.resolve("rain", admin("zoe"), "NO")
    assert decided.market.status is MarketStatus.SETTLING


async def test_an_admin_may_hold_shares(world: World) -> None:
    """An admin resolves whatever they hold."""
    await world.buy("zoe", "rain", "NO", MICROS)
    assert (await world.resolve("rain", admin("zoe"), "NO")).market.status is MarketStatus.SETTLING


async def test_a_closed_market_is_resolved(world: World) -> None:
    """After its closing time a market is still to be decided."""
    world.clock.advance(timedelta(days=1))
    assert (await world.resolve("rain", caller("ann"), "YES")).market.status is MarketStatus.SETTLING


async def test_decided_once(world: World, store: MemoryStore) -> None:
    """Settling or resolved, a decision stands, for admins too."""
    await world.resolve("rain", caller("ann"), "YES")
    with refused(store, AlreadyResolvedError):
        await world.resolve("rain", admin("zoe"), "NO")
    await world.settle("rain")
    with refused(store, AlreadyResolvedError):
        await world.resolve("rain", caller("ann"), "YES")


async def test_two_decisions_at_once(world: World, store: MemoryStore) -> None:
    """Of two who decide at the same time one does, the other is told that it is decided."""
    outcomes = await asyncio.gather(
        world.resolve("rain", caller("ann"), "YES"), world.resolve("rain", admin("zoe"), "NO"), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyResolvedError", "Listing"]
    assert [outcome.market for outcome in outcomes if isinstance(outcome, Listing)] == [
        market for market in store.every(Market) if market.slug == "rain"
    ]


async def test_a_trade_slips_in_before(world: World, store: MemoryStore) -> None:
    """A trade between reading and writing is not lost: the frozen book has it, and it is paid."""
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [], [lambda: world.buy("bob", "rain", "YES", MICROS)])
    listing = await world.with_faults(unit_of_work).resolve("rain", caller("ann"), "YES")
    assert len(unit_of_work.commits) == 2
    assert (listing.book.version, listing.book.quantities) == (2, (11 * MICROS, 0))
    await world.settle("rain")
    assert_balanced(statement_of(store), ISSUED)


async def test_a_trade_that_comes_too_late(world: World, store: MemoryStore) -> None:
    """A trade that was priced before the decision and is written after it is refused."""
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [], [lambda: world.resolve("rain", caller("ann"), "YES")])
    with pytest.raises(MarketNotOpenError):
        await world.with_faults(unit_of_work).buy("bob", "rain", "YES", MICROS)
    assert (await world.found(key_for(Book, "rain"))).quantities == (10 * MICROS, 0)
    assert_balanced(statement_of(store), ISSUED)


async def test_a_creator_who_buys_while_resolving(world: World, store: MemoryStore) -> None:
    """A creator who buys between reading and writing has become interested: nothing is decided."""
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [], [lambda: world.buy("ann", "rain", "YES", MICROS)])
    with pytest.raises(ForbiddenError):
        await world.with_faults(unit_of_work).resolve("rain", caller("ann"), "YES")
    assert (await world.found(key_for(Market, "rain"))).status is MarketStatus.ACTIVE
    assert_balanced(statement_of(store), ISSUED)


async def test_a_refusal_in_doubt(world: World, store: MemoryStore) -> None:
    """A lost request followed by somebody else's decision is contention: the lost one might have been first."""
    unit_of_work = FaultyUnitOfWork(
        MemoryUnitOfWork(store), [Fault.REQUEST_LOST], [lambda: world.resolve("rain", admin("zoe"), "NO")]
    )
    request = ResolveMarketRequest(caller("ann"), "rain", "YES", world.fresh())
    with pytest.raises(ContentionError):
        await world.with_faults(unit_of_work).resolve_market.execute(request)
    resolution = (await world.found(key_for(Market, "rain"))).resolution
    assert resolution is not None
    assert resolution.payouts == (0, MICROS)


@pytest.mark.parametrize("ended", ["by hand", "by time"])
async def test_open_markets_may_be_the_admins(world: World, store: MemoryStore, ended: str) -> None:
    """Where that is set, a creator resolves once the market is closed, by hand or by time, and an admin at any time."""
    commands = Commands(world.ports.store(world.clock, world.random))
    resolve = ResolveMarket(MarketTransition(commands), timedelta(), open_by_admins_only=True)

    async def decide(by: Caller) -> MarketStatus:
        request = ResolveMarketRequest(by, "rain", "YES", world.fresh())
        return (await resolve.execute(request)).listing.market.status

    with refused(store, ForbiddenError):
        await decide(caller("ann"))
    if ended == "by hand":
        await world.close("rain", caller("ann"))
    else:
        world.clock.advance(timedelta(hours=1))
    assert await decide(caller("ann")) is MarketStatus.SETTLING


async def test_admins_resolve_open_markets(world: World) -> None:
    """An admin waits for nothing, whatever is set."""
    commands = Commands(world.ports.store(world.clock, world.random))
    resolve = ResolveMarket(MarketTransition(commands), timedelta(), open_by_admins_only=True)
    request = ResolveMarketRequest(admin("zoe"), "rain", "YES", world.fresh())
    assert (await resolve.execute(request)).listing.market.status is MarketStatus.SETTLING
