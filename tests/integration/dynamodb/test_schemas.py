"""While a deploy replaces functions one by one, an old one leaves what a new one wrote alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from domain.model.kernel import record
from domain.model.kernel.errors import ContentionError
from domain.model.kernel.money import MICROS, Money
from domain.model.kernel.record import key_for, key_of, type_of
from domain.model.ledger.account import Account
from domain.model.trading.market import Market
from domain.port.out.store import Decision, Insert, Outcome, Replace, View
from domain.port.out.trading import MarketFilter
from domain.port.out.unit_of_work import Committed, ConditionFailed
from functions.adapter.out.dynamodb import layout as layouts
from functions.adapter.out.dynamodb.items import place_of, to_item
from functions.adapter.out.dynamodb.layout.item import SCHEMA, Item
from tests.fakes.clock import START, HighestRandom
from tests.fakes.samples import ANN, RAIN
from tests.integration.dynamodb.conftest import Bench

RICHER = Replace(replace(ANN, balance=Money(7), seq=2), read=ANN)


def _stored(bench: Bench, stored: object) -> Item:
    key = place_of(key_of(stored)).attributes()
    return dict(bench.client.inner.get_item(TableName=bench.tables.core, Key=key, ConsistentRead=True)["Item"])


def _put(bench: Bench, item: Item) -> None:
    bench.client.inner.put_item(TableName=bench.tables.core, Item=item)


async def test_what_a_later_release_wrote_is_not_read(bench: Bench) -> None:
    """By its key or in a list, an item of schema 2 is contention: the function that knows it will answer."""
    _put(bench, {**to_item(ANN), SCHEMA: {"N": "2"}, "novelty": {"S": "unheard of"}})
    _put(bench, {**to_item(RAIN), SCHEMA: {"N": "2"}})
    with pytest.raises(ContentionError):
        await bench.persistence.records.read(key_of(ANN))
    with pytest.raises(ContentionError):
        await bench.persistence.markets.find_all(MarketFilter(START), 5)


async def test_what_a_later_release_wrote_is_not_replaced(bench: Bench) -> None:
    """One who has read it before it was rewritten fails, although all counters are as they were."""
    assert await bench.persistence.unit_of_work.commit([Insert(ANN)]) == Committed()
    written = {**to_item(ANN), SCHEMA: {"N": "2"}, "novelty": {"S": "unheard of"}}
    _put(bench, written)
    assert await bench.persistence.unit_of_work.commit([RICHER]) == ConditionFailed((RICHER,))
    assert _stored(bench, ANN) == written


async def test_what_the_first_release_wrote(bench: Bench) -> None:
    """An item without a schema number is read, and has one once it is replaced."""
    old = {name: value for name, value in to_item(ANN).items() if name != SCHEMA}
    _put(bench, old)
    assert (await bench.persistence.records.read(key_of(ANN))).get(key_of(ANN)) == ANN
    assert await bench.persistence.unit_of_work.commit([RICHER]) == Committed()
    assert _stored(bench, ANN)[SCHEMA] == {"N": "1"}


def test_every_item_says_its_schema() -> None:
    """The number is an attribute of its own, beside those of the record."""
    assert to_item(RAIN)[SCHEMA] == {"N": "1"}
    assert SCHEMA not in Market.__annotations__


@dataclass(frozen=True, slots=True)
class AccountOfTomorrow(Account):
    """An account as the next release knows it: with a motto."""

    motto: str | None = None


@contextmanager
def tomorrow(*, form: Callable[[AccountOfTomorrow], int] | None = None) -> Iterator[None]:
    """The code of the next release runs while the block lasts, over whatever tables there are.

    Args:
        form: in which form it stores an account; None for always the new one.
    """
    later = replace(type_of(Account), schema=2, form=form)
    layout = layouts.layout_of(Account)._replace(kind=AccountOfTomorrow)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(record._TYPES, AccountOfTomorrow, later)
        patch.setitem(layouts._known, AccountOfTomorrow, layout)
        patch.setitem(layouts._known, Account, layout)
        yield


def readers_first(account: AccountOfTomorrow) -> int:
    """A motto needs form 2; an account without one is stored as ever."""
    return 1 if account.motto is None else 2


async def _set_motto(bench: Bench, motto: str) -> None:
    """What people can do with the next release."""

    def decide(view: View, _: datetime) -> Decision[None]:
        account = view.get(key_for(Account, "ann"))
        assert isinstance(account, AccountOfTomorrow)
        return Outcome(None, (Replace(replace(account, motto=motto, revision=account.revision + 1), read=account),))

    store = bench.persistence.store(bench.clock, HighestRandom())
    await store.transact([key_for(Account, "ann")], decide)


def _motto(bench: Bench) -> str | None:
    found: str | None = _stored(bench, ANN).get("motto", {}).get("S")
    return found


async def test_a_release_that_writes_a_new_form_at_once(bench: Bench) -> None:
    """Old functions answer that they are asked again: they neither read nor erase what new ones wrote."""
    world = bench.world
    await world.open("ann")
    await world.publish("rain", "ann")
    with tomorrow():
        await _set_motto(bench, "Sun!")
    with pytest.raises(ContentionError):
        await world.portfolio("ann")
    with pytest.raises(ContentionError):
        await world.buy("ann", "rain", "YES", MICROS)
    assert _motto(bench) == "Sun!"
    with tomorrow():
        await world.buy("ann", "rain", "YES", MICROS)
    assert _motto(bench) == "Sun!"


async def test_one_who_read_before_it_was_written(bench: Bench) -> None:
    """An old function that is in the middle of a request loses the race, whatever the counters say."""
    world = bench.world
    await world.open("ann")
    await world.publish("rain", "ann")
    stale = (await bench.persistence.records.read(key_for(Account, "ann"))).get(key_for(Account, "ann"))
    assert stale
    with tomorrow():
        fresh = (await bench.persistence.records.read(key_for(Account, "ann"))).get(key_for(Account, "ann"))
        assert isinstance(fresh, AccountOfTomorrow)
        same_counters = Replace(replace(fresh, motto="Sun!"), read=fresh)
        assert await bench.persistence.unit_of_work.commit([same_counters]) == Committed()
    late = Replace(replace(stale, balance=Money(7)), read=stale)
    assert await bench.persistence.unit_of_work.commit([late]) == ConditionFailed((late,))
    assert _motto(bench) == "Sun!"


async def test_readers_first_step_one(bench: Bench) -> None:
    """A release that only learns to read the new form shares the tables with the one before: nobody is refused."""
    world = bench.world
    await world.open("ann")
    with tomorrow(form=readers_first):
        await world.publish("rain", "ann")
        await world.buy("ann", "rain", "YES", MICROS)
    await world.sell("ann", "rain", "YES", MICROS)
    with tomorrow(form=readers_first):
        await world.buy("ann", "rain", "NO", MICROS)
    assert (await world.portfolio("ann")).account.seq == 5
    assert _stored(bench, ANN)[SCHEMA] == {"N": "1"}


async def test_readers_first_step_two(bench: Bench) -> None:
    """The next one writes it, and the one before, which is still there or there again, reads it and keeps it."""
    world = bench.world
    await world.open("ann")
    await world.publish("rain", "ann")
    with tomorrow(form=readers_first):
        await _set_motto(bench, "Sun!")
        await world.buy("ann", "rain", "YES", MICROS)
        account = (await world.portfolio("ann")).account
    assert isinstance(account, AccountOfTomorrow)
    assert (account.motto, _motto(bench)) == ("Sun!", "Sun!")
    assert _stored(bench, ANN)[SCHEMA] == {"N": "2"}
    with pytest.raises(ContentionError):
        await world.portfolio("ann")  # the release before both is gone, and would do no harm
