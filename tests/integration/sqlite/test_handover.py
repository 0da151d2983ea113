"""Work that the writer's thread leaves to the event loop: done once, whoever does it, and never waited for in vain."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from domain.port.out.store import Outcome
from functions.adapter.out.sqlite import handover
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.handover import Handover
from functions.adapter.out.sqlite.store import SqliteStore
from tests.fakes.clock import FakeClock


class Work:
    """Notes in which threads it was done."""

    def __init__(self, failure: BaseException | None = None) -> None:
        self.threads: list[threading.Thread] = []
        self._failure = failure

    def __call__(self) -> None:
        """Do it."""
        self.threads.append(threading.current_thread())
        if self._failure:
            raise self._failure


async def test_the_loop_does_it() -> None:
    """A loop that comes to it does it in its own thread, and whoever handed it over goes on after that."""
    work = Work()
    await asyncio.to_thread(Handover(work).do_in, asyncio.get_running_loop())
    assert work.threads == [threading.current_thread()]


def test_a_closed_loop_is_not_waited_for() -> None:
    """Then the thread does it that wanted it done."""
    loop, work = asyncio.new_event_loop(), Work()
    loop.close()
    Handover(work).do_in(loop)
    assert work.threads == [threading.current_thread()]


async def test_a_loop_that_waits_for_the_writer_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer does it itself, and the loop does not do it once more when it comes."""
    monkeypatch.setattr(handover, "PATIENCE_SECONDS", 0)
    work = Work()
    writer = threading.Thread(target=Handover(work).do_in, args=(asyncio.get_running_loop(),))
    writer.start()
    writer.join()
    await asyncio.sleep(0)
    assert work.threads == [writer]


async def test_failures_are_the_writers() -> None:
    """What the work raises in the loop is raised where it was handed over, and not in the loop."""
    work = Work(ValueError("it cannot be done"))
    with pytest.raises(ValueError, match="cannot be done"):
        await asyncio.to_thread(Handover(work).do_in, asyncio.get_running_loop())
    assert work.threads == [threading.current_thread()]


class Signal(BaseException):
    """What a signal raises, wherever its thread is."""


class SignalledLoop:
    """A loop that a signal gets into."""

    def call_soon_threadsafe(self, callback: Callable[[], None]) -> None:
        """Call back at once, as far as it goes."""
        with pytest.raises(Signal):
            callback()


def test_what_was_broken_off_is_not_taken_for_done() -> None:
    """Half of a batch must not be committed."""
    work = Work(Signal())
    with pytest.raises(RuntimeError, match="broken off"):
        Handover(work).do_in(cast("asyncio.AbstractEventLoop", SignalledLoop()))
    assert len(work.threads) == 1


async def test_decisions_are_taken_by_the_loop(tmp_path: Path) -> None:
    """The writer's thread does not compute beside it; a store that is closed before the loop comes still decides."""
    taken: list[threading.Thread] = []

    def decide(*_: object) -> Outcome[None]:
        taken.append(threading.current_thread())
        return Outcome(None)

    with Database.open(tmp_path / "hunch.db") as database:
        store = SqliteStore(database, FakeClock())
        await store.transact((), decide)
        assert taken == [threading.current_thread()]
        late = asyncio.ensure_future(store.transact((), decide))
        await asyncio.sleep(0)
    await late
    assert len(taken) == 2
