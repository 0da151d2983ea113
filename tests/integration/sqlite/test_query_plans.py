import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from typing import Any

import pytest

from domain.model.trading.market import MarketStatus
from domain.port.out.trading import MarketFilter
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.finders.ledger import _AUDIT_QUERY
from functions.adapter.out.sqlite.finders.trading import _market_query
from tests.fakes.clock import START

CURSOR = "2026-01-01T00:00:00.000000Z#rain"


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A connection to an empty database."""
    path = tmp_path_factory.mktemp("plans") / "hunch.db"
    with Database.open(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        yield connection


def plan(connection: sqlite3.Connection, query: str, parameters: Any) -> list[str]:
    """The steps by which SQLite would answer."""
    return [step for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {query}", parameters)]


def scans(steps: list[str]) -> list[str]:
    """The steps that visit a whole table."""
    return [step for step in steps if step.startswith("SCAN") and "INDEX" not in step]


@pytest.mark.parametrize("status", [None, *MarketStatus])
@pytest.mark.parametrize("narrowed", [{}, {"tag": "weather"}, {"creator": "ann"}], ids=["all", "tag", "creator"])
@pytest.mark.parametrize("viewer", [{}, {"viewer": "ann"}, {"all_drafts": True}], ids=["anyone", "viewer", "admin"])
@pytest.mark.parametrize("cursor", [None, CURSOR], ids=["first", "next"])
def test_lists_of_markets_follow_an_index(
    connection: sqlite3.Connection,
    status: MarketStatus | None,
    narrowed: dict[str, Any],
    viewer: dict[str, Any],
    cursor: str | None,
) -> None:
    """Every filter is served by an index, and in its order; what the clock alone has closed is merged into it."""
    query, parameters = _market_query(MarketFilter(START, status, **narrowed, **viewer), cursor, 21)
    steps = plan(connection, query, parameters)
    assert scans(steps) == []
    sorted_after = [before for before, step in pairwise(steps) if step.startswith("USE TEMP")]
    assert set(sorted_after) <= {"SEARCH markets USING INDEX markets_by_closing (status=? AND closes_at<?)"}


def test_a_status_that_is_stored_is_searched_for(connection: sqlite3.Connection) -> None:
    """Markets of one stored status are found without visiting those of another."""
    query, parameters = _market_query(MarketFilter(START, MarketStatus.RESOLVED), None, 21)
    (step,) = plan(connection, query, parameters)
    assert step.startswith("SEARCH markets USING INDEX markets_by_status (status=?")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT slug FROM markets WHERE status = 'ACTIVE' AND closes_at <= ? ORDER BY closes_at LIMIT ?",
        "SELECT account FROM positions WHERE market = ? AND shard = 1 AND account > ? ORDER BY account LIMIT 9",
        "SELECT document FROM journal WHERE market = ? AND trade_version < ? ORDER BY trade_version DESC LIMIT 9",
        "SELECT document FROM api_keys WHERE account = ? AND id < ? ORDER BY id DESC LIMIT 9",
        "SELECT document FROM invitations WHERE id < ? AND id > ? ORDER BY id DESC LIMIT 9",
    ],
)
def test_other_finders_follow_an_index(connection: sqlite3.Connection, query: str) -> None:
    """What is looked for by something else than its key has an index of its own."""
    steps = plan(connection, query, ("a", "b"))
    assert scans(steps) == []
    assert steps[0].startswith("SEARCH")


def test_the_audit_reads_no_journal_entry_itself(connection: sqlite3.Connection) -> None:
    """What the house issued is in an index, and in that of its own entries alone, amounts and all."""
    steps = {step for step in plan(connection, _AUDIT_QUERY, ()) if "journal" in step}
    assert steps == {"SEARCH journal USING COVERING INDEX issued (counterparty=?)"}
