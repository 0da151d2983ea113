import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.application.trading.publish_market import PublishMarketRequest
from domain.event.market_events import EventType, MarketChanged, market_changed
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import (
    AccountNotFoundError,
    ContentionError,
    ForbiddenError,
    InsufficientFundsError,
    InvalidMarketError,
    MarketAlreadyPublishedError,
    MarketNotFoundError,
)
from domain.model.kernel.money import MICROS, ZERO, Money
from domain.model.ledger.account import Account
from domain.model.ledger.journal import EntryKind, JournalEntry, Posting
from domain.model.trading.book import Book, Listing
from domain.model.trading.market import Market, MarketStatus
from domain.model.trading.trade import NO_TRADE_DIGEST
from domain.port.out.store import Replace
from tests.fakes.clock import START
from tests.fakes.faults import Fault, FaultyUnitOfWork
from tests.fakes.memory import MemoryPersistence, MemoryStore, MemoryUnitOfWork
from tests.fakes.refusals import refused
from tests.fakes.statement import assert_balanced, statement_of
from tests.fakes.world import DEFINITION, GRANT, World, admin, caller


@pytest.fixture(autouse=True)
async def draft(world: World) -> Market:
    """Ann has drafted a market that closes in an hour."""
    await world.open("ann")
    await world.open("bob")
    return await world.draft("rain", "ann", replace(DEFINITION, closes_at=START + timedelta(hours=1)))


async def _publish(world: World, by: Caller, slug: str = "rain") -> Listing:
    request = PublishMarketRequest(by, slug, world.fresh())
    return (await world.publish_market.execute(request)).listing


async def test_publishing_opens_the_book(world: World, store: MemoryStore, draft: Market) -> None:
    """The market is ACTIVE at the next revision and its book empty, funded by ⌈100 ln 2⌉ from its creator."""
    world.clock.advance(timedelta(minutes=1))
    now = world.clock.now()
    market, book = await _publish(world, caller("ann"))
    assert market == replace(draft, status=MarketStatus.ACTIVE, published_at=now, revision=1)
    subsidy = Money(69_314_719)
    assert book == Book(
        slug="rain",
        outcomes=("YES", "NO"),
        quantities=(0, 0),
        liquidity=100 * MICROS,
        pool=subsidy,
        subsidy=subsidy,
        staked=ZERO,
        volume=ZERO,
        holders=0,
        status=MarketStatus.ACTIVE,
        closes_at=draft.closes_at,
        version=0,
        revision=1,
        head=NO_TRADE_DIGEST,
    )
    assert (store.every(Market), store.every(Book)) == ([market], [book])
    assert store.every(MarketChanged)[-1] == market_changed(market, EventType.PUBLISHED, "ann", now)
    assert_balanced(statement_of(store), issued=2 * GRANT.amount)


async def test_the_creator_pays(world: World, store: MemoryStore) -> None:
    """The subsidy is a journal entry from the creator to the market's pool."""
    _, book = await _publish(world, caller("ann"))
    entry = store.every(JournalEntry)[-1]
    assert (entry.account, entry.seq, entry.kind, entry.market) == ("ann", 2, EntryKind.SUBSIDY, "rain")
    assert entry.postings == (Posting("ann", Money(-book.subsidy.amount)), Posting("market:rain", book.subsidy))
    balances = {account.id: account.balance.amount for account in store.every(Account)}
    assert balances == {"ann": GRANT.amount - book.subsidy.amount, "bob": GRANT.amount}


async def test_without_an_account(world: World, store: MemoryStore) -> None:
    """Whoever has not opened an account is told that first."""
    with refused(store, AccountNotFoundError):
        await _publish(world, caller("nobody"))


@pytest.mark.parametrize("slug", ["rain", "snow"])
async def test_a_market_that_is_not_there_for_the_caller(world: World, store: MemoryStore, slug: str) -> None:
    """Somebody else's draft looks just like no market at all."""
    with refused(store, MarketNotFoundError) as caught:
        await _publish(world, caller("bob"), slug)
    assert str(caught.value) == str(MarketNotFoundError(slug))


async def test_an_admin_sees_the_draft_but_may_not_publish(world: World, store: MemoryStore) -> None:
    """Only the creator pays the subsidy, so only the creator publishes."""
    with refused(store, ForbiddenError):
        await _publish(world, admin("bob"))


async def test_publishing_twice(world: World, store: MemoryStore) -> None:
    """Under a new key the second time is refused, and nothing is paid twice."""
    await _publish(world, caller("ann"))
    with refused(store, MarketAlreadyPublishedError):
        await _publish(world, caller("ann"))


async def test_others_may_not_publish_what_is_published(world: World, store: MemoryStore) -> None:
    """A published market is visible, so somebody else is forbidden to publish it."""
    await _publish(world, caller("ann"))
    with refused(store, ForbiddenError):
        await _publish(world, caller("bob"))


async def test_a_draft_whose_time_has_passed(world: World, store: MemoryStore) -> None:
    """The closing time is checked again at publish: the instant itself is too late."""
    world.clock.advance(timedelta(hours=1))
    with refused(store, InvalidMarketError):
        await _publish(world, caller("ann"))


async def test_a_draft_just_in_time(world: World, store: MemoryStore) -> None:
    """A microsecond before its closing time a draft may still be published."""
    world.clock.advance(timedelta(hours=1) - timedelta(microseconds=1))
    assert (await _publish(world, caller("ann"))).market.status is MarketStatus.ACTIVE


@pytest.mark.parametrize(("balance", "affordable"), [(69_314_719, True), (69_314_718, False)])
async def test_the_subsidy_must_be_covered(balance: int, affordable: bool) -> None:
    """One micro-credit decides: a balance of exactly the subsidy is enough, one less is insufficient-funds."""
    store = MemoryStore()
    world = World(MemoryPersistence.over(store), grant=Money(balance))
    await world.open("ann")
    await world.draft("rain", "ann")
    if affordable:
        await _publish(world, caller("ann"))
        assert await world.balance("ann") == 0
    else:
        with refused(store, InsufficientFundsError):
            await _publish(world, caller("ann"))


async def test_two_at_once_publish_once(world: World, store: MemoryStore) -> None:
    """Two requests with two keys at the same time: one publishes and pays, the other comes too late."""
    outcomes = await asyncio.gather(*(_publish(world, caller("ann")) for _ in range(2)), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Listing", "MarketAlreadyPublishedError"]
    assert_balanced(statement_of(store), issued=2 * GRANT.amount)


async def test_the_draft_is_published_as_it_is_at_the_commit(world: World, store: MemoryStore, draft: Market) -> None:
    """A draft that is edited between reading and writing is read again: what opens is the edited market."""
    edited = replace(draft, outcomes=("A", "B", "C"), revision=1)
    write = [Replace(edited, read=draft)]
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [], [lambda: world.ports.unit_of_work.commit(write)])
    market, book = await _publish(world.with_faults(unit_of_work), caller("ann"))
    assert len(unit_of_work.commits) == 2
    assert market.outcomes == book.outcomes == ("A", "B", "C")
    assert market.revision == book.revision == 2
    assert_balanced(statement_of(store))


async def test_money_spent_in_the_meantime(world: World, store: MemoryStore) -> None:
    """A creator who spends the subsidy on another market between reading and writing cannot spend it twice."""
    rich = replace(DEFINITION, liquidity=1400 * MICROS)
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [], [lambda: world.publish("snow", "ann", rich)])
    with pytest.raises(InsufficientFundsError):
        await _publish(world.with_faults(unit_of_work), caller("ann"))
    assert [book.slug for book in store.every(Book)] == ["snow"]
    assert_balanced(statement_of(store), issued=2 * GRANT.amount)


async def test_a_refusal_in_doubt(world: World, store: MemoryStore) -> None:
    """A lost request followed by too little money is contention: the lost one may still arrive."""
    rich = replace(DEFINITION, liquidity=1400 * MICROS)
    unit_of_work = FaultyUnitOfWork(
        MemoryUnitOfWork(store), [Fault.REQUEST_LOST], [lambda: world.publish("snow", "ann", rich)]
    )
    with pytest.raises(ContentionError):
        await _publish(world.with_faults(unit_of_work), caller("ann"))
    assert_balanced(statement_of(store), issued=2 * GRANT.amount)
