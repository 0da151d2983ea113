"""A file that another process keeps locked is contention, and harms nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from domain.model.kernel.errors import ContentionError
from functions.adapter.out.sqlite import database
from functions.adapter.out.sqlite.database import Database
from functions.config.sqlite import sqlite_persistence
from tests.fakes.samples import draft


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep others from writing for a while."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


async def test_saving_to_a_busy_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a new market nor an edited one is saved while the file is locked, whether or not the slug is free."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.01)
    path = tmp_path / "hunch.db"
    with Database.open(path) as opened:
        markets = sqlite_persistence(opened).markets
        read = await markets.save(draft("rain"))
        edited = draft("rain", name="Will it pour?", revision=1)
        with _locked(path):
            with pytest.raises(ContentionError):
                await markets.save(draft("snow"))
            with pytest.raises(ContentionError):
                await markets.save(edited, read)
            assert await markets.find_by_slug("snow") is None
            assert await markets.find_by_slug("rain") == read
        assert await markets.save(edited, read) == edited
        assert await markets.save(draft("snow")) == draft("snow")
