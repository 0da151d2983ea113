import functools
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from domain.port.out.store import Insert
from functions.adapter.out.sqlite import rows
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.schema import MIGRATIONS
from functions.adapter.out.sqlite.words import renew_words
from tests.fakes.samples import RECORDS


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a database that holds one record of each kind."""
    path = tmp_path / "hunch.db"
    with Database.open(path) as database:
        for record in RECORDS:
            assert database.write_now(functools.partial(rows.apply_change, change=Insert(record)))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


def test_every_table_is_strict(connection: sqlite3.Connection) -> None:
    """No column takes a value of another type than its own."""
    query = "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    tables = connection.execute(query).fetchall()
    assert len(tables) >= len(RECORDS)
    assert [name for name, strict in tables if not strict] == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal SET document = '{}'",
        "DELETE FROM journal",
        "UPDATE lifecycle SET document = '{}'",
        "DELETE FROM lifecycle",
    ],
)
def test_what_was_recorded_stays(connection: sqlite3.Connection, change: str) -> None:
    """The journal and the lifecycle records can be added to; a row that is there is neither changed nor removed."""
    before = list(connection.iterdump())
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(change)
    assert list(connection.iterdump()) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts SET balance = -1",
        "UPDATE books SET pool = -1",
        "UPDATE tallies SET paid = -1",
        "UPDATE invitations SET used = 31",
        "UPDATE accounts SET balance = 'much'",
        "UPDATE accounts SET document = NULL",
        "UPDATE books SET slug = 'nowhere'",
        "DELETE FROM markets",
        "DELETE FROM accounts",
        "UPDATE positions SET account = 'nobody'",
        "INSERT INTO journal SELECT account, seq, counterparty, amount, market, 1, document, revision FROM journal",
        "INSERT INTO lifecycle SELECT * FROM lifecycle",
    ],
)
def test_what_may_never_be_is_refused_by_the_file_itself(connection: sqlite3.Connection, statement: str) -> None:
    """No negative balance, pool or payment, no value of another type, no reference to nothing, no number twice."""
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_market_has_one_trade_of_each_version(connection: sqlite3.Connection) -> None:
    """Whatever account it is of, a second trade with the same number is refused."""
    insert = "INSERT INTO journal VALUES ('ann', ?, 'market:rain', 0, 'rain', ?, '{}', 1)"
    connection.execute(insert, (2, 1))
    connection.execute(insert, (3, 2))
    with pytest.raises(sqlite3.IntegrityError, match="trade_version"):
        connection.execute(insert, (4, 2))


def test_words_are_written_anew(connection: sqlite3.Connection, tmp_path: Path) -> None:
    """A file of a release that compared words otherwise finds its markets by the words of this one."""
    usual = connection.execute("SELECT slug, words FROM markets").fetchall()
    assert all(words for _, words in usual)
    connection.execute("UPDATE markets SET words = ' stale'")
    connection.execute(f"PRAGMA user_version = {MIGRATIONS.index(renew_words)}")
    connection.commit()
    with Database.open(tmp_path / "hunch.db"):
        assert connection.execute("SELECT slug, words FROM markets").fetchall() == usual
