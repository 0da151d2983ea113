"""A server that may have few files open, and silent connections that want them all."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import IO

import httpx

from tests.integration.embedded.server import HUNCH, InstalledHunch, environment

FILES = 200
SILENT = 190
STARVED = "has 68 connections open"
"""What such a server warns of: half of the files that it does not need for itself are one address's."""
_PAUSE_SECONDS = 0.02


class HunchOfFewFiles(InstalledHunch):
    """The installed command, which may have FILES files open."""

    def __init__(self, arguments: Sequence[str], output: IO[bytes], errors: IO[bytes], **settings: str) -> None:
        command = ["sh", "-c", f'ulimit -n {FILES}; exec "$0" "$@"', HUNCH, *arguments]
        subprocess.Popen.__init__(self, command, stdout=output, stderr=errors, env=environment(**settings))


@asynccontextmanager
async def silent_crowd(url: str) -> AsyncIterator[None]:
    """While the block runs: SILENT connections, and another every few milliseconds, until the server is gone.

    Half of them say nothing, half begin a head.
    """
    port = httpx.URL(url).port
    opened: list[asyncio.StreamWriter] = []

    async def enter() -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        opened.append(writer)
        if len(opened) % 2:
            writer.write(b"GET / HTTP/1.1\r\nHost: ")

    async def go_on() -> None:
        with suppress(ConnectionError):
            while True:
                await enter()
                await asyncio.sleep(_PAUSE_SECONDS)

    for _ in range(SILENT):
        await enter()
    going_on = asyncio.create_task(go_on())
    try:
        yield
    finally:
        going_on.cancel()
        for writer in opened:
            writer.transport.abort()
