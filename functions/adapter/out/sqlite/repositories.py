"""The finders over SQLite."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.model.admission.api_key import ApiKey
from domain.model.admission.invitation import Invitation
from domain.model.history.candle import Candle, Interval
from domain.model.kernel.money import Money
from domain.model.kernel.notation import format_time
from domain.model.ledger.account import Account
from domain.model.ledger.audit import Audit
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.book import Book
from domain.model.trading.market import Market, MarketStatus
from domain.model.trading.position import Position
from domain.model.trading.trade import Trade
from domain.port.out.records import AccountKey, BookKey, MarketKey
from domain.port.out.repositories import (
    Holding,
    Holdings,
    InvalidCursorError,
    MarketFilter,
    Page,
    parse_id,
    parse_position,
)
from functions.adapter.out.saving import save_market
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.records import SqliteRecords
from functions.adapter.out.sqlite.rows import decode, encode

_WALKED = 200
"""How many balances a page of the audit's walk names."""
_AUDIT_QUERY = """SELECT
    (SELECT coalesce(sum(amount), 0) FROM journal WHERE counterparty = 'house'),
    (SELECT coalesce(sum(document ->> '$.balance.amount'), 0) FROM accounts),
    (SELECT coalesce(sum(document ->> '$.pool.amount'), 0) FROM books)
    - (SELECT coalesce(sum(paid), 0) FROM markets JOIN tallies ON market = slug WHERE status = 'SETTLING')"""
"""The house is spelled out, since its entries have an index of their own that SQLite would not use for a parameter."""


class SqliteMarkets:
    """The MarketRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._records = SqliteRecords(database)

    async def save(self, market: Market, read: Market | None = None) -> Market:
        """Store a market by itself."""
        return await save_market(self._records, market, read)

    async def find_by_slug(self, slug: str) -> Market | None:
        """One market; None when there is none."""
        return (await self._records.read(MarketKey(slug))).get(MarketKey(slug))

    async def find_all(self, filter_: MarketFilter, limit: int, cursor: str | None = None) -> Page[Market]:
        """Markets, newest first."""
        query, parameters = _market_query(filter_, cursor, limit + 1)
        found = await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())
        markets = tuple(decode(Market, document) for document, *_ in found)
        return Page(markets[:limit], _market_cursor(markets[limit - 1]) if len(markets) > limit else None)

    async def find_expired(self, now: datetime, limit: int) -> Sequence[str]:
        """The slugs of ACTIVE markets past their closing time."""
        query = "SELECT slug FROM markets WHERE status = 'ACTIVE' AND closes_at <= ? ORDER BY closes_at LIMIT ?"
        parameters = (format_time(now), limit)
        found = await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())
        return [slug for (slug,) in found]


class SqliteBooks:
    """The BookRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_by_slugs(self, slugs: Sequence[str]) -> dict[str, Book]:
        """The books of those slugs; a draft's is absent."""
        query = "SELECT document FROM books WHERE slug IN (SELECT value FROM json_each(?))"
        wanted = (encode(list(slugs)),)
        found = await self._database.read(lambda connection: connection.execute(query, wanted).fetchall())
        return {book.slug: book for book in (decode(Book, document) for (document,) in found)}


class SqlitePositions:
    """The PositionRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_by_account(self, account: str) -> Holdings | None:
        """An account with the positions in which shares are left, by slug."""
        return await self._database.read(lambda connection: _holdings(connection, account))

    async def find_holders(self, slug: str, shard: int, limit: int, after: str | None = None) -> Page[str]:
        """Accounts that have a position in a market, of one shard, by name."""
        query = "SELECT account FROM positions WHERE market = ? AND shard = ? AND account > ? ORDER BY account LIMIT ?"
        parameters = (slug, shard, after or "", limit + 1)
        found = await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())
        accounts = tuple(account for (account,) in found)
        return Page(accounts[:limit], accounts[limit - 1] if len(accounts) > limit else None)


class SqliteJournal:
    """The JournalRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_entries(
        self, account: str, limit: int, cursor: str | None = None, *, only_trades: bool = False
    ) -> Page[JournalEntry]:
        """An account's entries, newest first."""
        query = """SELECT document FROM journal WHERE account = ? AND seq < ? AND (trade_version IS NOT NULL OR NOT ?)
            ORDER BY seq DESC LIMIT ?"""
        entries = await self._entries(query, (account, _below(cursor), only_trades, limit + 1))
        return Page(entries[:limit], str(entries[limit - 1].seq) if len(entries) > limit else None)

    async def find_trades(self, slug: str, limit: int, cursor: str | None = None) -> Page[Trade]:
        """A market's trades, the latest version first."""
        query = """SELECT document FROM journal WHERE market = ? AND trade_version < ? AND trade_version IS NOT NULL
            ORDER BY trade_version DESC LIMIT ?"""
        entries = await self._entries(query, (slug, _below(cursor), limit + 1))
        trades = tuple(entry.trade for entry in entries if entry.trade)
        return Page(trades[:limit], str(trades[limit - 1].version) if len(trades) > limit else None)

    async def find_entries_after(self, account: str, seq: int, limit: int) -> Sequence[JournalEntry]:
        """An account's next entries, oldest first."""
        query = "SELECT document FROM journal WHERE account = ? AND seq > ? ORDER BY seq LIMIT ?"
        return await self._entries(query, (account, seq, limit))

    async def find_trades_after(self, slug: str, version: int, limit: int) -> Sequence[Trade]:
        """A market's next trades, oldest first."""
        query = """SELECT document FROM journal WHERE market = ? AND trade_version > ? AND trade_version IS NOT NULL
            ORDER BY trade_version LIMIT ?"""
        entries = await self._entries(query, (slug, version, limit))
        return [entry.trade for entry in entries if entry.trade]

    async def _entries(self, query: str, parameters: Sequence[str | int]) -> tuple[JournalEntry, ...]:
        found = await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())
        return tuple(decode(JournalEntry, document) for (document,) in found)


class SqliteCandles:
    """The CandleRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_candles(self, slug: str, interval: Interval, start: datetime, end: datetime) -> Sequence[Candle]:
        """The candles of a market that begin in a span of time, oldest first."""
        query = """SELECT document FROM candles WHERE market = ? AND interval = ? AND start >= ? AND start < ?
            ORDER BY start"""
        parameters = (slug, interval.value, format_time(start), format_time(end))
        found = await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())
        return [decode(Candle, document) for (document,) in found]


class SqliteAudits:
    """The AuditRepository: one query sees everything at one instant."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_audit(self, now: datetime) -> Audit:
        """What the books add up to at this very moment; a book's pool stands still while it is paid out."""
        sums = await self._database.read(lambda connection: connection.execute(_AUDIT_QUERY).fetchone())
        issued, balances, pools = map(Money, sums)
        return Audit(issued, balances, pools, now)

    async def find_balances(self, cursor: str | None = None) -> Page[AccountKey | BookKey]:
        """The keys of some accounts and, once these are all named, of some books."""
        table, _, after = (cursor or "accounts ").partition(" ")
        if table == "accounts":
            names = await self._names("SELECT id FROM accounts WHERE id > ? ORDER BY id LIMIT ?", after)
            following = f"accounts {names[-1]}" if len(names) == _WALKED else "books "
            return Page(tuple(map(AccountKey, names)), following)
        slugs = await self._names("SELECT slug FROM books WHERE slug > ? ORDER BY slug LIMIT ?", after)
        return Page(tuple(map(BookKey, slugs)), f"books {slugs[-1]}" if len(slugs) == _WALKED else None)

    async def _names(self, query: str, after: str) -> list[str]:
        found = await self._database.read(lambda connection: connection.execute(query, (after, _WALKED)).fetchall())
        return [name for (name,) in found]


class SqliteAdmission:
    """The AdmissionRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_api_keys(self, account: str, limit: int, cursor: str | None = None) -> Page[ApiKey]:
        """An account's keys, newest first."""
        query = "SELECT document FROM api_keys WHERE account = ? AND id < ? ORDER BY id DESC LIMIT ?"
        parameters = (account, _before(cursor), limit + 1)
        found = await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())
        api_keys = tuple(decode(ApiKey, document) for (document,) in found)
        return Page(api_keys[:limit], api_keys[limit - 1].id if len(api_keys) > limit else None)

    async def find_invitations(self, limit: int, cursor: str | None = None) -> Page[Invitation]:
        """All invitations, newest first."""
        query = "SELECT document FROM invitations WHERE id < ? ORDER BY id DESC LIMIT ?"
        parameters = (_before(cursor), limit + 1)
        found = await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())
        invitations = tuple(decode(Invitation, document) for (document,) in found)
        return Page(invitations[:limit], invitations[limit - 1].id if len(invitations) > limit else None)


def has_invitation(database: Database) -> bool:
    """Whether anybody can have come in by an invitation, or can come in."""
    query = """SELECT EXISTS (SELECT 1 FROM invitations)
        OR EXISTS (SELECT 1 FROM commands WHERE account > 'invitation:' AND account < 'invitation;')"""
    return database.write_now(lambda connection: bool(connection.execute(query).fetchone()[0]))


def mark_demonstration(database: Database) -> None:
    """Note in the database that what is in it is the demonstration."""
    database.write_now(lambda connection: connection.execute("INSERT INTO instance VALUES ('demonstration', 'true')"))


def is_demonstration(database: Database) -> bool:
    """Whether the database was filled with the demonstration, and not by people."""
    query = "SELECT EXISTS (SELECT 1 FROM instance WHERE name = 'demonstration')"
    return database.write_now(lambda connection: bool(connection.execute(query).fetchone()[0]))


def _before(cursor: str | None) -> str:
    """What all ids of a page come before; they are hex, so "g" is after them all."""
    return "g" if cursor is None else parse_id(cursor)


def _below(cursor: str | None) -> int:
    return 2**63 - 1 if cursor is None else parse_position(cursor)


def _market_query(filter_: MarketFilter, cursor: str | None, limit: int) -> tuple[str, Mapping[str, str | int | None]]:
    """The statement whose conditions an index serves, and its parameters; a row's first column is the document."""
    parts = ["SELECT document FROM markets"]
    conditions = ["TRUE"]
    if filter_.tag is not None:
        parts = ["SELECT document FROM market_tags AS listed JOIN markets USING (slug)"]
        conditions.append("listed.tag = :tag")
    if filter_.creator is not None:
        conditions.append("creator = :creator")
    if not filter_.all_drafts:
        conditions.append("(status <> 'DRAFT' OR creator = :viewer)")
    conditions += _STATUS_CONDITIONS[filter_.status]
    age = "listed.created_at" if filter_.tag is not None else "created_at"
    created_at, slug = _parse_cursor(cursor) if cursor is not None else (None, None)
    if cursor is not None:
        conditions.append(f"({age} < :after_time OR ({age} = :after_time AND slug < :after_slug))")
    parts += ["WHERE", " AND ".join(conditions), "ORDER BY", age, "DESC, slug DESC LIMIT :limit"]
    is_all_closed = filter_.status is MarketStatus.CLOSED and filter_.tag is None and filter_.creator is None
    return _CLOSED_MARKETS if is_all_closed else " ".join(parts), {
        "tag": filter_.tag,
        "creator": filter_.creator,
        "viewer": filter_.viewer,
        "status": filter_.status.value if filter_.status else None,
        "now": format_time(filter_.now),
        "after_time": created_at,
        "after_slug": slug,
        "limit": limit,
    }


_STATUS_CONDITIONS: Mapping[MarketStatus | None, Sequence[str]] = {
    None: (),
    **dict.fromkeys(MarketStatus, ("status = :status",)),
    MarketStatus.ACTIVE: ("status = 'ACTIVE'", "(closes_at IS NULL OR closes_at > :now)"),
    MarketStatus.CLOSED: ("status IN ('CLOSED', 'ACTIVE')", "(status = 'CLOSED' OR closes_at <= :now)"),
}


# Those closed by hand or in time come in order; those closed by the clock, which nobody has noticed yet, are few: they
# are sorted and merged in. Before the first page comes what sorts after every time.
_CLOSED_MARKETS = """
    SELECT document, created_at, slug FROM markets
    WHERE status = 'CLOSED' AND (created_at, slug) < (coalesce(:after_time, '~'), coalesce(:after_slug, ''))
    UNION ALL
    SELECT document, created_at, slug FROM markets INDEXED BY markets_by_closing
    WHERE status = 'ACTIVE' AND closes_at <= :now
        AND (created_at, slug) < (coalesce(:after_time, '~'), coalesce(:after_slug, ''))
    ORDER BY created_at DESC, slug DESC LIMIT :limit
"""


def _market_cursor(market: Market) -> str:
    return f"{format_time(market.created_at)} {market.slug}"


def _parse_cursor(cursor: str) -> tuple[str, str]:
    created_at, space, slug = cursor.partition(" ")
    if not space:
        raise InvalidCursorError(cursor)
    return created_at, slug


def _holdings(connection: sqlite3.Connection, account: str) -> Holdings | None:
    row = connection.execute("SELECT document FROM accounts WHERE id = ?", (account,)).fetchone()
    if row is None:
        return None
    query = """
        SELECT positions.document, markets.document, books.document FROM positions
        JOIN markets ON markets.slug = positions.market JOIN books ON books.slug = positions.market
        WHERE positions.account = ? AND positions.is_held ORDER BY positions.market
    """
    held = connection.execute(query, (account,)).fetchall()
    holdings = (
        Holding(decode(Position, position), decode(Market, market), decode(Book, book))
        for position, market, book in held
    )
    return Holdings(decode(Account, row[0]), tuple(holdings))
