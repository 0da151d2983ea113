import contextlib
from collections.abc import Iterable
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.application.instance.reconciliation.reconcile import find_repairs
from domain.application.instance.reconciliation.repair import MOST_WRITES, Repair, weight_of
from domain.event.market_events import EventType, MarketChanged
from domain.model.kernel.errors import DomainError
from domain.model.kernel.record import key_of
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.book import Book, Listing
from domain.model.trading.market import Market, MarketStatus
from domain.model.trading.replay import shown_market, verify_market
from domain.port.out.store import Insert, Remove
from tests.fakes.clock import START
from tests.fakes.lives import RecordingStore, a_world, live, tear
from tests.fakes.memory import MemoryStore, MemoryStoredRecords
from tests.fakes.statement import assert_balanced, statement_of
from tests.fakes.world import admin

NOW = START + timedelta(days=9)


def repairs_of(store: MemoryStore) -> list[Repair]:
    """What is found."""
    return list(find_repairs(MemoryStoredRecords(store), NOW))


def apply_repairs(store: MemoryStore, repairs: Iterable[Repair]) -> None:
    """Make the changes, each of what is stored."""
    for repair in repairs:
        assert sum(map(weight_of, repair.changes)) <= MOST_WRITES
        for change in repair.changes:
            if isinstance(change, Insert):
                assert key_of(change.record) not in store.records
                store.put(change.record)
            else:
                assert store.records[key_of(change.read)] == change.read
                del store.records[key_of(change.read)]
                if not isinstance(change, Remove):
                    store.put(change.record)


@pytest.mark.parametrize("seed", range(40))
async def test_a_store_that_is_right_is_left_alone(seed: int) -> None:
    """For any run of trades, decisions and settlements, what is stored is what the ledger adds up to, at every step."""
    store = RecordingStore()
    await live(a_world(store, timedelta(hours=seed % 2)), Random(seed), 200)
    for state in store.states[:: max(1, len(store.states) // 5)]:
        assert repairs_of(MemoryStore(state)) == []


def surviving_trades(store: MemoryStore) -> dict[str, str]:
    """The digests, by their ids, of the trades up to the first gap of each market that the ledger knows as published.

    This is a walk over the records in the order of their positions, told in other words than the product's.
    """
    found: dict[str, str] = {}
    for slug in {change.market for change in store.every(MarketChanged)}:
        changes = {change.revision: change for change in store.every(MarketChanged) if change.market == slug}
        entries = [entry for entry in store.every(JournalEntry) if entry.market == slug]
        trades = {entry.trade.version: entry for entry in entries if entry.trade}
        revision = min(changes)
        if changes[revision].type is not EventType.PUBLISHED:
            continue
        version = 0
        while True:
            if (entry := trades.get(version + 1)) and entry.trade and entry.revision == revision:
                version += 1
                found[entry.trade.id] = entry.trade.digest
            elif (change := changes.get(revision + 1)) and change.version == version:
                revision += 1
            else:
                break
    return found


async def require_right(store: MemoryStore) -> None:
    """The books balance, every market verifies, the audit finds nothing, and there is nothing left to repair."""
    assert repairs_of(store) == []
    assert_balanced(statement_of(store))
    books = {book.slug: book for book in store.every(Book)}
    for market in store.every(Market):
        if book := books.get(market.slug):
            trades = [entry.trade for entry in store.every(JournalEntry) if entry.trade]
            chain = sorted((each for each in trades if each.market == market.slug), key=lambda each: each.version)
            verify_market(shown_market(Listing(market, book)), chain)
    world = a_world(store.copy())
    wrong = (await world.walk()).wrong
    assert wrong == ()
    assert (await world.audit()).difference.amount == 0


async def require_alive(store: MemoryStore) -> None:
    """Life goes on: people trade, and every market can be decided and paid out to the last."""
    world = a_world(store, first_key=10**6)
    world.clock.advance(timedelta(days=10))
    await live(world, Random(7), 30)
    for market in store.every(Market):
        with contextlib.suppress(DomainError):
            await world.resolve(market.slug, admin(), "YES")
        if market.status is not MarketStatus.DRAFT:
            assert (await world.settle(market.slug)).done
            assert (await world.fold(market.slug)).done
    await require_right(store)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    core=st.floats(0, 1),
    skew=st.integers(-25, 25),
    window=st.sampled_from((0, 0, 1, 3, 8)),
)
async def test_any_torn_copy(seed: int, core: float, skew: int, window: int) -> None:
    """Tables of different instants, each with some of the changes of its last transactions, become one right store.

    No trade up to the first gap of its market is lost, nor changed.
    """
    recorded, random = RecordingStore(), Random(seed)
    await live(a_world(recorded), random, 80)
    last = len(recorded.states) - 1
    place = round(core * last)
    store = tear(recorded.states, place, min(max(0, place + skew), last), window, random)
    survivors = surviving_trades(store)
    apply_repairs(store, repairs_of(store))
    kept = {entry.trade.id: entry.trade.digest for entry in store.every(JournalEntry) if entry.trade}
    assert survivors.items() <= kept.items()
    await require_right(store)
    await require_alive(store)
