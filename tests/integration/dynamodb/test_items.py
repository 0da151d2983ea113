"""Items: what is stored of a record, and what does not fit."""

from dataclasses import replace
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer

from domain.event.market_events import MarketChanged
from domain.model.kernel.command import Command
from domain.model.kernel.money import MICROS, Money
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.ledger.journal import JournalEntry
from domain.model.webhooks.delivery import Delivery
from domain.port.out.store import Insert, Replace
from functions.adapter.out.dynamodb.items import decode, to_item
from functions.adapter.out.dynamodb.tables import BALANCES, CORE_INDEXES, LEDGER_INDEXES, PARTITION, SORT
from functions.registry.deployed import EXPIRES_AT
from tests.fakes.clock import START
from tests.fakes.samples import (
    ANN,
    ANNS_COMMAND,
    ANSWERS,
    FULL_ACCOUNT,
    FULL_BOOK,
    FULL_ENTRY,
    FULL_EVENT,
    FULL_INVITATION,
    FULL_KEY,
    FULL_MARKET,
    FULL_POSITION,
    FULL_TALLY,
    RAIN_BOOK,
    RECORDS,
)
from tests.fakes.world import caller
from tests.integration.dynamodb.conftest import Bench
from tests.integration.dynamodb.metering import item_size

FULL: tuple[object, ...] = (
    FULL_ACCOUNT,
    FULL_MARKET,
    FULL_BOOK,
    FULL_POSITION,
    FULL_TALLY,
    FULL_ENTRY,
    FULL_EVENT,
    FULL_KEY,
    FULL_INVITATION,
)
COMMANDS = tuple(replace(ANNS_COMMAND, id=f"{number:032}", answer=answer) for number, answer in enumerate(ANSWERS))
_IDS = [f"{type(record).__name__}-{number}" for number, record in enumerate([*RECORDS, *FULL, *COMMANDS])]


@pytest.mark.parametrize("record", [*RECORDS, *FULL, *COMMANDS], ids=_IDS)
def test_round_trip(record: object) -> None:
    """Every type of record comes back from its item as it was, and the item is one that boto3 can read."""
    item = to_item(record)
    back = decode(type(record), item)
    assert back == record
    assert type(back) is type(record)
    read_by_boto3: Any = TypeDeserializer().deserialize
    plain = {name: read_by_boto3(value) for name, value in item.items()}
    assert plain.keys() >= {PARTITION, SORT}


@pytest.mark.parametrize("amount", [10**38, -(10**38)])
async def test_integers_of_too_many_digits(bench: Bench, amount: int) -> None:
    """An integer of which DynamoDB would not keep every digit is refused before anything is sent."""
    unit_of_work = bench.persistence.unit_of_work
    for write in (
        Insert(replace(ANN, balance=Money(amount))),
        Replace(ANN, read=replace(ANN, seq=amount)),
        Insert(replace(RAIN_BOOK, quantities=(0, amount))),
    ):
        with pytest.raises(OverflowError):
            await unit_of_work.commit([Insert(replace(ANN, id="bob")), write])
    assert bench.client.calls == []


@pytest.mark.parametrize("amount", [10**38 - 1, -(10**38) + 1])
async def test_integers_of_38_digits(bench: Bench, amount: int) -> None:
    """The largest and the smallest integer that DynamoDB keeps are kept to the digit."""
    account = replace(ANN, balance=Money(amount))
    await bench.persistence.unit_of_work.commit([Insert(account)])
    assert (await bench.persistence.records.read(key_for(Account, "ann"))).get(key_for(Account, "ann")) == account


@pytest.mark.parametrize("record", [RAIN_BOOK, FULL_BOOK, ANN, FULL_ACCOUNT, *COMMANDS])
def test_books_and_accounts_are_in_one_index(record: object) -> None:
    """What every trade writes has no attribute that another index is keyed by, and that one has its keys alone."""
    item = to_item(record)
    indexes = [index for index in CORE_INDEXES if {index.partition, index.sort} <= item.keys()]
    assert indexes == ([] if isinstance(record, Command) else [BALANCES])
    assert BALANCES.projection == "KEYS_ONLY"


def test_trades_alone_are_in_the_index_of_trades() -> None:
    """Of the ledger's records only an entry with a trade is listed by market."""
    (trades,) = LEDGER_INDEXES
    without = replace(FULL_ENTRY, trade=None)
    assert {trades.partition, trades.sort} <= to_item(FULL_ENTRY).keys()
    others: tuple[object, ...] = (without, FULL_EVENT)
    for item in map(to_item, others):
        assert not {trades.partition, trades.sort} & item.keys()


def test_commands_alone_expire() -> None:
    """A command may be forgotten thirty days after it was done, and so may an attempt to deliver; no other record is.

    Keys and invitations have an attribute of that name too, as text: the time to live takes numbers only.
    """
    expiring = {type(record) for record in (*RECORDS, *FULL) if "N" in to_item(record).get(EXPIRES_AT, ())}
    assert expiring == {Command, Delivery}
    assert to_item(ANNS_COMMAND)[EXPIRES_AT] == {"N": str(int(START.timestamp()) + 30 * 24 * 3600)}


async def test_the_ledger_is_a_table_of_its_own(bench: Bench) -> None:
    """Entries and lifecycle records go to the ledger, all else to core; nothing of the ledger is ever changed."""
    world = bench.world
    for account in ("ann", "bob"):
        await world.open(account)
    await world.publish("rain", "ann")
    await world.buy("bob", "rain", "YES", MICROS)
    await world.resolve("rain", caller("ann"), "YES")
    await world.settle("rain")
    written = [item for call in bench.client.calls for item in call.parameters.get("TransactItems", [])]
    in_ledger = [item for item in written if next(iter(item.values()))["TableName"] == bench.tables.ledger]
    assert all(item["Put"]["ConditionExpression"].startswith("attribute_not_exists") for item in in_ledger)
    kinds = {JournalEntry: "E#", MarketChanged: "V#"}
    assert {item["Put"]["Item"][SORT]["S"][:2] for item in in_ledger} == set(kinds.values())


def test_the_largest_items_fit() -> None:
    """Every item of the largest records there may be is far below the 400 KB that an item may have."""
    assert max(item_size(to_item(record)) for record in (*FULL, *COMMANDS)) < 300_000
