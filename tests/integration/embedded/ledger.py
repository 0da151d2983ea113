"""What a database file says about money and trades, read with SQL alone: none of the product's own code."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def reading(database: Path) -> Iterator[sqlite3.Connection]:
    """A connection beside the server's own."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA query_only = ON")
        yield connection


def assert_whole(database: Path) -> None:
    """No money made or lost, every balance is the sum of its journal, versions and sequence numbers have no gaps."""
    with reading(database) as connection:

        def total(query: str) -> int:
            found: int | None = connection.execute(query).fetchone()[0]
            return found or 0

        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        issued = total("SELECT sum(amount) FROM journal WHERE counterparty = 'house'")
        settling = """
            SELECT sum(paid) FROM tallies JOIN books ON market = slug WHERE books.document ->> '$.status' = 'SETTLING'
        """  # a book keeps the pool that it was frozen with until everybody is paid
        pools = total("SELECT sum(pool) FROM books") - total(settling)
        assert total("SELECT sum(balance) FROM accounts") + pools == issued
        wrong_accounts = """
            SELECT id FROM accounts LEFT JOIN journal ON account = id GROUP BY id
            HAVING balance <> sum(amount) OR accounts.seq <> count(*) OR accounts.seq <> max(journal.seq)
        """
        assert connection.execute(wrong_accounts).fetchall() == []
        wrong_books = """
            SELECT slug FROM books LEFT JOIN journal ON market = slug AND trade_version IS NOT NULL GROUP BY slug
            HAVING version <> count(trade_version) OR version <> coalesce(max(trade_version), 0)
        """
        assert connection.execute(wrong_books).fetchall() == []
        twice = """
            SELECT account, document ->> '$.trade.id' AS trade FROM journal WHERE trade IS NOT NULL
            GROUP BY account, trade HAVING count(*) > 1
        """
        assert connection.execute(twice).fetchall() == []


def count_trades(database: Path) -> int:
    """How many trades there are."""
    with reading(database) as connection:
        query = "SELECT count(*) FROM journal WHERE trade_version IS NOT NULL"
        return int(connection.execute(query).fetchone()[0])


def content(database: Path) -> list[str]:
    """Everything in the file except what a server notes about itself."""
    with reading(database) as connection:
        return [line for line in connection.iterdump() if not line.startswith('INSERT INTO "instance"')]


def assert_chained(trades: Iterable[Any]) -> None:
    """The trades of one market, as the API shows them, are numbered without gaps and chained as api.md says."""
    digest = "0" * 64
    chain = sorted(trades, key=lambda trade: trade["version"])
    assert [trade["version"] for trade in chain] == list(range(1, len(chain) + 1))
    for trade in chain:
        document = {name: value for name, value in trade.items() if name != "digest"}
        text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        digest = hashlib.sha256(f"{digest}\n{text}".encode()).hexdigest()
        assert trade["digest"] == digest
