import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from functions.adapter.out.sqlite.wholeness import DamagedError, Extent, measure, require_whole
from tests.integration.sqlite.lived_in import TRADES, live, spoil
from tests.integration.sqlite.test_numbering import DUMP


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole database, for all tests to copy."""
    path = tmp_path_factory.mktemp("whole") / "hunch.db"
    live(path)
    return path


@pytest.fixture
def path(lived_in: Path, tmp_path: Path) -> Path:
    """A copy of it to spoil."""
    return Path(shutil.copy(lived_in, tmp_path / "hunch.db"))


def look(path: Path, *, with_digests: bool = True) -> bool:
    """What the check says."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return require_whole(connection, with_digests=with_digests)


def test_what_people_lived_in_is_whole(path: Path) -> None:
    """Open, half settled, resolved and voided markets contradict nothing, nor does a file of the first release."""
    assert look(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert measure(connection) == Extent(accounts=4, markets=4, trades=TRADES)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(DUMP.read_text())
        assert require_whole(connection, with_digests=True)


UNLOCK = ("DROP TRIGGER journal_is_never_changed", "DROP TRIGGER journal_is_never_shortened")
PAID = """UPDATE {} SET document = json_set(document, '$.{}.amount', document ->> '$.{}.amount' - 1) WHERE {}"""


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        (["UPDATE accounts SET balance = balance + 1 WHERE id = 'ben'"], "what is stored for ben$"),
        ([PAID.format("accounts", "balance", "balance", "id = 'cem'")], "what is stored for cem$"),
        (["UPDATE accounts SET seq = seq + 1 WHERE id = 'ann'"], "what is stored for ann$"),
        (["UPDATE books SET pool = pool - 1 WHERE slug = 'open'"], "what is stored for the market open$"),
        ([PAID.format("books", "pool", "pool", "slug = 'open'")], "what is stored for the market open$"),
        (["UPDATE books SET version = version + 1 WHERE slug = 'voided'"], "for the market voided$"),
        (["UPDATE books SET version = version + 1"], "the market open, the market resolved, .* and 1 more$"),
        ([*UNLOCK, "DELETE FROM journal WHERE account = 'ben' AND seq = 3"], "what is stored for ben, "),
        ([*UNLOCK, "UPDATE journal SET counterparty = 'home' WHERE account = 'ben' AND seq = 1"], "-1000.000000$"),
        (["DROP TABLE tallies"], "no such table"),
    ],
    ids=lambda value: value[-1][:40] if isinstance(value, list) else "",
)
def test_a_balance_that_the_ledger_contradicts_is_named(path: Path, statements: list[str], message: str) -> None:
    """Too much, too little, an entry that is gone or twice: the check says whose it is."""
    spoil(path, *statements)
    with pytest.raises(DamagedError, match=message):
        look(path, with_digests=False)


@pytest.mark.parametrize("member", ["outcome", "id", "digest"])
def test_a_trade_that_says_something_else_is_named(path: Path, member: str) -> None:
    """What the balances do not show, the digests do."""
    forged = "UPDATE journal SET document = json_set(document, '$.trade.{}', 'x') WHERE market = 'voided' AND {}"
    spoil(path, *UNLOCK, forged.format(member, "trade_version = 2"))
    assert look(path, with_digests=False)
    with pytest.raises(DamagedError, match="trade 2 of the market voided does not carry the digest"):
        look(path)


def test_a_trade_that_cannot_be_read_is_named(path: Path) -> None:
    """No trade at all is no crash."""
    spoil(path, *UNLOCK, "UPDATE journal SET document = json_remove(document, '$.trade') WHERE trade_version = 1")
    with pytest.raises(DamagedError, match="trade 1 of the market open cannot be read"):
        look(path)


def test_a_damaged_page_is_found(path: Path) -> None:
    """Bytes that no disk should have changed."""
    content = bytearray(path.read_bytes())
    content[4096 * 12 : 4096 * 12 + 64] = b"\xff" * 64
    path.write_bytes(content)
    with pytest.raises(DamagedError):
        look(path)


def test_it_ends_when_it_is_told_to(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has no more time gets no answer, and the connection is good for more."""
    monkeypatch.setattr("functions.adapter.out.sqlite.wholeness._STEP", 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert not require_whole(connection, lambda: False)
        assert require_whole(connection)
