"""Records as rows: the one place that knows the columns."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

import msgspec

from domain.event.market_events import MarketChanged
from domain.model.account import Account
from domain.model.book import Book
from domain.model.command import ANSWER_KINDS, Command
from domain.model.journal import JournalEntry
from domain.model.market import Market
from domain.model.notation import format_time
from domain.model.position import Position, holder_shard
from domain.model.settlement import Tally
from domain.port.out.records import (
    AccountKey,
    AnyKey,
    BookKey,
    CommandKey,
    MarketKey,
    PositionKey,
    Record,
    State,
    TallyKey,
)

type Row = dict[str, str | int | None]


_INSERT: Mapping[type[Record], str] = {
    Market: """INSERT INTO markets VALUES
        (:slug, :revision, :status, :creator, :created_at, :closes_at, :document) ON CONFLICT DO NOTHING""",
    Book: "INSERT INTO books VALUES (:slug, :version, :revision, :pool, :document) ON CONFLICT DO NOTHING",
    Account: "INSERT INTO accounts VALUES (:id, :seq, :balance, :document) ON CONFLICT DO NOTHING",
    Position: """INSERT INTO positions VALUES
        (:account, :market, :version, :shard, :is_held, :document) ON CONFLICT DO NOTHING""",
    Tally: "INSERT INTO tallies VALUES (:market, :shard, :version, :paid, :document) ON CONFLICT DO NOTHING",
    Command: """INSERT INTO commands VALUES
        (:account, :id, :created_at, :fingerprint, :kind, :answer) ON CONFLICT DO NOTHING""",
    JournalEntry: """INSERT INTO journal VALUES
        (:account, :seq, :counterparty, :amount, :market, :trade_version, :document) ON CONFLICT DO NOTHING""",
    MarketChanged: "INSERT INTO lifecycle VALUES (:market, :revision, :document) ON CONFLICT DO NOTHING",
}

_REPLACE: Mapping[type[State], str] = {
    Market: """UPDATE markets SET revision = :revision, status = :status, closes_at = :closes_at, document = :document
        WHERE slug = :slug AND revision = :read_revision""",
    Book: """UPDATE books SET version = :version, revision = :revision, pool = :pool, document = :document
        WHERE slug = :slug AND version = :read_version AND revision = :read_revision""",
    Account: """UPDATE accounts SET seq = :seq, balance = :balance, document = :document
        WHERE id = :id AND seq = :read_seq""",
    Position: """UPDATE positions SET version = :version, is_held = :is_held, document = :document
        WHERE account = :account AND market = :market AND version = :read_version""",
    Tally: """UPDATE tallies SET version = :version, paid = :paid, document = :document
        WHERE market = :market AND shard = :shard AND version = :read_version""",
}


def encode(record: object) -> str:
    """A record as its JSON document."""
    return msgspec.json.encode(record).decode()


def decode[R](kind: type[R], document: str) -> R:
    """The record of a JSON document."""
    return msgspec.json.decode(document, type=kind)


def find(connection: sqlite3.Connection, key: AnyKey) -> Record | None:
    """The record of that key; None when there is none."""
    match key:
        case MarketKey(slug):
            return _find(connection, Market, "SELECT document FROM markets WHERE slug = ?", slug)
        case BookKey(slug):
            return _find(connection, Book, "SELECT document FROM books WHERE slug = ?", slug)
        case AccountKey(account):
            return _find(connection, Account, "SELECT document FROM accounts WHERE id = ?", account)
        case PositionKey(account, market):
            query = "SELECT document FROM positions WHERE account = ? AND market = ?"
            return _find(connection, Position, query, account, market)
        case TallyKey(market, shard):
            return _find(
                connection, Tally, "SELECT document FROM tallies WHERE market = ? AND shard = ?", market, shard
            )
        case CommandKey(account, id_):
            return _find_command(connection, account, id_)


def _find[R](connection: sqlite3.Connection, kind: type[R], query: str, *key: str | int) -> R | None:
    row = connection.execute(query, key).fetchone()
    return decode(kind, row[0]) if row else None


def _find_command(connection: sqlite3.Connection, account: str, id_: str) -> Command | None:
    query = "SELECT fingerprint, kind, answer, created_at FROM commands WHERE account = ? AND id = ?"
    row = connection.execute(query, (account, id_)).fetchone()
    if row is None:
        return None
    fingerprint, kind, answer, created_at = row
    return Command(account, id_, fingerprint, decode(ANSWER_KINDS[kind], answer), datetime.fromisoformat(created_at))


def insert(connection: sqlite3.Connection, record: Record) -> bool:
    """Store a record; False when its key is taken."""
    stored = connection.execute(_INSERT[type(record)], _row(record)).rowcount == 1
    if stored and isinstance(record, Market):
        _tag(connection, record)
    return stored


def replace(connection: sqlite3.Connection, record: State, read: State) -> bool:
    """Store a record in the place of the one that was read; False when that one is gone or has changed."""
    row = {**_row(record), **_counters(read)}
    stored = connection.execute(_REPLACE[type(record)], row).rowcount == 1
    if stored and isinstance(record, Market):
        connection.execute("DELETE FROM market_tags WHERE slug = ?", (record.slug,))
        _tag(connection, record)
    return stored


def remove(connection: sqlite3.Connection, read: Position) -> bool:
    """Remove a position that was read; False when it is gone or has changed."""
    statement = "DELETE FROM positions WHERE account = ? AND market = ? AND version = ?"
    return connection.execute(statement, (read.account, read.market, read.version)).rowcount == 1


def _counters(read: State) -> Row:
    match read:
        case Market():
            return {"read_revision": read.revision}
        case Book():
            return {"read_version": read.version, "read_revision": read.revision}
        case Account():
            return {"read_seq": read.seq}
        case Position() | Tally():
            return {"read_version": read.version}


def _row(record: Record) -> Row:
    if isinstance(record, Command):
        return {**_columns(record), "kind": type(record.answer).__name__, "answer": encode(record.answer)}
    return {**_columns(record), "document": encode(record)}


def _columns(record: Record) -> Row:
    """What keys, conditions, indexes and checks need of a record."""
    match record:
        case Market():
            row = _pick(record, "slug", "revision", "creator")
            closes_at = format_time(record.closes_at) if record.closes_at else None
            row |= {"status": record.status.value, "created_at": format_time(record.created_at), "closes_at": closes_at}
        case Book():
            row = _pick(record, "slug", "version", "revision") | {"pool": record.pool.amount}
        case Account():
            row = _pick(record, "id", "seq") | {"balance": record.balance.amount}
        case Position():
            row = _pick(record, "account", "market", "version", "is_held") | {"shard": holder_shard(record.account)}
        case Tally():
            row = _pick(record, "market", "shard", "version") | {"paid": record.paid.amount}
        case Command():
            row = _pick(record, "account", "id", "fingerprint") | {"created_at": format_time(record.created_at)}
        case JournalEntry():
            row = _pick(record, "account", "seq", "market")
            row |= {"counterparty": record.postings[1].name, "amount": record.amount.amount}
            row |= {"trade_version": record.trade.version if record.trade else None}
        case MarketChanged():
            row = _pick(record, "market", "revision")
        case _:
            assert_never(record)
    return row


def _pick(record: Record, *columns: str) -> Row:
    return {column: getattr(record, column) for column in columns}


def _tag(connection: sqlite3.Connection, market: Market) -> None:
    rows = [(tag, format_time(market.created_at), market.slug) for tag in dict.fromkeys(market.tags)]
    connection.executemany("INSERT INTO market_tags VALUES (?, ?, ?)", rows)
