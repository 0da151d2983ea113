from types import SimpleNamespace

import pytest

from functions.adapter.in_.lambda_ import event_handler
from tests.fakes.clock import START
from tests.integration.events.conftest import Metrics
from tests.integration.events.shapes import deliver, ring_record


async def do_nothing(slug: str) -> None:
    """Work that is done at once."""


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
