"""The migration that gives the records of the first release what positions of events are made of.

Every change of a book raises its version or its revision by one, and its position is version + revision - origin. The
first release stored neither number in the ledger. Both are computed: trades have their version, changes of the market
their revision, and what came between them follows from the times of one machine's clock, at which a trade is only ever
found while the market is open. Digests cover the trade alone and stay as they are.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

type _Change = tuple[int, dict[str, Any]]
"""A change of a market: its revision, and its document."""

_LIFECYCLE_TRIGGERS = ("lifecycle_is_never_changed", "lifecycle", "the lifecycle records are append-only")
_JOURNAL_TRIGGERS = ("journal_is_never_changed", "journal", "the journal is append-only")
_TYPES = {"CLOSED": "market.closed", "SETTLING": "market.resolving", "RESOLVED": "market.resolved"}
_DECIDED = frozenset({"SETTLING", "RESOLVED", "VOIDED"})


class _Market(NamedTuple):
    """What is known of a published market.

    Args:
        slug: its slug.
        document: of the market.
        changes: those since its publication, by revision.
    """

    slug: str
    document: dict[str, Any]
    changes: Sequence[_Change]


def number_events(connection: sqlite3.Connection) -> None:
    """Add version and revision to every record of the ledger that belongs to a market, and the origin to its book."""
    connection.execute("ALTER TABLE journal ADD COLUMN revision INTEGER")
    connection.execute("ALTER TABLE lifecycle ADD COLUMN version INTEGER NOT NULL DEFAULT 0")
    for name, _, _ in (_LIFECYCLE_TRIGGERS, _JOURNAL_TRIGGERS):
        connection.execute(f"DROP TRIGGER {name}")
    for market in _published(connection):
        _number(connection, market)
    for name, table, message in (_LIFECYCLE_TRIGGERS, _JOURNAL_TRIGGERS):
        connection.execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )


def _published(connection: sqlite3.Connection) -> Iterable[_Market]:
    query = "SELECT slug, markets.document FROM markets JOIN books USING (slug)"
    for slug, document in connection.execute(query).fetchall():
        rows = connection.execute(
            "SELECT revision, document FROM lifecycle WHERE market = ? ORDER BY revision", (slug,)
        ).fetchall()
        changes = [(revision, json.loads(text)) for revision, text in rows]
        yield _Market(slug, json.loads(document), [each for each in changes if each[1]["status"] != "DRAFT"])


def _number(connection: sqlite3.Connection, market: _Market) -> None:
    first = market.changes[0][0]
    connection.execute(
        "UPDATE books SET document = json_set(document, '$.origin', ?) WHERE slug = ?", (first - 1, market.slug)
    )
    for change, following in zip(market.changes, [*market.changes[1:], None], strict=True):
        _number_entries(connection, market.slug, change, following)
        _number_change(connection, market, change)


def _number_entries(connection: sqlite3.Connection, slug: str, change: _Change, following: _Change | None) -> None:
    """The entries between two changes have the revision of the first; a change's own entry is of its instant."""
    revision, document = change
    bounds: dict[str, Any] = {
        "slug": slug,
        "revision": revision,
        "start": document["occurred_at"].rstrip("Z"),
        "end": following[1]["occurred_at"].rstrip("Z") if following else "~",
        "is_open": document["status"] == "ACTIVE",
        "ends_open": following is None or following[1]["status"] == "ACTIVE",
    }
    # Without its Z a time without a fraction sorts before those of the same second that have one.
    # A trade at the very instant of a change came before it where the change ends trading, and after it otherwise.
    connection.execute(
        """UPDATE journal SET revision = :revision, document = json_set(document, '$.revision', :revision,
            '$.version', trade_version)
        WHERE market = :slug AND trade_version IS NOT NULL AND :is_open
            AND rtrim(document ->> '$.created_at', 'Z') >= :start
            AND (rtrim(document ->> '$.created_at', 'Z') < :end
                OR (NOT :ends_open AND rtrim(document ->> '$.created_at', 'Z') = :end))
            AND revision IS NULL""",
        bounds,
    )
    connection.execute(
        """UPDATE journal SET revision = :revision, document = json_set(document, '$.revision', :revision, '$.version',
            (SELECT count(*) FROM journal AS trades WHERE trades.market = :slug AND trades.trade_version IS NOT NULL
                AND trades.revision <= :revision))
        WHERE market = :slug AND trade_version IS NULL AND rtrim(document ->> '$.created_at', 'Z') >= :start
            AND rtrim(document ->> '$.created_at', 'Z') < :end AND revision IS NULL""",
        bounds,
    )


def _number_change(connection: sqlite3.Connection, market: _Market, change: _Change) -> None:
    revision, document = change
    (version,) = connection.execute(
        "SELECT count(*) FROM journal WHERE market = ? AND trade_version IS NOT NULL AND revision < ?",
        (market.slug, revision),
    ).fetchone()
    is_last, status = change is market.changes[-1], document["status"]
    document |= {
        "version": version,
        "type": _type(market, change),
        "closes_at": market.document["closes_at"] if is_last else document.get("closes_at"),
        "resolution": market.document["resolution"] if status in _DECIDED else None,
        "clarification": None,
    }
    connection.execute(
        "UPDATE lifecycle SET version = ?, document = ? WHERE market = ? AND revision = ?",
        (version, json.dumps(document, separators=(",", ":"), ensure_ascii=False), market.slug, revision),
    )


def _type(market: _Market, change: _Change) -> str:
    status = change[1]["status"]
    if status == "ACTIVE":
        return "market.published" if change is market.changes[0] else "market.reopened"
    return "market.voided" if status == "VOIDED" else _TYPES[status]
