"""Tables as they were at some second, and copies that do not fit together, as a restore makes them."""

from collections.abc import Iterable, Mapping
from itertools import batched
from typing import Any

from domain.model.kernel.command import Command
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.book import Book
from domain.model.trading.position import Position
from functions.adapter.out.dynamodb.items import decode, place_of
from functions.adapter.out.dynamodb.layout.item import Item, ItemKey
from functions.adapter.out.dynamodb.tables import PARTITION, SORT, Tables
from tests.fakes.dynamodb import every_item

_BATCH = 25

type Items = Mapping[ItemKey, Item]
"""A table's items by their keys."""


def items_of(client: Any, table: str) -> Items:
    """Everything in a table."""
    return {ItemKey(item[PARTITION]["S"], item[SORT]["S"]): item for item in every_item(client, table)}


def put(client: Any, table: str, items: Iterable[Item]) -> None:
    """Write items."""
    _write(client, table, [{"PutRequest": {"Item": item}} for item in items])


def remove(client: Any, table: str, places: Iterable[ItemKey]) -> None:
    """Delete items."""
    _write(client, table, [{"DeleteRequest": {"Key": place.attributes()}} for place in places])


def _write(client: Any, table: str, requests: list[Any]) -> None:
    for some in batched(requests, _BATCH, strict=False):
        assert not client.batch_write_item(RequestItems={table: list(some)})["UnprocessedItems"]


def trades_of(items: Items) -> dict[tuple[str, int], JournalEntry]:
    """The ledger's entries of trades, by market and version."""
    entries = (decode(JournalEntry, item) for place, item in items.items() if place.sort.startswith("E#"))
    return {(entry.trade.market, entry.trade.version): entry for entry in entries if entry.trade}


def tear(
    client: Any, tables: Tables, earlier: Items, *, unwritten: JournalEntry, half: JournalEntry, lost: JournalEntry
) -> None:
    """Make of a restored pair of tables one that is torn in every way that a restore tears.

    The core table is of an earlier second than the ledger, but for two transactions that went on at that second.

    Args:
        client: of DynamoDB.
        tables: the restored ones, both of one second.
        earlier: the core table at the earlier second.
        unwritten: a trade that all of the core table knows of, and the ledger not: the book is ahead.
        half: a trade of which the core table has the account and the answer, and neither book nor position.
        lost: a trade that is not in the ledger, where later ones of its market are: a gap in the versions.
    """
    now = items_of(client, tables.core)
    kept = {*_money(unwritten), *_shares(unwritten), *_money(half)}
    then = {place: item for place, item in earlier.items() if place not in kept}
    then |= {place: now[place] for place in kept}
    remove(client, tables.core, now.keys() - then.keys())
    put(client, tables.core, (item for place, item in then.items() if now.get(place) != item))
    remove(
        client, tables.ledger, [place_of(key_for(JournalEntry, each.account, each.seq)) for each in (unwritten, lost)]
    )


def _money(entry: JournalEntry) -> tuple[ItemKey, ItemKey]:
    assert entry.trade
    return place_of(key_for(Account, entry.account)), place_of(key_for(Command, entry.account, entry.trade.id))


def _shares(entry: JournalEntry) -> tuple[ItemKey, ItemKey]:
    assert entry.trade
    slug = entry.trade.market
    return place_of(key_for(Book, slug)), place_of(key_for(Position, entry.account, slug))
