import asyncio
import threading
from types import SimpleNamespace

import pytest

from functions.adapter.in_.lambda_ import event_handler
from tests.fakes.clock import START
from tests.integration.events.conftest import Logs, Metrics
from tests.integration.events.shapes import deliver, ring_record


async def do_nothing(slug: str) -> None:
    """Work that is done at once."""


@pytest.mark.parametrize(
    ("error", "counted"), [(event_handler.UnfinishedError(), "unfinished"), (KeyError("oh"), "failed")]
)
def test_a_ring_that_fails_is_invoked_again(metrics: Metrics, logs: Logs, error: Exception, counted: str) -> None:
    """Lambda does that with an invocation that raises; only what failed is an error in the log."""
    told = list[tuple[str, str]]()

    async def work(market: str, subject: str) -> None:
        if not told:
            told.append(("", ""))
            raise error
        told.append((market, subject))

    handler = event_handler.ring_handler("project_records", work)
    with pytest.raises(type(error)):
        handler({"market": "rain"}, None)
    assert handler({"market": "rain"}, None) == {}
    assert handler({"market": "rain", "subject": "ann/1"}, None) == {}
    assert told[1:] == [("rain", ""), ("rain", "ann/1")]
    assert metrics.counts() == [{counted: 1}, {"done": 1}, {"done": 1}]
    assert [line["level"] for line in logs.lines] == ["ERROR"] * (counted == "failed")


@pytest.mark.parametrize(("seconds", "milliseconds"), [(61.5, 61_500), (0, 0), (-2, 0)])
def test_a_queue_tells_how_long_its_messages_waited(
    metrics: Metrics, monkeypatch: pytest.MonkeyPatch, seconds: float, milliseconds: int
) -> None:
    """Each message, in milliseconds since it was sent; never less than none where clocks differ."""
    monkeypatch.setattr(event_handler, "time", SimpleNamespace(time=lambda: START.timestamp() + seconds))
    handler = event_handler.queue_handler("settle_positions", do_nothing)
    assert deliver(handler, [ring_record("rain"), ring_record("snow")]) == []
    (published,) = metrics.published()
    (directive,) = published["_aws"]["CloudWatchMetrics"]
    assert (directive["Namespace"], directive["Dimensions"]) == ("Hunch", [["function"]])
    assert {"Name": "lag", "Unit": "Milliseconds"} in directive["Metrics"]
    assert (published["function"], published["lag"]) == ("settle_positions", [milliseconds, milliseconds])


def test_as_many_calls_at_once_as_the_client_has_connections() -> None:
    """Sixteen threads, however few processors there are: each waits for the last of them."""
    together = threading.Barrier(16)

    async def call_all() -> list[int]:
        return await asyncio.gather(*(asyncio.to_thread(together.wait, 20) for _ in range(16)))

    assert sorted(event_handler.run(call_all())) == list(range(16))
