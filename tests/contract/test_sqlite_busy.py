"""A file that another process keeps locked is trouble that passes, and harms nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from domain.model.kernel.errors import DegradedError
from domain.model.kernel.record import key_for, key_of
from domain.model.trading.market import Market
from domain.port.out.store import Change, Decide, Insert, Outcome, Replace, View
from domain.port.out.unit_of_work import Committed, ConditionFailed
from functions.adapter.out.sqlite import writer
from functions.adapter.out.sqlite.database import Database
from functions.config.sqlite import sqlite_persistence
from tests.fakes.clock import FakeClock, SeededRandom
from tests.fakes.samples import draft

EDITED = draft("rain", name="Will it pour?", revision=1)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep others from writing for a while."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def _saving(market: Market) -> Decide[str]:
    """Put a market where it belongs."""

    def decide(view: View, _: datetime) -> Outcome[str]:
        read = view.get(key_of(market))
        change: Change = Insert(market) if read is None else Replace(market, read)
        return Outcome(market.name, (change,))

    return decide


async def test_a_busy_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a decision nor a conditional write is committed while the file is locked; both are once it is free."""
    monkeypatch.setattr(writer, "BUSY_SECONDS", 0.01)
    path = tmp_path / "hunch.db"
    rain, snow = key_for(Market, "rain"), key_for(Market, "snow")
    with Database.open(path) as opened:
        persistence = sqlite_persistence(opened)
        store = persistence.store(FakeClock(), SeededRandom())
        await store.transact((rain,), _saving(draft("rain")))
        wanted = (Insert(draft("hail")), Replace(EDITED, draft("rain")))
        with _locked(path):
            for market in (draft("snow"), EDITED):
                with pytest.raises(DegradedError):
                    await store.transact((key_of(market),), _saving(market))
            assert await persistence.unit_of_work.commit(wanted) == ConditionFailed(wanted)
            found = await store.read(rain, snow, key_for(Market, "hail"))
            assert list(found.found.values()) == [draft("rain"), None, None]
        assert await persistence.unit_of_work.commit(wanted) == Committed()
        await store.transact((snow,), _saving(draft("snow")))
        found = await store.read(rain, snow)
        assert list(found.found.values()) == [EDITED, draft("snow")]
