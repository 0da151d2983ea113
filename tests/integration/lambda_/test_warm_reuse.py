"""One environment serves many requests, and is after them what it was before."""

import asyncio
import gc
import logging
import threading

import pytest

from functions.adapter.in_.lambda_.http_handler import event_loop
from functions.adapter.in_.lambda_.observability import LOGGER
from tests.integration.lambda_.conftest import Metrics
from tests.integration.lambda_.gateway import Service, authorizer
from tests.integration.lambda_.test_observability import JSON, break_use_case

INVOCATIONS = 104


def mixed_requests(service: Service, monkeypatch: pytest.MonkeyPatch, number: int) -> list[int]:
    """One request of each kind: good, refused by us, by the domain and by the router, and one that meets a bug."""
    account = authorizer(f"worker-{number}")
    with monkeypatch.context() as broken:
        break_use_case(broken, "quote")
        quote = b'{"outcome":"YES","side":"buy","quantity":"1"}'
        failed = service.send("POST", "/v1/markets/rain/quotes", headers=[JSON], body=quote)
    answers = [
        service.send("GET", "/v1/health"),
        failed,
        service.send("POST", "/v1/accounts", identity=account),
        service.send("GET", "/v1/portfolio", identity=account),
        service.send("GET", "/v1/portfolio"),
        service.send("GET", "/v1/markets/nowhere"),
        service.send("GET", "/v1/markets?limit=none"),
        service.send("DELETE", "/v1/markets"),
    ]
    return [answer["statusCode"] for answer in answers]


def test_many_invocations_leave_nothing_behind(
    service: Service, metrics: Metrics, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same answers from first to last, on one event loop, with no task, thread or log key left over."""
    # pytest keeps what it sees of the log, and with the error of a bug the task that it passed through.
    monkeypatch.setattr(logging.getLogger("functions"), "propagate", False)
    expected = [200, 500, 201, 200, 401, 404, 400, 405]
    assert mixed_requests(service, monkeypatch, 0) == expected
    loop = event_loop()
    threads, keys, tasks = threading.active_count(), LOGGER.get_current_keys(), count_tasks()
    for number in range(1, INVOCATIONS // len(expected) + 1):
        assert mixed_requests(service, monkeypatch, number) == expected
    assert event_loop() is loop
    assert not loop.is_closed()
    assert not asyncio.all_tasks(loop)
    assert threading.active_count() == threads
    assert LOGGER.get_current_keys() == keys
    assert count_tasks() <= tasks
    assert len(metrics.published()) == INVOCATIONS + len(expected)


def count_tasks() -> int:
    """The asyncio tasks that something holds on to."""
    gc.collect()
    return sum(isinstance(found, asyncio.Task) for found in gc.get_objects())


def test_a_loop_of_somebody_elses_does_no_harm(service: Service) -> None:
    """`asyncio.run` takes the thread's event loop away when it ends; the next request is answered all the same."""
    assert service.send("GET", "/v1/health")["statusCode"] == 200
    asyncio.run(asyncio.sleep(0))
    assert service.send("GET", "/v1/health")["statusCode"] == 200
