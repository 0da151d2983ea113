"""Webhooks of a real server, verified by the library of the specification."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier

from tests.integration.embedded.server import Server, serve
from tests.integration.embedded.test_stream import People, people
from tests.integration.http.client import eventually

DEADLINE_SECONDS = 20.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server whose webhooks may call this machine."""
    with serve(tmp_path, HUNCH_WEBHOOKS_TO_PRIVATE="true") as server:
        server.await_ready()
        yield server


class Receiver:
    """A receiver on loopback.

    Args:
        statuses: what it answers first; then 204.
    """

    def __init__(self, *statuses: int) -> None:
        self.url = ""
        self.messages: asyncio.Queue[tuple[dict[str, str], bytes]] = asyncio.Queue()
        self._statuses = list(statuses)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        self.messages.put_nowait((headers, await reader.readexactly(int(headers["Content-Length"]))))
        status = self._statuses.pop(0) if self._statuses else 204
        writer.write(f"HTTP/1.1 {status} Whatever\r\n\r\n".encode())
        writer.close()

    async def next(self) -> tuple[dict[str, str], bytes]:
        """The next message."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            return await self.messages.get()


@asynccontextmanager
async def receiving(*statuses: int) -> AsyncIterator[Receiver]:
    """A receiver that listens."""
    receiver = Receiver(*statuses)
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    yield receiver
    server.close()


async def create(them: People, url: str, **members: Any) -> Any:
    """A webhook of ann's."""
    return await them.post("ann", "/v1/webhooks", {"url": url, **members})


async def test_a_message_is_verified(server: Server) -> None:
    """What happens arrives, signed by the specification; after a failure it comes again, with the same id."""
    async with people(server) as them, receiving(500) as receiver:
        await them.publish("rain")
        webhook = await create(them, receiver.url)
        await them.buy("rain")
        messages = [await receiver.next() for _ in range(2)]
        for headers, body in messages:
            lowered = {name.lower(): value for name, value in headers.items()}
            assert lowered["webhook-id"] == "rain-2"
            content = Verifier(webhook["secret"]).verify(body, lowered)
            event = (await them.http.get("/v1/markets/rain/events?after=1")).json()["events"][0]
            assert content == {"type": "trade", "timestamp": event["created_at"], "data": event}
        assert messages[0][1] == messages[1][1]
        await them.post("ann", "/v1/markets/rain/close")
        assert json.loads((await receiver.next())[1])["type"] == "market.closed"


async def test_a_server_that_starts_again_tells_the_rest(tmp_path: Path) -> None:
    """What happened while nobody could be told is told once the server is there again."""
    async with receiving() as receiver:
        with serve(tmp_path, HUNCH_WEBHOOKS_TO_PRIVATE="true") as server:
            server.await_ready()
            async with people(server) as them:
                await them.publish("rain")
                await create(them, "http://127.0.0.1:1/hook", market="rain")
                await create(them, receiver.url)
                await them.buy("rain")
            server.kill()
        with serve(tmp_path, HUNCH_WEBHOOKS_TO_PRIVATE="true") as server:
            server.await_ready()
            headers, _ = await receiver.next()
            assert headers["webhook-id"] == "rain-2"


async def test_the_life_of_a_webhook(server: Server) -> None:
    """Made, read, listed, failing, rotated, enabled and deleted; its secret is shown twice and no more."""
    async with people(server) as them, receiving(410) as receiver:
        await them.publish("rain")
        made = await create(them, receiver.url, types=["trade", "trade"])
        assert made.keys() == {"id", "url", "market", "types", "status", "secret", "created_at"}
        assert (made["market"], made["types"], made["status"]) == (None, ["trade"], "active")
        await them.buy("rain")
        await receiver.next()
        path, ann = f"/v1/webhooks/{made['id']}", them.headers["ann"]

        async def read() -> Any:
            return (await them.http.get(path, headers=ann)).json()

        found = await eventually(read, lambda webhook: webhook["status"] == "disabled")
        assert "secret" not in found
        assert found["last_error"] == "the answer was 410"
        assert (await them.http.get("/v1/webhooks", headers=ann)).json() == {"webhooks": [found], "cursor": None}
        (delivery,) = (await them.http.get(f"{path}/deliveries", headers=ann)).json()["deliveries"]
        assert (delivery["position"], delivery["attempt"], delivery["status_code"]) == (2, 1, 410)
        rotated = await them.post("ann", f"{path}/rotate-secret")
        assert rotated["secret"] != made["secret"]
        assert (await them.post("ann", f"{path}/enable"))["status"] == "active"
        headers, body = await receiver.next()
        for secret in (made["secret"], rotated["secret"]):
            Verifier(secret).verify(body, {name.lower(): value for name, value in headers.items()})
        await them.open("bob")
        for method in ("GET", "DELETE"):
            refusal = await them.http.request(method, path, headers=them.headers["bob"])
            assert (refusal.status_code, refusal.json()["code"]) == (404, "webhook-not-found")
        assert (await them.http.delete(path, headers=ann)).status_code == 204
        assert (await them.http.get(path, headers=ann)).status_code == 404
        assert "whsec_" not in server.output.read_text() + server.errors.read_text()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"url": "nowhere"}, 400, "validation-failed"),
        ({}, 400, "validation-failed"),
        ({"url": "https://receiver.example/", "types": []}, 400, "validation-failed"),
        ({"url": "https://receiver.example/", "types": ["rain"]}, 400, "validation-failed"),
        ({"url": "https://receiver.example/", "market": "nowhere"}, 404, "market-not-found"),
        ({"url": "ftp://receiver.example/"}, 422, "invalid-webhook"),
        ({"url": "https://a:b@receiver.example/"}, 422, "invalid-webhook"),
        ({"url": "http://receiver.example/"}, 422, "invalid-webhook"),
        ({"url": "https://127.0.0.1/"}, 422, "invalid-webhook"),
    ],
)
async def test_what_is_no_webhook(tmp_path: Path, body: Any, status: int, code: str) -> None:
    """Refused before anything is kept; a private address is one only where it is not allowed."""
    with serve(tmp_path) as server:
        server.await_ready()
        async with people(server) as them:
            refusal = await them.http.post("/v1/webhooks", json=body, headers=them.headers["ann"])
            assert (refusal.status_code, refusal.json()["code"]) == (status, code)
