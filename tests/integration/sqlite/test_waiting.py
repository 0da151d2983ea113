"""Decisions that wait for the writer: how many may, and what becomes of those that nobody waits for any more."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from domain.model.kernel.errors import ContentionError
from domain.port.out.store import Outcome, View
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.store import WAITING_LIMIT, SqliteStore
from tests.fakes.clock import FakeClock
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
