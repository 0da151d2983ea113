"""A server with limits of its own over a small application, and raw sockets to attack it with."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import uvicorn
from starlette.types import Message, Receive, Scope, Send

from functions.embedded.connections.limits import ConnectionLimits
from functions.embedded.connections.server import server_config
from functions.embedded.http_protocol import connection_of

DEADLINE_SECONDS = 20.0
GET = b"GET / HTTP/1.1\r\nHost: hunch\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\n"
MEGABYTE = 1_048_576


async def happens(condition: Callable[[], bool]) -> None:
    """Come back once it is so; a failure when that takes longer than the deadline."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not condition():  # noqa: ASYNC110 -- the server has no event for it
            await asyncio.sleep(0.01)


@dataclass
class Application:
    """Answers POST with its body's length, and GET as the path says."""

    requests: list[str] = field(default_factory=list)
    headers: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        self.requests.append(scope["path"])
        self.headers = len(scope["headers"])
        length = await _length_of_body(receive)
        if length is None:
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if scope["path"] == "/stream":
            connection_of(scope).begin_stream()
        if scope["path"] in {"/stream", "/long"}:
            await send(_part(b"begun\n"))
            await self.released.wait()
        body = b"x" * (32 * MEGABYTE) if scope["path"] == "/large" else f"{length} bytes".encode()
        await send(_part(body))
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _part(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": True}


async def _length_of_body(receive: Receive) -> int | None:
    length = 0
    while (message := await receive())["type"] == "http.request":
        length += len(message["body"])
        if not message["more_body"]:
            return length
    return None


@dataclass
class Served:
    """A server that runs."""

    port: int
    application: Application
    server: uvicorn.Server

    async def connect(self, host: str = "127.0.0.1") -> "Socket":
        """A connection from an address of this machine."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(host, 0))
        return Socket(reader, writer)

    async def ask(self, request: bytes, host: str = "127.0.0.1") -> bytes:
        """What a connection of its own says to this, until it ends."""
        connection = await self.connect(host)
        await connection.send(request)
        return await connection.rest()

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self.server.server_state.connections)


@dataclass
class Socket:
    """A client's end of a connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        """Send, unless the other end is gone."""
        self.writer.write(data)
        with suppress(ConnectionError):
            await self.writer.drain()

    async def taken(self) -> bool:
        """Wait until the kernel has taken what was sent; False when the other end is gone, or reads no more."""
        try:
            async with asyncio.timeout(0.1):
                await self.writer.drain()
        except (ConnectionError, TimeoutError):
            return False
        return not self.writer.is_closing()

    async def trickle(self, data: bytes, pause: float) -> None:
        """Send byte by byte, until the other end says something or is gone."""
        ended = asyncio.ensure_future(self.reader.read(1))
        for byte in data:
            await self.send(bytes([byte]))
            if (await asyncio.wait({ended}, timeout=pause))[0]:
                break
        ended.cancel()

    async def until(self, end: bytes) -> bytes:
        """What comes, up to these bytes."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            return await self.reader.readuntil(end)

    async def rest(self) -> bytes:
        """What comes until the connection ends, by whatever end."""
        received = bytearray()
        async with asyncio.timeout(DEADLINE_SECONDS):
            with suppress(ConnectionError):
                while part := await self.reader.read(65_536):
                    received += part
        self.writer.close()
        return bytes(received)

    def close(self) -> None:
        """End it."""
        self.writer.close()


@asynccontextmanager
async def serving(limits: ConnectionLimits) -> AsyncIterator[Served]:
    """A server of the application."""
    application = Application()
    server = uvicorn.Server(server_config(application, limits))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        running = asyncio.create_task(server.serve([listener]))
        await happens(lambda: server.started)
        try:
            yield Served(port, application, server)
        finally:
            application.released.set()
            server.should_exit = True
            server.force_exit = True
            await running
