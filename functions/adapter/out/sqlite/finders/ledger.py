"""Finding entries and trades, and auditing them, over SQLite."""

from collections.abc import Sequence
from datetime import datetime
from sqlite3 import Connection

from domain.model.kernel.money import Money
from domain.model.kernel.record import Key, key_for
from domain.model.ledger.account import Account
from domain.model.ledger.audit import Audit
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.book import Book
from domain.model.trading.trade import Trade
from domain.port.out.paging import Page, parse_position
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.layout.table import decode

_WALKED = 200
"""How many balances a page of the audit's walk names."""

_HALF = 20
"""Sums are taken of the amounts' upper parts and of their lower 20 bits: SQLite adds in 64 bits, and the sum of all
amounts may exceed them where no single one does."""

_AUDIT_QUERY = f"""SELECT
    (SELECT coalesce(sum(amount >> {_HALF}), 0) FROM journal WHERE counterparty = 'house'),
    (SELECT coalesce(sum(amount & {2**_HALF - 1}), 0) FROM journal WHERE counterparty = 'house'),
    (SELECT coalesce(sum((document ->> '$.balance.amount') >> {_HALF}), 0) FROM accounts),
    (SELECT coalesce(sum((document ->> '$.balance.amount') & {2**_HALF - 1}), 0) FROM accounts),
    (SELECT coalesce(sum((document ->> '$.pool.amount') >> {_HALF}), 0) FROM books),
    (SELECT coalesce(sum((document ->> '$.pool.amount') & {2**_HALF - 1}), 0) FROM books),
    (SELECT coalesce(sum(paid >> {_HALF}), 0) FROM markets JOIN tallies ON market = slug WHERE status = 'SETTLING'),
    (SELECT coalesce(sum(paid & {2**_HALF - 1}), 0)
        FROM markets JOIN tallies ON market = slug WHERE status = 'SETTLING')"""  # noqa: S608 - of numbers of ours
"""The house is spelled out, since its entries have an index of their own that SQLite would not use for a parameter."""


def read_audit(connection: Connection, now: datetime) -> Audit:
    """What the books add up to at this very moment; a book's pool stands still while it is paid out."""
    sums = connection.execute(_AUDIT_QUERY).fetchone()
    issued, balances, pools, paid = (
        (upper << _HALF) + lower for upper, lower in zip(sums[::2], sums[1::2], strict=True)
    )
    return Audit(Money(issued), Money(balances), Money(pools - paid), now)


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


class SqliteAudits:
    """The AuditRepository: one query sees everything at one instant."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_audit(self, now: datetime) -> Audit:
        """What the books add up to at this very moment."""
        return await self._database.read(lambda connection: read_audit(connection, now))

    async def prepare_walk(self, now: datetime, until: float) -> None:
        """Nothing is to be done: there is one way."""

    async def find_balances(self, cursor: str | None = None) -> Page[Key[Account] | Key[Book]]:
        """The keys of some accounts and, once these are all named, of some books."""
        table, _, after = (cursor or "accounts ").partition(" ")
        if table == "accounts":
            names = await self._names("SELECT id FROM accounts WHERE id > ? ORDER BY id LIMIT ?", after)
            following = f"accounts {names[-1]}" if len(names) == _WALKED else "books "
            return Page(tuple(key_for(Account, name) for name in names), following)
        slugs = await self._names("SELECT slug FROM books WHERE slug > ? ORDER BY slug LIMIT ?", after)
        return Page(
            tuple(key_for(Book, slug) for slug in slugs), f"books {slugs[-1]}" if len(slugs) == _WALKED else None
        )

    async def _names(self, query: str, after: str) -> list[str]:
        found = await self._database.read(lambda connection: connection.execute(query, (after, _WALKED)).fetchall())
        return [name for (name,) in found]


def _below(cursor: str | None) -> int:
    return 2**63 - 1 if cursor is None else parse_position(cursor)
