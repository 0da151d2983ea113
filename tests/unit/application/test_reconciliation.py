import contextlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.application.admission.accept_invitation import AcceptInvitationRequest
from domain.application.instance.reconciliation.reconcile import find_repairs
from domain.application.instance.reconciliation.repair import MOST_WRITES, Repair, weight_of
from domain.event.market_events import EventType, MarketChanged
from domain.model.kernel.command import Command, Idempotency, command_id
from domain.model.kernel.errors import DomainError
from domain.model.kernel.money import MICROS, Money
from domain.model.kernel.notation import format_micros
from domain.model.kernel.record import key_for, key_of
from domain.model.ledger.account import Account
from domain.model.ledger.journal import EntryKind, JournalEntry
from domain.model.record.fold import RecordFold
from domain.model.record.result import Result
from domain.model.record.track_record import TrackRecord
from domain.model.settlement.settlement import Tally, empty_tally
from domain.model.trading.book import Book, Listing
from domain.model.trading.market import Market, MarketStatus
from domain.model.trading.order import OrderTerms
from domain.model.trading.position import HOLDER_SHARDS, Position
from domain.model.trading.replay import shown_market, verify_market
from domain.model.trading.trade import Side
from domain.model.webhooks.delivery import WebhookCheckpoint
from domain.port.out.store import Insert, Remove
from tests.fakes.clock import START
from tests.fakes.lives import RecordingStore, a_world, live, tear
from tests.fakes.memory import MemoryStore, MemoryStoredRecords
from tests.fakes.statement import assert_balanced, statement_of
from tests.fakes.torn import TEARS, TRADES, Story, tell_story, trade
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


@pytest.mark.parametrize("seed", range(12))
async def test_a_store_that_is_right_is_left_alone(seed: int) -> None:
    """For any run of trades, decisions and settlements, what is stored is what the ledger adds up to, at every step."""
    store = RecordingStore()
    await live(a_world(store, timedelta(hours=seed % 2)), Random(seed), 150)
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


@settings(max_examples=40, deadline=None)
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


@pytest.fixture
async def story() -> Story:
    """What happened."""
    return await tell_story()


async def repaired(story: Story, name: str) -> MemoryStore:
    """A torn copy, repaired and found right."""
    store = TEARS[name](story)
    assert repairs_of(store)
    apply_repairs(store, repairs_of(store))
    await require_right(store)
    return store


def difference(story: Story, store: MemoryStore) -> set[str]:
    """What kinds of records are otherwise than they were before the copy was torn."""
    present = story.present.records
    keys = present.keys() | store.records.keys()
    return {key.kind.__name__ for key in keys if present.get(key) != store.records.get(key)}


@pytest.mark.parametrize("name", ["ledger ahead of book", "position missing", "core older than ledger"])
async def test_what_is_in_the_ledger_is_put_back(story: Story, name: str) -> None:
    """Whatever money moved, and whoever traded, stands; the answers of orders are those that were given."""
    store = await repaired(story, name)
    assert difference(story, store) <= {"Command", "AuditWalk", "TrackRecord", "RecordFold"}
    for entry in story.present.every(JournalEntry):
        if entry.trade:
            key = key_for(Command, entry.account, entry.trade.id)
            before, after = story.present.records[key], store.records[key]
            assert before.answer == after.answer


async def test_what_is_not_in_the_ledger_is_taken_back(story: Story) -> None:
    """A trade whose entry is lost never was: cid has the money, the book is as before, the order can be repeated.

    The entry is missing in the middle of cid's journal, whose balances tell what it moved: it is put back as a movement
    of that amount, and the last entry takes it back.
    """
    store = await repaired(story, "book ahead of ledger")
    entry, present = trade(story.present, 6), story.present.records[key_for(Account, "cid")]
    account, book = store.records[key_for(Account, "cid")], store.records[key_for(Book, "rain")]
    assert (book.version, book.head) == (5, _digest(story, 5))
    assert (account.seq, account.balance.amount) == (present.seq + 1, present.balance.amount - entry.amount.amount)
    filled = store.records[key_of(entry)]
    assert (filled.amount, filled.trade, filled.kind) == (entry.amount, None, EntryKind.GRANT)
    last = store.records[key_for(JournalEntry, "cid", account.seq)]
    assert last.amount.amount == -entry.amount.amount
    assert key_for(Command, "cid", _id(story, 6)) not in store.records
    assert key_for(Position, "cid", "rain") in store.records


async def test_a_ledger_of_an_earlier_second(story: Story) -> None:
    """Everything is as it was then, but for names and what else is not in the ledger."""
    store = await repaired(story, "ledger older than core")
    past = story.past.records
    for kind in (Account, Market, Book, Position):
        assert {key: each for key, each in store.records.items() if key.kind is kind} == {
            key: each for key, each in past.items() if key.kind is kind
        }


async def test_a_gap(story: Story) -> None:
    """Trades 5 and 6 are annulled and their money is returned; bob's sale never was; the other market stands."""
    store = await repaired(story, "a gap in the versions")
    book = store.records[key_for(Book, "rain")]
    assert (book.version, book.head) == (3, _digest(story, 3))
    assert {
        key_for(Command, name, _id(story, number)) for name, number in (("bob", 4), ("dan", 5), ("cid", 6))
    }.isdisjoint(store.records)
    before, present, after = (
        {name: each.records[key_for(Account, name)].balance.amount for name in ("ann", "bob", "cid", "dan")}
        for each in (story.past, story.present, store)
    )
    amounts = {number: trade(story.present, number).amount.amount for number in (4, 5, 6)}
    assert after["bob"] == present["bob"] - amounts[4] == before["bob"] + 7 * MICROS
    assert after["dan"] == present["dan"] - amounts[5] == before["dan"]
    assert after["cid"] == present["cid"] - amounts[6]
    assert after["ann"] == present["ann"]
    assert trade(store, 1, "snow").trade == trade(story.present, 1, "snow").trade
    reasons = [entry.reason for entry in store.every(JournalEntry) if entry.account == "dan" and entry.reason]
    assert reasons == [
        "Restored: trade 5 of rain is annulled.",
        "Restored: trade 5 of rain is annulled, and taken back.",
    ]


async def test_an_order_that_was_restored_is_not_placed_twice(story: Story) -> None:
    """Whoever repeats it with its key is told what it filled; with another key it is another order."""
    store = await repaired(story, "ledger ahead of book")
    world, entry = a_world(store), trade(story.present, 6)
    assert entry.trade
    key = next(number for number in range(99) if command_id("cid", f"key-{number}") == entry.trade.id)
    order = await world.order("cid", "rain", OrderTerms("NO", Side.BUY, spend=5), Idempotency(f"key-{key}", "whatever"))
    assert order.trades == (entry.trade,)
    assert (await world.see("rain")).book.version == TRADES


async def test_what_is_not_of_the_ledger_is_left_alone(story: Story) -> None:
    """Names and keys are not in it."""
    store = TEARS["book ahead of ledger"](story)
    store.put(replace(store.records[key_for(Account, "cid")], name="Cid", revision=4, has_admin_keys=True))
    apply_repairs(store, repairs_of(store))
    account = store.records[key_for(Account, "cid")]
    assert (account.name, account.revision, account.has_admin_keys) == ("Cid", 4, True)


async def test_who_has_spent_what_is_taken_back(story: Story) -> None:
    """A sale that is annulled takes money back; what is no longer there the house gives, and the books balance."""
    store = story.present
    world = a_world(store, first_key=10**6)
    await world.open("eve")
    await world.buy("dan", "rain", "YES", 1)
    gap = trade(store, TRADES + 1)
    await world.buy("eve", "rain", "YES", MICROS)
    await world.sell("eve", "rain", "YES", MICROS)
    await world.publish("hail", "ann")
    await world.spend("eve", "hail", "YES", await world.balance("eve"))
    del store.records[key_of(gap)]
    apply_repairs(store, repairs_of(store))
    await require_right(store)
    assert store.records[key_for(Account, "eve")].balance.amount >= 0
    await require_alive(store)


async def test_findings_are_plain_words(story: Story) -> None:
    """One line for each difference says what it is about, how it is, and how it will be."""
    store = TEARS["book ahead of ledger"](story)
    said = [f"{repair.subject}: {finding}" for repair in repairs_of(store) for finding in repair.findings]
    amount = format_micros(-trade(story.present, 6).amount.amount)
    assert any(each.startswith("market rain: the book: quantities (") and "version 6 → 5" in each for each in said), (
        amount
    )
    assert f"account cid: the answer Order of {_id(story, 6)} tells what is not in the ledger" in said


async def test_a_crowd_in_the_lanes_of_another_release(story: Story) -> None:
    """What all lanes of a shard come to follows from the ledger, whichever there are; what does not is mended."""
    store = story.present
    tallies = store.every(Tally)
    for tally in tallies:
        book = store.records[key_for(Book, tally.market)]
        store.put(empty_tally(book, tally.shard))
        store.put(replace(tally, shard=tally.shard + 2 * HOLDER_SHARDS))
    assert repairs_of(store) == []
    for tally in tallies:
        store.put(replace(tally, shard=tally.shard + 2 * HOLDER_SHARDS, settled=tally.settled + 1))
    apply_repairs(store, repairs_of(store))
    await require_right(store)
    found = {key_of(tally): replace(tally, version=0) for tally in store.every(Tally)}
    assert found == {key_of(tally): replace(tally, version=0) for tally in tallies}


async def test_a_ledger_of_before_the_track_records(story: Story) -> None:
    """Results that an earlier release did not leave follow from the trades, and are put back."""
    store = story.present
    missing = [key for key in store.records if key.kind in {Result, RecordFold, TrackRecord}]
    assert {key.kind for key in missing} == {Result, RecordFold, TrackRecord}
    for key in missing:
        del store.records[key]
    apply_repairs(store, repairs_of(store))
    await a_world(store, first_key=10**6).fold("snow")
    assert difference(story, store) <= {"TrackRecord", "RecordFold"}
    for key in missing:
        assert _sums(store.records[key]) == _sums(story.present.records[key])


def _sums(record: object) -> object:
    """A record without the instant, and the number, of its last change."""
    if isinstance(record, TrackRecord):
        return replace(record, updated_at=NOW)
    return None if isinstance(record, RecordFold) else record


def _digest(story: Story, version: int) -> str:
    found = trade(story.present, version).trade
    assert found
    return found.digest


def _id(story: Story, version: int) -> str:
    found = trade(story.present, version).trade
    assert found
    return found.id


@pytest.mark.parametrize("lost", [(Market,), (Market, Book)], ids=["market", "market and book"])
async def test_a_lost_definition(story: Story, lost: tuple[type[object], ...]) -> None:
    """Outcomes and liquidity come from the book, or from the subsidy and the trades; the question is the slug."""
    store = story.present
    for kind in lost:
        del store.records[key_for(kind, "rain")]
    apply_repairs(store, repairs_of(store))
    await require_right(store)
    before, after = story.present.records[key_for(Market, "rain")], store.records[key_for(Market, "rain")]
    assert (after.outcomes, after.liquidity, after.creator) == (before.outcomes, before.liquidity, before.creator)
    assert after.name == "rain"
    assert store.records[key_for(Book, "rain")] == story.present.records[key_for(Book, "rain")]


async def test_a_lost_definition_and_subsidy(story: Story) -> None:
    """The prices that the trades left tell the liquidity, and the subsidy is charged once more."""
    store = story.present
    (subsidy,) = (each for each in store.every(JournalEntry) if (each.market, each.kind.value) == ("rain", "subsidy"))
    for key in (key_for(Market, "rain"), key_for(Book, "rain"), key_of(subsidy)):
        del store.records[key]
    apply_repairs(store, repairs_of(store))
    await require_right(store)
    assert store.records[key_for(Market, "rain")].liquidity == story.present.records[key_for(Market, "rain")].liquidity
    ann, before = (each.records[key_for(Account, "ann")].balance for each in (store, story.present))
    assert ann == before


async def test_a_market_that_nobody_can_describe(story: Story) -> None:
    """Where nobody traded, and neither market nor book is there, it is called off, and the subsidy comes back."""
    store = story.present
    world = a_world(store, first_key=10**6)
    await world.publish("hail", "ann")
    for kind in (Market, Book):
        del store.records[key_for(kind, "hail")]
    apply_repairs(store, repairs_of(store))
    await require_right(store)
    assert (await world.settle("hail")).done
    assert (await world.see("hail")).market.status is MarketStatus.VOIDED
    assert await world.balance("ann") == story.present.records[key_for(Account, "ann")].balance.amount


async def test_webhooks_that_were_told_more(story: Story) -> None:
    """A checkpoint behind the end of the ledger goes back to it, so that what comes next is told."""
    store = TEARS["ledger older than core"](story)
    ahead = story.present.records[key_for(Book, "rain")].position
    store.put(WebhookCheckpoint("ann", "hook", "rain", ahead))
    apply_repairs(store, repairs_of(store))
    checkpoint = store.records[key_for(WebhookCheckpoint, "ann", "hook", "rain")]
    assert checkpoint.position == store.records[key_for(Book, "rain")].position < ahead


async def test_who_came_by_an_invitation(story: Story) -> None:
    """The answer names a guest's account, and is kept with the invitation: it is right while that has its entries."""
    store = story.present
    world = a_world(store, first_key=10**6)
    signed = await world.create_invitation.invite(1, world.clock.now() + timedelta(hours=1), frozenset())
    guest = (await world.accept_invitation.execute(AcceptInvitationRequest(signed.token, "Flo"))).account
    assert repairs_of(store) == []
    del store.records[key_for(JournalEntry, guest, 1)]
    said = [finding for repair in repairs_of(store) for finding in repair.findings]
    assert any(finding.startswith("the answer OpenedAccount of ") for finding in said)


async def test_a_position_with_a_part_of_its_sums(story: Story) -> None:
    """An earlier release summed none of its purchases; what was summed of a trade that never was does not stay."""
    store = TEARS["book ahead of ledger"](story)
    taken_back, key = trade(story.present, 6), key_for(Position, "cid", "rain")
    store.put(replace(store.records[key], bought=Money(-taken_back.amount.amount), buys=(), counted=1))
    apply_repairs(store, repairs_of(store))
    assert store.records[key] == story.past.records[key]
    await require_right(store)
