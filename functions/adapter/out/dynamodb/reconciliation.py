"""Reading both tables whole, and making repairs in them, while nobody writes to them."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any

from domain.application.instance.reconciliation.repair import Repair
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
from domain.port.out.unit_of_work import Committed
from functions.adapter.out.dynamodb.gateway import DynamoGateway
from functions.adapter.out.dynamodb.items import decode
from functions.adapter.out.dynamodb.layout.item import Item, ItemKey
from functions.adapter.out.dynamodb.records import DynamoRecords
from functions.adapter.out.dynamodb.tables import PARTITION, SORT

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


async def read_tables(gateway: DynamoGateway) -> DynamoStoredRecords:
    """Read the ledger, then the core table, then the keys of the ledger again.

    A scan is no snapshot. But every movement of money, and every change of a published market, appends to the ledger:
    where it is the same before and after, the core table was read in between as it is for the ledger.

    Raises:
        TablesInUseError: the ledger has grown in the meantime.
        ContentionError: DynamoDB was too busy, or a later release has written one of the items.
    """
    tables = gateway.tables
    ledger = [item async for item in _scan(gateway, tables.ledger)]
    core = [item async for item in _scan(gateway, tables.core)]
    before = {_place(item) for item in ledger}
    if before != {_place(item) async for item in _scan(gateway, tables.ledger)}:
        raise TablesInUseError(f"{tables.ledger} is being written: stop the service first")
    return DynamoStoredRecords(record for item in (*ledger, *core) if (record := record_of(item)) is not None)


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


async def _scan(gateway: DynamoGateway, table: str) -> AsyncIterator[Item]:
    after: Item | None = None
    while True:
        items, after = await gateway.scan_items(table, after)
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
