"""While a deploy replaces functions one by one, an old one leaves what a new one wrote alone."""

from dataclasses import replace

import pytest

from domain.model.kernel.errors import ContentionError
from domain.model.kernel.money import Money
from domain.model.kernel.record import key_of
from domain.model.trading.market import Market
from domain.port.out.store import Insert, Replace
from domain.port.out.trading import MarketFilter
from domain.port.out.unit_of_work import Committed, ConditionFailed
from functions.adapter.out.dynamodb.items import place_of, to_item
from functions.adapter.out.dynamodb.layout.item import SCHEMA, Item
from tests.fakes.clock import START
from tests.fakes.samples import ANN, RAIN
from tests.integration.dynamodb.conftest import Bench

RICHER = Replace(replace(ANN, balance=Money(7), seq=2), read=ANN)


def _stored(bench: Bench, record: object) -> Item:
    key = place_of(key_of(record)).attributes()
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
