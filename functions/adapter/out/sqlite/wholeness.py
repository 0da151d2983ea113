"""Whether a file is whole: its pages, every balance beside the ledger, and the digests that chain the trades."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from domain.model.kernel.notation import format_micros
from domain.model.trading.market import FINAL
from domain.model.trading.trade import NO_TRADE_DIGEST, Trade, trade_digest
from functions.adapter.out.sqlite.finders.ledger import read_audit
from functions.adapter.out.sqlite.layout.table import decode

type GoesOn = Callable[[], bool]
"""Is asked many times a second whether to go on."""

_STEP = 50_000
"""Instructions of SQLite's machine between two questions: a few milliseconds."""
_NAMED = 3

_ACCOUNTS = """SELECT id, balance, accounts.document ->> '$.balance.amount', accounts.seq, count(journal.seq),
    coalesce(max(journal.seq), 0), exact_sum(amount)
    FROM accounts LEFT JOIN journal ON account = id GROUP BY id"""
_BOOKS = """SELECT slug, pool, books.document ->> '$.pool.amount', books.document ->> '$.subsidy.amount',
    books.document ->> '$.status', books.version, count(trade_version), coalesce(max(trade_version), 0),
    exact_sum(amount)
    FROM books LEFT JOIN journal ON market = slug AND trade_version IS NOT NULL GROUP BY slug"""
_TRADES = """SELECT market, trade_version, document -> '$.trade' FROM journal WHERE trade_version IS NOT NULL
    ORDER BY market, trade_version"""
_FINAL = {status.value for status in FINAL}


class DamagedError(Exception):
    """What is stored contradicts itself; the message says where."""


class Extent(NamedTuple):
    """How much a file holds."""

    accounts: int
    markets: int
    trades: int


def require_whole(
    connection: sqlite3.Connection, goes_on: GoesOn = lambda: True, *, with_digests: bool = False
) -> bool:
    """Look at everything as of one instant: the pages first, then the balances, then the digests.

    Args:
        connection: to a file of Hunch's, of this release or an earlier one.
        goes_on: asked again and again; when it says no, the rest is not looked at.
        with_digests: whether the digest of every trade is computed anew, some 30 microseconds each.

    Returns:
        Whether everything was looked at.

    Raises:
        DamagedError: the file contradicts itself.
        sqlite3.Error: it cannot be read.
    """
    connection.create_aggregate("exact_sum", 1, _ExactSum)
    connection.set_progress_handler(lambda: not goes_on(), _STEP)
    try:
        with naming_damage():
            connection.execute("BEGIN")
            _require_pages(connection)
            _require_balances(connection)
            if with_digests:
                _require_digests(connection)
    except sqlite3.OperationalError as error:
        if _code(error) == sqlite3.SQLITE_INTERRUPT:
            return False
        raise
    finally:
        connection.set_progress_handler(None, 0)
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return True


@contextmanager
def naming_damage() -> Iterator[None]:
    """Call it damage when SQLite finds in a file of Hunch's what cannot be there, or misses what must be.

    Raises:
        DamagedError: it did.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        if _code(error) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR}:
            raise DamagedError(str(error)) from error
        raise


def measure(connection: sqlite3.Connection) -> Extent:
    """How much the file holds."""
    query = """SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM books),
        (SELECT count(*) FROM journal WHERE trade_version IS NOT NULL)"""
    return Extent(*connection.execute(query).fetchone())


def _code(error: sqlite3.Error) -> int:
    """SQLite's code of an error without its finer kind."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def _require_pages(connection: sqlite3.Connection) -> None:
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise DamagedError(str(found).splitlines()[-1])


def _require_balances(connection: sqlite3.Connection) -> None:
    wrong = sorted([*_wrong_accounts(connection), *_wrong_books(connection)])
    if wrong:
        more = f" and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
        raise DamagedError(f"the ledger does not add up to what is stored for {', '.join(wrong[:_NAMED])}{more}")
    difference = read_audit(connection, datetime.now(UTC)).difference.amount
    if difference:
        raise DamagedError(f"the books do not balance: the difference is {format_micros(difference)}")


def _wrong_accounts(connection: sqlite3.Connection) -> Iterator[str]:
    """The accounts whose balance or number of entries is not the journal's."""
    for id_, balance, documented, seq, count, last, sum_ in connection.execute(_ACCOUNTS):
        if not (balance == documented == int(sum_) and seq == count == last):
            yield id_


def _wrong_books(connection: sqlite3.Connection) -> Iterator[str]:
    """The books whose pool or number of trades is not the journal's; the pool of a final market is empty."""
    for slug, pool, documented, subsidy, status, version, count, last, paid in connection.execute(_BOOKS):
        due = 0 if status in _FINAL else subsidy - int(paid)
        if not (pool == documented == due and version == count == last):
            yield f"the market {slug}"


class _ExactSum:
    """A sum that may exceed 64 bits, as text."""

    def __init__(self) -> None:
        self._sum = 0

    def step(self, amount: int | None, /) -> None:
        """Add an amount."""
        self._sum += amount or 0

    def finalize(self) -> Any:  # noqa: ANN401 - typeshed knows no aggregate but of 64 bits
        """The sum."""
        return str(self._sum)


def _require_digests(connection: sqlite3.Connection) -> None:
    """Compute the digest of every trade anew."""
    slug, head = None, NO_TRADE_DIGEST
    for market, version, document in connection.execute(_TRADES):
        if market != slug:
            slug, head = market, NO_TRADE_DIGEST
        try:
            trade = decode(Trade, document)
        except (msgspec.DecodeError, TypeError) as error:
            raise DamagedError(f"trade {version} of the market {market} cannot be read") from error
        head = trade_digest(head, trade)
        if head != trade.digest:
            raise DamagedError(f"trade {version} of the market {market} does not carry the digest of what it says")
