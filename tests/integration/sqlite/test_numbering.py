"""A database of the first release gets the numbers that positions of events are made of.

``data/first-release.sql`` is the dump of a file that the first release (e613b34) wrote: six markets, one of them a
draft, traded, closed, reopened, resolved, voided, half settled, with trades at the very instants of such changes and at
whole seconds.
"""

import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from domain.event.market_events import EventType, MarketChanged, MarketEvent, event_of
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.book import Book
from domain.model.trading.trade import NO_TRADE_DIGEST, trade_digest
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.layout.table import decode
from functions.adapter.out.sqlite.schema import MIGRATIONS

DUMP = Path(__file__).parent / "data" / "first-release.sql"
PUBLISHED = ("fog", "hail", "rain", "snow", "wind")
_CHANGES, _TRADE = EventType, EventType.TRADE
EXPECTED = {
    "fog": [_CHANGES.PUBLISHED, _CHANGES.RESOLVING, _CHANGES.RESOLVED],
    "hail": [_CHANGES.PUBLISHED, _TRADE, _CHANGES.RESOLVING],
    "rain": [
        *(_CHANGES.PUBLISHED, _TRADE, _TRADE, _TRADE, _CHANGES.CLOSED),
        *(_CHANGES.REOPENED, _TRADE, _TRADE, _CHANGES.RESOLVING, _CHANGES.RESOLVED),
    ],
    "snow": [_CHANGES.PUBLISHED, _TRADE, _CHANGES.CLOSED, _CHANGES.RESOLVING, _CHANGES.VOIDED],
    "wind": [_CHANGES.PUBLISHED, *[_TRADE] * 6, _CHANGES.REOPENED, _TRADE],
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file as the first release left it."""
    path = tmp_path / "hunch.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(DUMP.read_text())
        assert connection.execute("PRAGMA user_version").fetchone() == (4,)
    return path


def _documents[R](path: Path, kind: type[R], query: str, *parameters: str) -> list[R]:
    with closing(sqlite3.connect(path)) as connection:
        return [decode(kind, document) for (document,) in connection.execute(query, parameters).fetchall()]


def _entries(path: Path) -> list[JournalEntry]:
    return _documents(path, JournalEntry, "SELECT document FROM journal ORDER BY account, seq")


def _events(path: Path, slug: str) -> list[MarketEvent]:
    """The events of a market by their positions."""
    (book,) = _documents(path, Book, "SELECT document FROM books WHERE slug = ?", slug)
    changes = _documents(path, MarketChanged, "SELECT document FROM lifecycle WHERE market = ?", slug)
    entries = [entry for entry in _entries(path) if entry.market == slug]
    found = [*(event_of(each, book.origin) for each in changes), *(event_of(each, book.origin) for each in entries)]
    return sorted((event for event in found if event), key=lambda event: event.position)


def _open(path: Path) -> None:
    with Database.open(path):
        pass


@pytest.mark.parametrize("slug", PUBLISHED)
def test_positions_have_no_gaps(path: Path, slug: str) -> None:
    """The events of every market are numbered from 1 to its book's position, in the order in which they happened."""
    _open(path)
    events = _events(path, slug)
    (book,) = _documents(path, Book, "SELECT document FROM books WHERE slug = ?", slug)
    assert [event.position for event in events] == list(range(1, book.position + 1))
    assert [event.type for event in events] == EXPECTED[slug]
    assert all(earlier.created_at <= later.created_at for earlier, later in pairwise(events))


def test_digests_are_as_they_were(path: Path) -> None:
    """Trades are not touched, and each chain still ends in its book's head."""
    before = _entries(path)
    _open(path)
    after = _entries(path)
    assert [entry.trade for entry in after] == [entry.trade for entry in before]
    for book in _documents(path, Book, "SELECT document FROM books"):
        trades = [entry.trade for entry in after if entry.trade and entry.market == book.slug]
        head = NO_TRADE_DIGEST
        for trade in sorted(trades, key=lambda trade: trade.version):
            head = trade_digest(head, trade)
            assert head == trade.digest
        assert head == book.head


def test_nothing_else_changes(path: Path) -> None:
    """Entries differ in version and revision alone, which those of a market all have now, equal to their columns."""
    before = _entries(path)
    _open(path)
    after = _entries(path)
    for old, new in zip(before, after, strict=True):
        assert _without_numbers(new) == _without_numbers(old)
        assert (new.version is None, new.revision is None) == (new.market is None, new.market is None)
    query = "SELECT account, seq, revision FROM journal ORDER BY account, seq"
    with closing(sqlite3.connect(path)) as connection:
        columns = connection.execute(query).fetchall()
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert columns == [(entry.account, entry.seq, entry.revision) for entry in after]


def _without_numbers(entry: JournalEntry) -> dict[str, object]:
    document: dict[str, object] = msgspec.to_builtins(entry)
    return {name: value for name, value in document.items() if name not in {"version", "revision"}}


@pytest.mark.parametrize("change", ["UPDATE journal SET document = '{}'", "UPDATE lifecycle SET document = '{}'"])
def test_the_ledger_is_append_only_again(path: Path, change: str) -> None:
    """What the step had to change nobody else can."""
    _open(path)
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(change)


def test_decided_markets_say_how(path: Path) -> None:
    """The records since a decision have it, those before have none; the last has the closing time."""
    _open(path)
    changes = _documents(path, MarketChanged, "SELECT document FROM lifecycle WHERE market = 'rain' ORDER BY revision")
    assert [change.resolution is not None for change in changes] == [False, False, False, False, True, True]
    assert [change.version for change in changes] == [0, 0, 3, 3, 5, 5]
