"""Records as items: the one place that knows keys and attributes, and where numbers are converted and bounded."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from domain.event.market_events import MarketChanged
from domain.model.admission.api_key import ApiKey
from domain.model.admission.instance import InstanceSecret
from domain.model.admission.invitation import Invitation
from domain.model.history.candle import Candle, Interval, PriceHistory
from domain.model.kernel.notation import format_time
from domain.model.ledger.account import Account
from domain.model.ledger.audit import AuditWalk, LedgerSum
from domain.model.ledger.command import ANSWER_KINDS, Command
from domain.model.ledger.journal import JournalEntry
from domain.model.settlement.settlement import Tally
from domain.model.trading.book import Book
from domain.model.trading.market import Market, MarketStatus
from domain.model.trading.position import Position, holder_shard
from domain.port.out.records import (
    KEYS,
    AccountKey,
    AnyKey,
    ApiKeyKey,
    AuditWalkKey,
    BookKey,
    CandleKey,
    CommandKey,
    InvitationKey,
    LedgerSumKey,
    MarketKey,
    PositionKey,
    PriceHistoryKey,
    Record,
    SecretKey,
    State,
    TallyKey,
)
from functions.adapter.out.dynamodb.tables import PARTITION, SORT

type Attribute = dict[str, Any]
"""A value as DynamoDB spells it: its type, and the value."""
type Item = dict[str, Any]

COMMAND_LIFE = timedelta(days=30)
EXPIRES_AT = "expires_at"
"""The attribute of the core table's time to live, in epoch seconds; only commands have it as a number."""
PORTFOLIO_PREFIX = "P"
"""Begins the sort keys of an account and its positions, so that one query finds a portfolio."""
ALL_MARKETS = "MARKETS"
"""The one partition of the index of all markets."""
_LIFECYCLE_PREFIX = "V#"
_CANDLE_PREFIX = "C#"
_INTEGER_LIMIT = 2**63
_PARTITION_BYTES, _SORT_BYTES = 2048, 1024


class ItemKey(NamedTuple):
    """The primary key of an item."""

    partition: str
    sort: str

    def attributes(self) -> dict[str, Attribute]:
        """The key as an item has it."""
        return {PARTITION: {"S": self.partition}, SORT: {"S": self.sort}}


def can_exist(place: ItemKey) -> bool:
    """Whether an item may have this key: DynamoDB refuses to look for longer ones."""
    return len(place.partition.encode()) <= _PARTITION_BYTES and len(place.sort.encode()) <= _SORT_BYTES


def key_of(key: AnyKey) -> ItemKey:
    """Where the record of a key is in the core table."""
    return _PLACES[type(key)](key)


_PLACES: Mapping[type[AnyKey], Callable[[Any], ItemKey]] = {
    MarketKey: lambda key: ItemKey(f"M#{key.slug}", "META"),
    BookKey: lambda key: ItemKey(f"M#{key.slug}", "BOOK"),
    AccountKey: lambda key: ItemKey(f"A#{key.account}", PORTFOLIO_PREFIX),
    PositionKey: lambda key: ItemKey(f"A#{key.account}", f"{PORTFOLIO_PREFIX}#{key.market}"),
    CommandKey: lambda key: ItemKey(f"A#{key.account}", f"K#{key.id}"),
    TallyKey: lambda key: ItemKey(f"M#{key.market}", f"S#{key.shard:02d}"),
    CandleKey: lambda key: ItemKey(candles_partition(key.market, key.interval), candle_position(key.start)),
    PriceHistoryKey: lambda key: ItemKey(f"M#{key.market}", "PRICES"),
    LedgerSumKey: lambda key: ItemKey(f"L#{key.name}", "SUM"),
    AuditWalkKey: lambda _: ItemKey("AUDIT", "WALK"),
    ApiKeyKey: lambda key: api_key_place(key.account, key.id),
    InvitationKey: lambda key: invitation_place(key.id),
    SecretKey: lambda key: ItemKey("INSTANCE", f"X#{key.name}"),
}


def place_of(record: Record) -> ItemKey:
    """Where a record is stored; journal entries and lifecycle records in the ledger, everything else in core."""
    match record:
        case JournalEntry():
            return entry_place(record.account, record.seq)
        case MarketChanged():
            return ItemKey(f"M#{record.market}", f"{_LIFECYCLE_PREFIX}{record.revision:019d}")
        case _:
            return key_of(KEYS[type(record)](record))


def entry_place(account: str, seq: int) -> ItemKey:
    """Where an account's entry of that number is in the ledger table."""
    return ItemKey(f"A#{account}", f"E#{seq:019d}")


def _admission_place(record: ApiKey | Invitation | InstanceSecret) -> ItemKey:
    match record:
        case ApiKey():
            return api_key_place(record.account, record.id)
        case Invitation():
            return invitation_place(record.id)
        case InstanceSecret():
            return key_of(SecretKey(record.name))


def api_key_place(account: str, id_: str) -> ItemKey:
    """Where a bot key is: in a partition of its account's keys alone, in the order of their ids."""
    return ItemKey(f"B#{account}", f"B#{id_}")


def invitation_place(id_: str) -> ItemKey:
    """Where an invitation is: all are in one partition, in the order of their ids; there are few, and rarely used."""
    return ItemKey("INVITATIONS", f"I#{id_}")


def is_in_ledger(record: Record) -> bool:
    """Whether a record belongs to the ledger table."""
    return isinstance(record, JournalEntry | MarketChanged)


def is_lifecycle_item(item: Item) -> bool:
    """Whether an item of the ledger table is a lifecycle record; the others are journal entries."""
    return bool(item[SORT]["S"].startswith(_LIFECYCLE_PREFIX))


def to_item(record: Record) -> dict[str, Attribute]:
    """The item of a record: its key, its fields by their names, and what indexes need."""
    indexed = {name: value for name, value in _index_fields(record).items() if value is not None}
    fields = {**msgspec.to_builtins(record), **indexed}
    return {**{name: _to_attribute(value) for name, value in fields.items()}, **place_of(record).attributes()}


def from_item(item: Item) -> Record:
    """The record of an item of the core table."""
    sort = item[SORT]["S"]
    if sort.startswith("K#"):
        return _command(item)
    kind = _KINDS.get(sort) or _KINDS[sort[:2]]
    return decode(kind, item)


def decode[R](kind: type[R], item: Item) -> R:
    """The record of an item whose kind is known; attributes it has for its keys and indexes are passed over."""
    return msgspec.convert({name: _from_attribute(value) for name, value in item.items()}, kind)


def tag_place(tag: str, market: Market) -> ItemKey:
    """Where a market is listed under a tag."""
    return ItemKey(tag_partition(tag), listing_position(market))


def tag_partition(tag: str) -> str:
    """The partition of the markets that carry a tag."""
    return f"T#{tag}"


def listing_position(market: Market) -> str:
    """Where a market is in lists by age: its creation, then its slug."""
    return f"{format_time(market.created_at)}#{market.slug}"


def holders_partition(slug: str, shard: int) -> str:
    """The partition of one shard of a market's holders."""
    return f"H#{slug}#{shard:02d}"


def candles_partition(market: str, interval: Interval) -> str:
    """The partition of a market's candles of one interval."""
    return f"C#{market}#{interval.value}"


def candle_position(start: datetime) -> str:
    """Where a candle is among those of its market and interval: its start."""
    return f"{_CANDLE_PREFIX}{format_time(start)}"


def number(value: int) -> Attribute:
    """An integer as an attribute.

    Raises:
        OverflowError: it does not fit 64 bits, which no sum of money or shares may exceed.
    """
    if not -_INTEGER_LIMIT <= value < _INTEGER_LIMIT:
        raise OverflowError(f"{value} does not fit 64 bits")
    return {"N": str(value)}


_KINDS: Mapping[str, type[State | InstanceSecret]] = {
    "META": Market,
    "BOOK": Book,
    "P": Account,
    "P#": Position,
    "S#": Tally,
    "C#": Candle,
    "PRICES": PriceHistory,
    "SUM": LedgerSum,
    "WALK": AuditWalk,
    "B#": ApiKey,
    "I#": Invitation,
    "X#": InstanceSecret,
}
"""What is stored under a sort key, or under those that begin so."""


def _index_fields(record: Record) -> dict[str, object]:
    """The attributes that put a record into an index; a book is in none."""
    match record:
        case Market():
            is_open = record.status is MarketStatus.ACTIVE and record.closes_at is not None
            closing = format_time(record.closes_at) if is_open and record.closes_at else None
            is_draft = record.status is MarketStatus.DRAFT
            return {
                "listed_all": None if is_draft else ALL_MARKETS,
                "drafted_by": record.creator if is_draft else None,
                "listed_status": record.status.value,
                "listed_creator": None if is_draft else record.creator,
                "listed_at": listing_position(record),
                "closing_day": closing and closing[:10],
                "closing_at": closing and f"{closing}#{record.slug}",
            }
        case Position():
            return {"holders_of": holders_partition(record.market, holder_shard(record.account))}
        case JournalEntry(trade=trade) if trade is not None:
            return {"trades_of": trade.market, "trade_version": trade.version}
        case Command():
            expires_at = (record.created_at + COMMAND_LIFE).astimezone(UTC)
            return {"answer_kind": type(record.answer).__name__, EXPIRES_AT: int(expires_at.timestamp())}
        case _:
            return {}


def _command(item: Item) -> Command:
    fields = {name: _from_attribute(value) for name, value in item.items()}
    return Command(
        account=str(fields["account"]),
        id=str(fields["id"]),
        fingerprint=str(fields["fingerprint"]),
        answer=msgspec.convert(fields["answer"], ANSWER_KINDS[str(fields["answer_kind"])]),
        created_at=datetime.fromisoformat(str(fields["created_at"])),
    )


def _to_attribute(value: object) -> Attribute:
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case int():
            return number(value)
        case str():
            return {"S": value}
        case list() | tuple():
            return {"L": [_to_attribute(element) for element in value]}
        case dict():
            return {"M": {name: _to_attribute(element) for name, element in value.items()}}
        case _:
            raise TypeError(f"a {type(value).__name__} has no place in an item")


def _from_attribute(attribute: Attribute) -> object:
    ((kind, value),) = attribute.items()
    match kind:
        case "N":
            return int(str(value))
        case "S" | "BOOL":
            return value
        case "NULL":
            return None
        case "L":
            return [_from_attribute(element) for element in attribute["L"]]
        case "M":
            return {name: _from_attribute(element) for name, element in attribute["M"].items()}
        case _:
            raise TypeError(f"no item of ours has an attribute of type {kind}")
