"""The receiver that forwards to a channel, as docs/integrations.md shows it."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import override

import httpx
import pytest
from standardwebhooks import Webhook

ROOT = Path(__file__).parents[3]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TRADE = {
    "market": "rain",
    "position": 2,
    "type": "trade",
    "created_at": "2026-11-27T12:00:00.000000Z",
    "data": {
        "side": "buy",
        "quantity": "12.500000",
        "outcome": "YES",
        "prices_after": {"YES": "0.620000", "NO": "0.380000"},
    },
}
CLOSED = {"market": "rain", "position": 3, "type": "market.closed", "created_at": TRADE["created_at"], "data": {}}


class Channel(BaseHTTPRequestHandler):
    """Takes down what it is told, unless it is out of order."""

    told: list[object]
    status: int

    def do_POST(self) -> None:
        """Take one message."""
        self.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        self.end_headers()

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def channel() -> Iterator[tuple[str, type[Channel]]]:
    """An address that takes messages."""
    handler = type("OneChannel", (Channel,), {"told": [], "status": 200})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", handler
        server.shutdown()
        thread.join()


@pytest.fixture
def receiver(channel: tuple[str, type[Channel]]) -> Iterator[str]:
    """The example, running."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    environment = os.environ | {"HUNCH_SECRET": SECRET, "CHANNEL": channel[0], "PORT": str(port)}
    with subprocess.Popen(
        [sys.executable, "examples/forward.py"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    ) as process:
        address = f"http://127.0.0.1:{port}/"
        for _ in range(100):
            try:
                httpx.get(address)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield address
        process.terminate()


def deliver(address: str, event: dict[str, object], secret: str = SECRET) -> int:
    """Send an event as Hunch does; the status of the answer."""
    body = json.dumps({"type": event["type"], "timestamp": event["created_at"], "data": event})
    id_, now = f"rain-{event['position']}", datetime.now(UTC)
    headers = {
        "webhook-id": id_,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(id_, now, body),
        "content-type": "application/json",
    }
    return httpx.post(address, content=body, headers=headers).status_code


def test_what_is_ours_is_forwarded(receiver: str, channel: tuple[str, type[Channel]]) -> None:
    """A trade and a change of the market, in words; what somebody else has signed is refused and told to nobody."""
    assert deliver(receiver, TRADE) == 204
    assert deliver(receiver, CLOSED) == 204
    assert deliver(receiver, CLOSED, "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD") == 401
    assert channel[1].told == [{"text": "rain: buy 12.5 YES. Now YES 62%, NO 38%"}, {"text": "rain: closed"}]


def test_what_the_channel_did_not_take_comes_again(receiver: str, channel: tuple[str, type[Channel]]) -> None:
    """The receiver does not say that it has it."""
    channel[1].status = 500
    with pytest.raises(httpx.TransportError):
        deliver(receiver, TRADE)
