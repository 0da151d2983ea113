"""Records as rows: the one place that knows the columns."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

import msgspec

from domain.event.market_events import MarketChanged
from domain.model.admission.api_key import ApiKey
from domain.model.admission.instance import InstanceSecret
from domain.model.admission.invitation import Invitation
from domain.model.history.candle import Candle, PriceHistory
from domain.model.kernel.money import Money
from domain.model.kernel.notation import format_time
from domain.model.ledger.account import Account
from domain.model.ledger.audit import AuditWalk, LedgerSum
from domain.model.ledger.command import ANSWER_KINDS, Command
from domain.model.ledger.journal import JournalEntry
from domain.model.settlement.settlement import Tally
from domain.model.trading.book import Book
from domain.model.trading.market import Market
from domain.model.trading.position import Position, holder_shard
from domain.port.out.records import (
    COUNTERS,
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
    Removable,
    SecretKey,
    State,
    TallyKey,
    counters_of,
)

type Row = dict[str, str | int | None]


class _Table(NamedTuple):
    """Where the records of one kind are.

    Args:
        name: the table's name.
        key: the columns that name a record, in the order of its key's fields.
        columns: those that indexes and checks need, beside the key, the counters and the document.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...] = ()


_TABLES: Mapping[type[Record], _Table] = {
    Market: _Table("markets", ("slug",), ("status", "creator", "created_at", "closes_at")),
    Book: _Table("books", ("slug",), ("pool",)),
    Account: _Table("accounts", ("id",), ("balance",)),
    Position: _Table("positions", ("account", "market"), ("shard", "is_held")),
    Tally: _Table("tallies", ("market", "shard"), ("paid",)),
    Command: _Table("commands", ("account", "id"), ("created_at", "fingerprint", "kind")),
    JournalEntry: _Table("journal", ("account", "seq"), ("counterparty", "amount", "market", "trade_version")),
    MarketChanged: _Table("lifecycle", ("market", "revision")),
    Candle: _Table("candles", ("market", "interval", "start")),
    PriceHistory: _Table("price_histories", ("market",)),
    LedgerSum: _Table("ledger_sums", ("name",)),
    AuditWalk: _Table("audit_walk", ()),
    ApiKey: _Table("api_keys", ("account", "id")),
    Invitation: _Table("invitations", ("id",), ("used", "count")),
    InstanceSecret: _Table("instance", ("name",)),
}

_DERIVED: Mapping[tuple[type[Record], str], Callable[[Any], object]] = {
    (Position, "shard"): lambda position: holder_shard(position.account),
    (Command, "kind"): lambda command: type(command.answer).__name__,
    (JournalEntry, "counterparty"): lambda entry: entry.postings[1].name,
    (JournalEntry, "trade_version"): lambda entry: entry.trade and entry.trade.version,
}
"""The columns that are no field of their record."""

_KIND_OF: Mapping[type[AnyKey], type[State]] = {
    MarketKey: Market,
    BookKey: Book,
    AccountKey: Account,
    PositionKey: Position,
    TallyKey: Tally,
    CandleKey: Candle,
    PriceHistoryKey: PriceHistory,
    LedgerSumKey: LedgerSum,
    AuditWalkKey: AuditWalk,
    ApiKeyKey: ApiKey,
    InvitationKey: Invitation,
}
"""What each key names; a command and a secret are no documents."""

_CONTENT: Mapping[type[Record], str] = {Command: "answer", InstanceSecret: "value"}
"""The column that holds the rest of a record, where that is no document."""


def _columns(kind: type[Record]) -> list[str]:
    """Every column of a table, each once."""
    table = _TABLES[kind]
    counters = next((names for state, names in COUNTERS.items() if state is kind), ())
    content = _CONTENT.get(kind, "document")
    return list(dict.fromkeys([*table.key, *counters, *table.columns, content]))


# The names of tables and columns in these statements are ours, so nothing can be smuggled into them.
def _select(kind: type[Record]) -> str:
    table = _TABLES[kind]
    content = "fingerprint, kind, answer, created_at" if kind is Command else _CONTENT.get(kind, "document")
    return f"SELECT {content} FROM {table.name} WHERE {_all(f'{column} = ?' for column in table.key)}"


def _insert(kind: type[Record]) -> str:
    columns = _columns(kind)
    values = ", ".join(f":{column}" for column in columns)
    return f"INSERT INTO {_TABLES[kind].name} ({', '.join(columns)}) VALUES ({values}) ON CONFLICT DO NOTHING"


def _update(kind: type[State]) -> str:
    table = _TABLES[kind]
    settings = ", ".join(f"{column} = :{column}" for column in _columns(kind) if column not in table.key)
    same = [f"{column} = :{column}" for column in table.key]
    unchanged = [f"{name} = :read_{name}" for name in COUNTERS[kind]]
    return f"UPDATE {table.name} SET {settings} WHERE {_all([*same, *unchanged])}"


def _delete(kind: type[Removable]) -> str:
    table = _TABLES[kind]
    same = [f"{column} = :{column}" for column in (*table.key, *COUNTERS[kind])]
    return f"DELETE FROM {table.name} WHERE {_all(same)}"


def _all(conditions: Iterable[str]) -> str:
    return " AND ".join(["TRUE", *conditions])


_SELECT = {kind: _select(kind) for kind in _TABLES}
_INSERT = {kind: _insert(kind) for kind in _TABLES}
_UPDATE = {kind: _update(kind) for kind in COUNTERS}
_DELETE: Mapping[type[Removable], str] = {kind: _delete(kind) for kind in (Position, ApiKey, Invitation)}


def encode(record: object) -> str:
    """A record as its JSON document."""
    return msgspec.json.encode(record).decode()


def decode[R](kind: type[R], document: str) -> R:
    """The record of a JSON document."""
    return msgspec.json.decode(document, type=kind)


def find(connection: sqlite3.Connection, key: AnyKey) -> Record | None:
    """The record of that key; None when there is none."""
    if isinstance(key, CommandKey):
        return _find_command(connection, key)
    if isinstance(key, SecretKey):
        return _find_secret(connection, key)
    kind = _KIND_OF[type(key)]
    row = connection.execute(_SELECT[kind], _key_values(key)).fetchone()
    return decode(kind, row[0]) if row else None


def _find_command(connection: sqlite3.Connection, key: CommandKey) -> Command | None:
    row = connection.execute(_SELECT[Command], _key_values(key)).fetchone()
    if row is None:
        return None
    fingerprint, kind, answer, created_at = row
    answer = decode(ANSWER_KINDS[kind], answer)
    return Command(key.account, key.id, fingerprint, answer, datetime.fromisoformat(created_at))


def _find_secret(connection: sqlite3.Connection, key: SecretKey) -> InstanceSecret | None:
    row = connection.execute(_SELECT[InstanceSecret], _key_values(key)).fetchone()
    return InstanceSecret(key.name, row[0]) if row else None


def insert(connection: sqlite3.Connection, record: Record) -> bool:
    """Store a record; False when its key is taken."""
    stored = connection.execute(_INSERT[type(record)], _row(record)).rowcount == 1
    if stored and isinstance(record, Market):
        _tag(connection, record)
    return stored


def replace(connection: sqlite3.Connection, record: State, read: State) -> bool:
    """Store a record in the place of the one that was read; False when that one is gone or has changed."""
    row = _row(record) | {f"read_{name}": value for name, value in counters_of(read).items()}
    stored = connection.execute(_UPDATE[type(record)], row).rowcount == 1
    if stored and isinstance(record, Market):
        connection.execute("DELETE FROM market_tags WHERE slug = ?", (record.slug,))
        _tag(connection, record)
    return stored


def remove(connection: sqlite3.Connection, read: Removable) -> bool:
    """Remove a record that was read; False when it is gone or has changed."""
    return connection.execute(_DELETE[type(read)], _row(read)).rowcount == 1


def _row(record: Record) -> Row:
    """A record's values for all columns."""
    return {column: _value(record, column) for column in _columns(type(record))}


def _value(record: Record, column: str) -> str | int | None:
    if column == "document":
        return encode(record)
    if isinstance(record, Command) and column == "answer":
        return encode(record.answer)
    derive = _DERIVED.get((type(record), column))
    return _plain(derive(record) if derive else getattr(record, column))


def _key_values(key: AnyKey) -> list[str | int | None]:
    return [_plain(getattr(key, field.name)) for field in fields(key)]


def _plain(value: object) -> str | int | None:
    """A value as a column has it."""
    match value:
        case datetime():
            return format_time(value)
        case Money():
            return value.amount
        case Enum():
            return str(value.value)
        case str() | int() | None:
            return value
        case _:
            raise TypeError(f"a {type(value).__name__} has no place in a column")


def _tag(connection: sqlite3.Connection, market: Market) -> None:
    rows = [(tag, format_time(market.created_at), market.slug) for tag in dict.fromkeys(market.tags)]
    connection.executemany("INSERT INTO market_tags VALUES (?, ?, ?)", rows)
