"""One environment serves many invocations, and is after them what it was before."""

import asyncio
import gc
import logging
import threading
from pathlib import Path

import pytest

from functions.adapter.in_.lambda_ import event_handler
from functions.adapter.in_.lambda_.observability import LOGGER
from tests.integration.events.conftest import Cloud, Metrics
from tests.integration.events.shapes import (
    Handler,
    context,
    deliver,
    queue_record,
    ring_record,
    schedule_event,
    stream_record,
)
from tests.integration.events.test_dispatch_ledger import decided
from tests.integration.events.test_settle_positions import decide

ROUNDS = 6


def invoke_all(handlers: dict[str, Handler]) -> list[object]:
    """Each function once, with work, with nothing to do and with what fails."""
    poison = [stream_record(decided("rain"), 1, status=None), stream_record(decided("snow"), 2)]
    return [
        deliver(handlers["dispatch_ledger"], poison),
        deliver(handlers["settle_positions"], [queue_record("{", "bad"), ring_record("rain")]),
        deliver(handlers["settle_positions"], [queue_record("{", "bad")]),
        handlers["close_expired_markets"](schedule_event("close"), context("close_expired_markets")),
        handlers["ring_stale"](schedule_event("ring"), context("ring_stale")),
    ]


def count_tasks() -> int:
    """The asyncio tasks that something holds on to."""
    gc.collect()
    return sum(isinstance(found, asyncio.Task) for found in gc.get_objects())


def test_many_invocations_leave_nothing_behind(cloud: Cloud, metrics: Metrics, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same answers from first to last, on one open loop, with no task, thread, file or log key left over."""
    # pytest keeps what it sees of the log, and with an error the task that it passed through.
    monkeypatch.setattr(logging.getLogger("functions"), "propagate", False)
    cloud.live(decide(cloud, "rain"))
    handlers = {
        name: cloud.start(name)
        for name in ("dispatch_ledger", "settle_positions", "close_expired_markets", "ring_stale")
    }
    deliver(handlers["settle_positions"], [ring_record("rain")])
    expected = invoke_all(handlers)
    for _ in range(3):
        invoke_all(handlers)  # as many threads and connections as there will be
    runner = event_handler._runner()
    loop, threads, tasks, files = runner.get_loop(), threading.active_count(), count_tasks(), open_files()
    keys = LOGGER.get_current_keys()
    metrics.counts()
    for _ in range(ROUNDS):
        assert invoke_all(handlers) == expected
    assert event_handler._runner() is runner
    assert runner.get_loop() is loop
    assert not loop.is_closed()
    assert not asyncio.all_tasks(loop)
    assert threading.active_count() <= max(threads, most_threads())
    assert count_tasks() <= tasks
    assert open_files() <= files + 1
    assert LOGGER.get_current_keys() == keys
    # A schedule that finds nothing to do publishes nothing: a metric is paid for by the hour.
    assert len(metrics.counts()) == ROUNDS * sum(answer != {"done": 0} for answer in expected)


def most_threads() -> int:
    """The threads that asyncio's pool may come to have, with the tests' own."""
    return event_handler._THREADS + threading.active_count()


def open_files() -> int:
    """The files and connections of this process."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
