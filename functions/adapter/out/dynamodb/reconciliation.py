"""Reading both tables whole, and making repairs in them, while nobody writes to them."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from itertools import batched
from operator import attrgetter
from typing import Any, NamedTuple

from domain.application.instance.reconciliation.repair import MOST_WRITES, Repair
from domain.event.market_events import MarketChanged
from domain.model.discussion.comment import Comment
from domain.model.history.candle import Candle, PriceHistory
from domain.model.kernel.command import Command
from domain.model.ledger.account import Account
from domain.model.ledger.audit import AuditWalk, LedgerSum
from domain.model.ledger.journal import JournalEntry
from domain.model.record.fold import RecordFold
from domain.model.record.result import Result
from domain.model.record.track_record import TrackRecord
from domain.model.settlement.settlement import Tally
from domain.model.trading.book import Book
from domain.model.trading.market import Market
from domain.model.trading.position import Position
from domain.model.trading.verdict import Verdict
from domain.model.webhooks.delivery import WebhookCheckpoint
from domain.model.webhooks.webhook import Webhook
from domain.port.out.unit_of_work import Committed
from functions.adapter.out.dynamodb.gateway import DynamoGateway, TransactionInDoubtError, TransactionRefusedError
from functions.adapter.out.dynamodb.items import decode
from functions.adapter.out.dynamodb.layout import layout_of
from functions.adapter.out.dynamodb.layout.item import SCHEMA, Item, ItemKey, row_item
from functions.adapter.out.dynamodb.layout.trading import CLOSING
from functions.adapter.out.dynamodb.layout.webhooks import DUE
from functions.adapter.out.dynamodb.records import DynamoRecords
from functions.adapter.out.dynamodb.tables import PARTITION, SORT, Tables

KINDS: Mapping[tuple[str, str], type[Any]] = {
    ("A#", "P"): Account,
    ("A#", "P#"): Position,
    ("A#", "K#"): Command,
    ("A#", "E#"): JournalEntry,
    ("A#", "T#"): TrackRecord,
    ("M#", "META"): Market,
    ("M#", "BOOK"): Book,
    ("M#", "S#"): Tally,
    ("M#", "D#"): Verdict,
    ("M#", "V#"): MarketChanged,
    ("M#", "PRICES"): PriceHistory,
    ("M#", "RECORDS"): RecordFold,
    ("C#", "C#"): Candle,
    ("R#", "R#"): Result,
    ("N#", "N#"): Comment,
    ("W#", "C#"): WebhookCheckpoint,
    ("L#", "SUM"): LedgerSum,
    ("AUDIT", "WALK"): AuditWalk,
}
"""The records that a reconciliation looks at, by how their keys begin; see the layouts."""


class TablesInUseError(Exception):
    """Somebody writes to the tables."""


_OWNERS: Mapping[tuple[str, str], type[Any]] = {
    places: kind for places, kind in KINDS.items() if kind in {Market, Result, TrackRecord, WebhookCheckpoint}
} | {("W#", "W#"): Webhook}
"""The records that other items follow from."""
_ROWS = frozenset({"T#", CLOSING, "U#", "Y#", "S#", DUE})
"""How the partitions of those other items begin: lists by tag, by closing time, of results, boards, webhooks."""


class RowRepair(NamedTuple):
    """Rows that do not follow from the stored records, or are missing.

    Args:
        findings: what is wrong, in plain words.
        writes: what makes it right, as one transaction.
    """

    findings: tuple[str, ...]
    writes: tuple[Item, ...]


class DynamoStoredRecords:
    """The StoredRecords of both tables, read once and held in memory.

    Args:
        records: everything that a reconciliation looks at.
    """

    def __init__(self, records: Iterable[object]) -> None:
        self._records: dict[type[Any], list[Any]] = {kind: [] for kind in KINDS.values()}
        for record in records:
            self._records[type(record)].append(record)

    def every[R](self, kind: type[R], by: str | None = None) -> Iterator[R]:
        """All records of a kind, ordered by an attribute."""
        records: list[R] = self._records[kind]
        if by is None:
            return iter(records)
        return iter(sorted((each for each in records if getattr(each, by) is not None), key=attrgetter(by)))


async def read_tables(gateway: DynamoGateway) -> tuple[DynamoStoredRecords, Sequence[RowRepair]]:
    """Read the ledger, then the core table, then the keys of the ledger again.

    A scan is no snapshot. But every movement of money, and every change of a published market, appends to the ledger:
    where it is the same before and after, the core table was read in between as it is for the ledger.

    Returns:
        The records, and the repairs of rows that do not follow from them. These come first: whoever then replaces a
        record replaces its rows as well.

    Raises:
        TablesInUseError: the ledger has grown in the meantime.
        ContentionError: DynamoDB was too busy, or a later release has written one of the items.
    """
    tables = gateway.tables
    ledger = [item async for item in _scan(gateway, tables.ledger)]
    core = [item async for item in _scan(gateway, tables.core)]
    before = {_place(item) for item in ledger}
    if before != {_place(item) async for item in _scan(gateway, tables.ledger, only_keys=True)}:
        raise TablesInUseError(f"{tables.ledger} is being written: stop the service first")
    records = DynamoStoredRecords(record for item in (*ledger, *core) if (record := record_of(item)) is not None)
    return records, list(find_row_repairs(tables, core))


def find_row_repairs(tables: Tables, core: Iterable[Item]) -> Iterator[RowRepair]:
    """Compare the rows of the core table with its records.

    A row is written together with its record, and a restore may hold one and not the other: a market would be missing
    from a list, or a board name somebody twice.
    """
    stored, expected = dict[ItemKey, Item](), dict[ItemKey, Item]()
    for item in core:
        place = _place(item)
        if _head(place.partition) in _ROWS and SCHEMA not in item:
            stored[place] = item
        elif kind := _OWNERS.get((_head(place.partition), _head(place.sort))):
            expected |= {row.place: row_item(row) for row in layout_of(kind).rows(decode(kind, item))}
    wrong = sorted(place for place in stored.keys() | expected.keys() if stored.get(place) != expected.get(place))
    for some in batched(wrong, MOST_WRITES, strict=False):
        writes = tuple(_write_row(tables, place, expected.get(place)) for place in some)
        yield RowRepair(tuple(_finding(place, expected) for place in some), writes)


def _finding(place: ItemKey, expected: Mapping[ItemKey, Item]) -> str:
    """What is wrong about a row."""
    is_missing = place in expected
    return f"the row {place.partition} / {place.sort} {'is missing' if is_missing else 'follows from no record'}"


def _write_row(tables: Tables, place: ItemKey, expected: Item | None) -> Item:
    if expected is None:
        return {"Delete": {"TableName": tables.core, "Key": place.attributes()}}
    return {"Put": {"TableName": tables.core, "Item": expected}}


async def make_row_repairs(gateway: DynamoGateway, repairs: Iterable[RowRepair]) -> None:
    """Write rows as they should be. To repeat it does no harm, so nothing is a condition.

    Raises:
        TablesInUseError: others met it; what was made so far stands.
    """
    for repair in repairs:
        try:
            await gateway.transact(repair.writes)
        except (TransactionRefusedError, TransactionInDoubtError) as error:
            raise TablesInUseError("rows could not be written: stop the service, and run it again") from error


async def make_repairs(gateway: DynamoGateway, repairs: Iterable[Repair]) -> None:
    """Make the changes of each repair in one transaction, on the condition that they find what was read.

    Raises:
        TablesInUseError: they do not; what was made so far stands, and the rest is found the next time.
    """
    records = DynamoRecords(gateway)
    for repair in repairs:
        if not isinstance(await records.commit(repair.changes), Committed):
            raise TablesInUseError(
                f"{repair.subject} has changed, or did not answer: stop the service, and run it again"
            )


async def _scan(gateway: DynamoGateway, table: str, *, only_keys: bool = False) -> AsyncIterator[Item]:
    after: Item | None = None
    while True:
        items, after = await gateway.scan_items(table, after, only_keys=only_keys)
        for item in items:
            yield item
        if after is None:
            return


def _place(item: Item) -> ItemKey:
    return ItemKey(item[PARTITION]["S"], item[SORT]["S"])


def record_of(item: Item) -> object | None:
    """The record of an item; None for what a reconciliation does not look at, and for rows that follow from records."""
    partition, sort = _place(item)
    kind = KINDS.get((_head(partition), _head(sort)))
    return None if kind is None else decode(kind, item)


def _head(name: str) -> str:
    """What tells the items of one kind from others': the first part of a key, with its sign where more follows."""
    head, sign, _ = name.partition("#")
    return head + sign
