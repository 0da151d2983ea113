"""Decisions that wait for the writer: how many may, and what becomes of those that nobody waits for any more."""

import asyncio
import functools
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest

from domain.model.kernel.errors import ContentionError
from domain.model.kernel.record import key_of
from domain.port.out.store import Change, Insert, Outcome, View
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.store import WAITING_LIMIT, SqliteStore
from tests.fakes.clock import FakeClock
from tests.fakes.samples import ANN
from tests.integration.sqlite.test_database import Gate


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An open database with nothing in it."""
    with Database.open(tmp_path / "hunch.db") as opened:
        yield opened


class Decisions:
    """Decisions that only note that they were taken."""

    def __init__(self, database: Database) -> None:
        self.taken: list[int] = []
        self._store = SqliteStore(database, FakeClock())

    async def take(self, number: int) -> int:
        """Have a decision taken, and answer with its number."""

        def decide(_: View, __: datetime) -> Outcome[int]:
            self.taken.append(number)
            return Outcome(number)

        return await self._store.transact((), decide)


async def test_a_long_queue_refuses_at_once(database: Database) -> None:
    """As many as may wait are answered in their order; the others are told to come back before anybody is served."""
    gate, decisions = Gate(database), Decisions(database)
    await gate.closed()
    waiting = [asyncio.ensure_future(decisions.take(number)) for number in range(WAITING_LIMIT + 3)]
    refused, _ = await asyncio.wait(waiting[WAITING_LIMIT:], timeout=5)
    assert [type(task.exception()) for task in refused] == [ContentionError] * 3
    assert not decisions.taken
    await gate.open()
    assert await asyncio.gather(*waiting[:WAITING_LIMIT]) == list(range(WAITING_LIMIT))
    assert decisions.taken == list(range(WAITING_LIMIT))
    assert await decisions.take(-1) == -1


async def test_a_decision_that_nobody_waits_for_is_not_taken(database: Database) -> None:
    """Its place in the queue is passed over, and those around it are taken."""
    gate, decisions = Gate(database), Decisions(database)
    await gate.closed()
    waiting = [asyncio.ensure_future(decisions.take(number)) for number in range(4)]
    await asyncio.sleep(0)
    waiting[1].cancel()
    await asyncio.sleep(0)
    await gate.open()
    assert await asyncio.gather(*(task for task in waiting if task is not waiting[1])) == [0, 2, 3]
    assert decisions.taken == [0, 2, 3]


class LostAnswers(sqlite3.Connection):
    """A connection whose next commits happen, and say that they failed."""

    losing: ClassVar[int] = 0

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        done = super().execute(sql, *parameters)
        if sql == "COMMIT" and LostAnswers.losing:
            LostAnswers.losing -= 1
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
            raise error
        return done


async def test_what_may_have_been_committed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The decision that is taken again finds everything done and changes nothing: it has nothing to tell."""
    monkeypatch.setattr(sqlite3, "connect", functools.partial(sqlite3.connect, factory=LostAnswers))
    told: list[Change] = []

    def decide(view: View, _: datetime) -> Outcome[bool]:
        is_new = view.get(key_of(ANN)) is None
        return Outcome(is_new, (Insert(ANN),) if is_new else ())

    with Database.open(tmp_path / "hunch.db") as database:
        monkeypatch.setattr(LostAnswers, "losing", 1)
        assert not await SqliteStore(database, FakeClock(), told.extend).transact((), decide)
    assert told == [Insert(ANN)]
