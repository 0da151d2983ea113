"""Signals that come before the server takes them itself."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from functions.embedded.commands.serve import Stopped, stop_on_signals
from functions.embedded.connections.limits import ConnectionLimits
from functions.embedded.connections.server import Server, server_config
from tests.integration.embedded.connections.serving import DEADLINE_SECONDS, Application

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@pytest.fixture(autouse=True)
def own_handlers() -> Iterator[None]:
    """Put the test run's own handlers back."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
async def test_a_signal_whose_exception_is_dropped_still_stops_it(number: signal.Signals) -> None:
    """Compiled code that looks something up drops what a handler raises; the server then ends once it is up."""
    is_stopped = stop_on_signals()
    with suppress(Stopped):
        signal.raise_signal(number)
    server = Server(server_config(Application(), ConnectionLimits()), is_stopped)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with asyncio.timeout(DEADLINE_SECONDS):
            await server.serve([listener])
    assert server.started
