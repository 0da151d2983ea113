"""Finding markets, books and positions over SQLite."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.model.kernel.notation import format_time
from domain.model.ledger.account import Account
from domain.model.trading.book import Book
from domain.model.trading.market import Market, MarketStatus
from domain.model.trading.position import Position
from domain.port.out.paging import Page
from domain.port.out.trading import Holding, Holdings, MarketFilter
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.layout.table import decode, encode
from functions.adapter.out.time_cursor import parse_time_position, time_position


class SqliteMarkets:
    """The MarketRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_all(self, filter_: MarketFilter, limit: int, cursor: str | None = None) -> Page[Market]:
        """Markets, newest first."""
        query, parameters = _market_query(filter_, cursor, limit + 1)
        found = await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())
        markets = tuple(decode(Market, document) for document, *_ in found)
        return Page(markets[:limit], _market_cursor(markets[limit - 1]) if len(markets) > limit else None)

    async def find_closing(self, now: datetime, limit: int, cursor: str | None = None) -> Page[Market]:
        """Markets that take orders, the soonest to close first."""
        closes_at, slug = parse_time_position(cursor) if cursor is not None else (format_time(now), "~")
        query = """SELECT document FROM markets WHERE status = 'ACTIVE' AND closes_at > :now
            AND (closes_at, slug) > (:closes_at, :slug) ORDER BY closes_at, slug LIMIT :limit"""
        parameters = {"now": format_time(now), "closes_at": closes_at, "slug": slug, "limit": limit + 1}
        found = await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())
        markets = tuple(decode(Market, document) for (document,) in found)
        more = len(markets) > limit
        return Page(markets[:limit], _closing_cursor(markets[limit - 1]) if more else None)

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

    async def find_largest(self, slug: str, outcome: int, limit: int) -> Sequence[Position]:
        """The positions with the most shares of an outcome."""
        query = """SELECT document, document ->> :path AS quantity FROM positions
            WHERE market = :market AND is_held AND quantity > 0 ORDER BY quantity DESC, account LIMIT :limit"""
        parameters = {"market": slug, "path": f"$.quantities[{outcome}]", "limit": limit}
        found = await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())
        return [decode(Position, document) for document, _ in found]


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
    conditions += [f"instr(words, :word{place})" for place in range(len(filter_.words))]
    conditions += _STATUS_CONDITIONS[filter_.status]
    age = "listed.created_at" if filter_.tag is not None else "created_at"
    created_at, slug = parse_time_position(cursor) if cursor is not None else (None, None)
    if cursor is not None:
        conditions.append(f"({age} < :after_time OR ({age} = :after_time AND slug < :after_slug))")
    parts += ["WHERE", " AND ".join(conditions), "ORDER BY", age, "DESC, slug DESC LIMIT :limit"]
    is_alone = filter_.tag is None and filter_.creator is None and not filter_.words
    is_all_closed = filter_.status is MarketStatus.CLOSED and is_alone
    return _CLOSED_MARKETS if is_all_closed else " ".join(parts), {
        "tag": filter_.tag,
        "creator": filter_.creator,
        "viewer": filter_.viewer,
        "status": filter_.status.value if filter_.status else None,
        "now": format_time(filter_.now),
        "after_time": created_at,
        "after_slug": slug,
        "limit": limit,
        **{f"word{place}": f" {word}" for place, word in enumerate(filter_.words)},
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


def _closing_cursor(market: Market) -> str:
    return time_position(market.closes_at or market.created_at, market.slug)


def _market_cursor(market: Market) -> str:
    return time_position(market.created_at, market.slug)


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
