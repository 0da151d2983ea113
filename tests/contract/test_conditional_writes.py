"""Each condition of each write, alone and in a race."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, cast

import pytest

from domain.model.kernel.command import Command
from domain.model.kernel.money import MICROS, Money
from domain.model.kernel.record import Key, key_for, key_of, type_of
from domain.model.ledger.account import Account
from domain.model.ledger.journal import EntryKind, JournalEntry
from domain.model.trading.market import Market
from domain.model.trading.position import Position
from domain.port.out.store import Change, Insert, Remove, Replace
from domain.port.out.unit_of_work import Committed, ConditionFailed
from tests.contract.conftest import Adapter
from tests.fakes.samples import (
    ANN,
    ANNS_COMMAND,
    ANNS_COMMENT,
    ANNS_COMMENTS,
    ANNS_DELIVERY,
    ANNS_ENTRY,
    ANNS_FORECASTS,
    ANNS_KEY,
    ANNS_RAIN,
    ANNS_RESULT,
    ANNS_SUM,
    ANNS_TRACK_RECORD,
    INVITED,
    PLANTED,
    RAIN,
    RAIN_BOOK,
    RAIN_CANDLE,
    RAIN_FOLD,
    RAIN_PRICES,
    RAIN_PUBLISHED,
    RAIN_TALLY,
    RECORDS,
    WALK,
    draft,
)
from tests.fakes.statement import assert_balanced


def _kind(record: object) -> str:
    return type(record).__name__


_CHANGES: Mapping[type[Any], Mapping[str, object]] = {JournalEntry: {"kind": EntryKind.GRANT, "reason": "another"}}
"""Where another content is not simply another value of one member."""
_ANOTHER: tuple[tuple[type[Any], Callable[[Any], object]], ...] = (
    (Enum, lambda _: None),
    (bool, lambda value: not value),
    (int, lambda value: value + 1),
    (str, lambda value: f"{value} another"),
    (Money, lambda value: Money(value.amount + 1)),
    (datetime, lambda value: value + timedelta(days=1)),
    (tuple, lambda value: value[1:] if value else None),
)
"""Another value of the same kind; None where that is not easily said."""


def _changed(record: Any) -> Any:
    """The same key and counters with other contents: the first of the other members that is easily another."""
    kind = type(record)
    if kind in _CHANGES:
        return replace(record, **dict[str, Any](_CHANGES[kind]))
    names = [each.name for each in fields(record) if each.name not in {*type_of(kind).key, *type_of(kind).counters}]
    others = {name: _another(getattr(record, name)) for name in names}
    name = next(name for name, other in others.items() if other is not None)
    return replace(record, **dict[str, Any]({name: others[name]}))


def _another(value: object) -> object:
    return next((make(value) for kind, make in _ANOTHER if isinstance(value, kind)), None)


SUCCESSIONS: tuple[tuple[object, object], ...] = (
    (ANN, replace(ANN, balance=Money(3), seq=2)),
    (RAIN, replace(RAIN, name="Will it pour?", revision=2)),
    (RAIN_BOOK, replace(RAIN_BOOK, quantities=(1, 0), version=8)),
    (RAIN_BOOK, replace(RAIN_BOOK, revision=2)),
    (ANNS_RAIN, replace(ANNS_RAIN, quantities=(0, 0), version=4)),
    (RAIN_TALLY, replace(RAIN_TALLY, settled=1, version=3)),
    (RAIN_CANDLE, replace(RAIN_CANDLE, volume=Money(10), version=4)),
    (RAIN_PRICES, replace(RAIN_PRICES, prices=(5, 5), version=4)),
    (ANNS_SUM, replace(ANNS_SUM, amount=Money(0), seq=2)),
    (WALK, replace(WALK, cursor=None, version=3)),
    (ANNS_KEY, replace(ANNS_KEY, last_used_at=ANNS_KEY.created_at, version=4)),
    (INVITED, replace(INVITED, used=8, version=4)),
    (ANNS_COMMENT, replace(ANNS_COMMENT, text="Rain!", version=4)),
    (ANNS_COMMENTS, replace(ANNS_COMMENTS, version=4)),
    (ANNS_FORECASTS, replace(ANNS_FORECASTS, version=4)),
    (ANNS_RESULT, replace(ANNS_RESULT, points=1, version=4)),
    (ANNS_TRACK_RECORD, replace(ANNS_TRACK_RECORD, points=1, markets=3, version=4)),
    (RAIN_FOLD, replace(RAIN_FOLD, shard=8, version=4)),
)

STALE: tuple[tuple[object, object], ...] = (
    (ANN, replace(ANN, seq=0)),
    (ANN, replace(ANN, seq=2)),
    (RAIN, replace(RAIN, revision=0)),
    (RAIN, replace(RAIN, revision=2)),
    (RAIN_BOOK, replace(RAIN_BOOK, version=6)),
    (RAIN_BOOK, replace(RAIN_BOOK, version=8)),
    (RAIN_BOOK, replace(RAIN_BOOK, revision=0)),
    (RAIN_BOOK, replace(RAIN_BOOK, revision=2)),
    (ANNS_RAIN, replace(ANNS_RAIN, version=2)),
    (ANNS_RAIN, replace(ANNS_RAIN, version=4)),
    (RAIN_TALLY, replace(RAIN_TALLY, version=1)),
    (RAIN_TALLY, replace(RAIN_TALLY, version=3)),
    (RAIN_CANDLE, replace(RAIN_CANDLE, version=2)),
    (RAIN_PRICES, replace(RAIN_PRICES, version=2)),
    (ANNS_SUM, replace(ANNS_SUM, seq=0)),
    (WALK, replace(WALK, version=1)),
    (ANNS_KEY, replace(ANNS_KEY, version=2)),
    (ANNS_KEY, replace(ANNS_KEY, version=4)),
    (INVITED, replace(INVITED, version=2)),
    (INVITED, replace(INVITED, version=4)),
    (ANNS_COMMENT, replace(ANNS_COMMENT, version=2)),
    (ANNS_COMMENTS, replace(ANNS_COMMENTS, version=2)),
    (ANNS_FORECASTS, replace(ANNS_FORECASTS, version=2)),
    (ANNS_RESULT, replace(ANNS_RESULT, version=2)),
    (ANNS_TRACK_RECORD, replace(ANNS_TRACK_RECORD, version=2)),
    (RAIN_FOLD, replace(RAIN_FOLD, version=2)),
)

REMOVABLE: tuple[object, ...] = (ANNS_RAIN, ANNS_KEY, INVITED, ANNS_COMMENT)
WRITTEN_ONCE: tuple[object, ...] = (ANNS_COMMAND, ANNS_DELIVERY)
"""Records without counters that are removed all the same."""


def _replace(record: object, read: object) -> Change:
    """A replacement of one record by another of its type."""
    assert type(record) is type(read)
    return cast("Change", Replace[Any](record, read))


@pytest.fixture
async def planted(adapter: Adapter) -> Adapter:
    """One record of each type is stored."""
    assert await adapter.commit(*PLANTED) == Committed()
    return adapter


STATES = tuple(record for record in RECORDS if not type_of(type(record)).in_ledger)
"""One record of each type that is read by its key."""


async def _stored(adapter: Adapter) -> list[object]:
    """Everything that the tests here store, as it is."""
    keys: list[Key[Any]] = [
        *map(key_of, STATES),
        key_for(Account, "bob"),
        key_for(Market, "snow"),
        key_for(Command, "ann", "other"),
    ]
    snapshot = await adapter.ports.records.read(*keys)
    return [
        *(snapshot.found.get(key) for key in keys),
        await adapter.ledger.entries(),
        await adapter.ledger.events(),
    ]


async def test_one_of_each_is_stored(planted: Adapter) -> None:
    """A transaction of one insert for each type stores them all."""
    assert await _stored(planted) == [*STATES, None, None, None, [ANNS_ENTRY], [RAIN_PUBLISHED]]


@pytest.mark.emulated(1)
@pytest.mark.parametrize("record", RECORDS, ids=_kind)
async def test_insert_where_something_is(planted: Adapter, record: object) -> None:
    """What is stored is not overwritten, not even by its equal, and the failing write is named."""
    before = await _stored(planted)
    for write in (Insert(record), Insert(_changed(record))):
        assert await planted.commit(write) == ConditionFailed((write,))
    assert await _stored(planted) == before


@pytest.mark.emulated(1)
@pytest.mark.parametrize(("read", "record"), SUCCESSIONS)
async def test_replace_what_was_read(planted: Adapter, read: object, record: object) -> None:
    """A record that is as it was read is replaced, and reads as its successor from then on."""
    assert await planted.commit(_replace(record, read)) == Committed()
    key = key_of(record)
    assert (await planted.ports.records.read(key)).found[key] == record


@pytest.mark.emulated(1)
@pytest.mark.parametrize(("stored", "read"), STALE)
async def test_replace_what_has_changed(planted: Adapter, stored: object, read: object) -> None:
    """A record of which any counter differs, either way, is not replaced, and the failing write is named."""
    before = await _stored(planted)
    write = _replace(read, read)
    assert await planted.commit(write) == ConditionFailed((write,))
    assert await _stored(planted) == before
    assert stored in before


@pytest.mark.emulated(1)
@pytest.mark.parametrize(("read", "record"), SUCCESSIONS)
async def test_replace_what_is_not_there(adapter: Adapter, read: object, record: object) -> None:
    """Nothing is replaced where nothing is, and nothing appears."""
    before = await _stored(adapter)
    write = _replace(record, read)
    assert await adapter.commit(write) == ConditionFailed((write,))
    assert await _stored(adapter) == before


@pytest.mark.emulated(1)
@pytest.mark.parametrize("record", [*REMOVABLE, *WRITTEN_ONCE], ids=_kind)
async def test_remove_what_was_read(planted: Adapter, record: object) -> None:
    """A record that is as it was read is gone, and its key may be used again."""
    before = await _stored(planted)
    assert await planted.commit(Remove(record)) == Committed()
    assert record not in await _stored(planted)
    assert await planted.commit(Insert(record)) == Committed()
    assert await _stored(planted) == before


@pytest.mark.emulated(1)
@pytest.mark.parametrize("version", [2, 4])
@pytest.mark.parametrize("record", REMOVABLE, ids=_kind)
async def test_remove_what_has_changed(planted: Adapter, record: object, version: int) -> None:
    """A record of another version is not removed, and the failing write is named."""
    write = Remove(_of_version(record, version))
    assert await planted.commit(write) == ConditionFailed((write,))
    assert record in await _stored(planted)


def _of_version(record: Any, version: int) -> Any:
    return replace(record, version=version)


@pytest.mark.emulated(1)
@pytest.mark.parametrize("record", [*REMOVABLE, *WRITTEN_ONCE], ids=_kind)
async def test_remove_what_is_not_there(planted: Adapter, record: object) -> None:
    """A record that is not there is not removed: of two removals the second fails."""
    write = Remove(record)
    assert await planted.commit(write) == Committed()
    assert await planted.commit(write) == ConditionFailed((write,))


FAILING: tuple[Change, ...] = (
    *(Insert(record) for record in RECORDS),
    *(_replace(read, read) for _, read in STALE),
    *(Remove(_of_version(record, 9)) for record in REMOVABLE),
)


@pytest.mark.emulated(1)
@pytest.mark.parametrize("position", [0, 3])
@pytest.mark.parametrize("failing", FAILING)
async def test_a_failed_write_leaves_nothing_behind(planted: Adapter, failing: Change, position: int) -> None:
    """Wherever the failing write stands, none of the others is done, and it alone is named."""
    before = await _stored(planted)
    writes: list[Change] = [
        Insert(replace(ANN, id="bob")),
        Insert(draft("snow")),
        Insert(replace(ANNS_COMMAND, id="other")),
    ]
    writes.insert(position, failing)
    assert await planted.commit(*writes) == ConditionFailed((failing,))
    assert await _stored(planted) == before


async def test_several_failed_writes(planted: Adapter) -> None:
    """When several conditions fail at least one of them is named, and no other write."""
    stale = Replace(replace(ANN, seq=9), read=replace(ANN, seq=8))
    taken = Insert(RAIN)
    outcome = await planted.commit(Insert(replace(ANN, id="bob")), taken, stale)
    assert isinstance(outcome, ConditionFailed)
    assert set(map(_kind, outcome.writes)) <= {"Insert", "Replace"}
    assert outcome.writes
    assert all(write in (taken, stale) for write in outcome.writes)
    assert await planted.find(key_for(Account, "bob")) is None


@pytest.mark.ministack
async def test_a_trade_is_numbered_once(planted: Adapter) -> None:
    """A whole trade either commits or not: two that were priced on one book cannot both."""

    def trade(account: Account) -> tuple[Change, ...]:
        after = replace(RAIN_BOOK, version=8)
        return (Replace(after, read=RAIN_BOOK), Replace(replace(account, seq=account.seq + 1), read=account))

    bob = replace(ANN, id="bob")
    await planted.commit(Insert(bob))
    first, second = trade(ANN), trade(bob)
    outcomes = await asyncio.gather(planted.commit(*first), planted.commit(*second))
    assert outcomes.count(Committed()) == 1
    loser = first if isinstance(outcomes[0], ConditionFailed) else second
    assert outcomes[0 if loser is first else 1] == ConditionFailed((loser[0],))


async def _race(adapter: Adapter, one: Change, other: Change) -> None:
    """Commit both at once and check that one was done, the other refused by name."""
    outcomes = await asyncio.gather(adapter.commit(one), adapter.commit(other))
    winners = [outcome for outcome in outcomes if outcome == Committed()]
    losers = [outcome for outcome in outcomes if isinstance(outcome, ConditionFailed)]
    assert (len(winners), len(losers)) == (1, 1)
    assert losers[0].writes == ((other,) if outcomes[0] == Committed() else (one,))


@pytest.mark.emulated(1)
@pytest.mark.ministack
@pytest.mark.parametrize("record", RECORDS, ids=_kind)
async def test_a_race_to_insert(adapter: Adapter, record: object) -> None:
    """Of two who insert under one key one does, and what is stored is that one's."""
    for earlier in PLANTED[: RECORDS.index(record)]:
        assert await adapter.commit(earlier) == Committed()
    await _race(adapter, Insert(record), Insert(_changed(record)))
    stored = await _stored(adapter)
    ledger = [*await adapter.ledger.entries(), *await adapter.ledger.events()]
    assert [record in [*stored, *ledger], _changed(record) in [*stored, *ledger]].count(True) == 1


@pytest.mark.emulated(1)
@pytest.mark.ministack
@pytest.mark.parametrize(("read", "record"), SUCCESSIONS)
async def test_a_race_to_replace(planted: Adapter, read: object, record: object) -> None:
    """Of two who replace what both have read one does, and what is stored is that one's."""
    other = _changed(record)
    await _race(planted, _replace(record, read), _replace(other, read))
    stored = await _stored(planted)
    assert [record in stored, other in stored].count(True) == 1


@pytest.mark.ministack
async def test_a_race_to_remove(planted: Adapter) -> None:
    """Of two who remove one position one does."""
    outcomes = await asyncio.gather(planted.commit(Remove(ANNS_RAIN)), planted.commit(Remove(ANNS_RAIN)))
    assert sorted(map(_kind, outcomes)) == ["Committed", "ConditionFailed"]


@pytest.mark.ministack
async def test_a_race_between_removal_and_trade(planted: Adapter) -> None:
    """A position is either removed or traded on, never both."""
    traded = replace(ANNS_RAIN, quantities=(6, 0), version=4)
    await _race(planted, Remove(ANNS_RAIN), Replace(traded, ANNS_RAIN))
    assert await planted.find(key_for(Position, "ann", "rain")) in (None, traded)


@pytest.mark.ministack
async def test_many_writers_on_one_record(planted: Adapter) -> None:
    """Of thirty at once exactly one replaces what all have read."""
    writes = [Replace(replace(ANN, balance=Money(number), seq=2), read=ANN) for number in range(30)]
    outcomes = await asyncio.gather(*(planted.commit(write) for write in writes))
    assert outcomes.count(Committed()) == 1
    winner = writes[outcomes.index(Committed())]
    assert await planted.find(key_for(Account, "ann")) == winner.record
    refused = [outcome for outcome in outcomes if isinstance(outcome, ConditionFailed)]
    assert len(refused) == 29


@pytest.mark.ministack
async def test_many_writers_on_many_records(adapter: Adapter) -> None:
    """Writers that do not meet are not refused."""
    accounts = [replace(ANN, id=f"trader-{number}") for number in range(60)]
    outcomes = await asyncio.gather(*(adapter.commit(Insert(account)) for account in accounts))
    assert outcomes == [Committed()] * 60
    snapshot = await adapter.ports.records.read(*(key_for(Account, account.id) for account in accounts))
    assert [snapshot.get(key_for(Account, account.id)) for account in accounts] == accounts


async def test_a_hundred_writes(adapter: Adapter) -> None:
    """A transaction may have a hundred writes, and the hundredth may undo all the others."""
    accounts = [replace(ANN, id=f"trader-{number}", balance=Money(MICROS)) for number in range(100)]
    await adapter.commit(Insert(accounts[99]))
    last = Insert(accounts[99])
    assert await adapter.commit(*map(Insert, accounts[:99]), last) == ConditionFailed((last,))
    statement = await adapter.statement([account.id for account in accounts], [])
    assert statement.accounts == (accounts[99],)
    replaced = Replace(replace(accounts[99], seq=2), accounts[99])
    assert await adapter.commit(*map(Insert, accounts[:99]), replaced) == Committed()
    statement = await adapter.statement([account.id for account in accounts], [])
    assert len(statement.accounts) == 100


async def test_money_moved_by_hand_shows(planted: Adapter) -> None:
    """The suite's own check would notice: a balance that no entry explains is not balanced."""
    statement = await planted.statement(["ann"], [])
    assert_balanced(statement)
    await planted.commit(Replace(replace(ANN, balance=Money(1), seq=1), ANN))
    with pytest.raises(AssertionError):
        assert_balanced(await planted.statement(["ann"], []))
