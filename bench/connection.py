"""A server in a process of its own, and as little of an HTTP client as measuring it needs."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

HUNCH = str(Path(sys.executable).with_name("hunch"))


class Process(subprocess.Popen[str]):
    """A server that prints its address."""

    def __init__(self, command: Sequence[str]) -> None:
        super().__init__(command, stdout=subprocess.PIPE, text=True)

    def url(self) -> str:
        """The address in the first line it prints."""
        assert self.stdout is not None
        words = self.stdout.readline().split()
        return next(word for word in words if word.startswith("http://"))


@contextmanager
def serving(*command: str) -> Iterator[str]:
    """The address of a server that runs as long as the block."""
    with Process(command) as process:
        try:
            yield process.url()
        finally:
            process.terminate()


class Answer(NamedTuple):
    """An answer: its status, its head in lower case, and its body."""

    status: int
    head: bytes
    content: bytes

    def require_success(self) -> None:
        """Raise unless it is one."""
        if self.status not in {200, 201}:
            raise RuntimeError(f"{self.status}: {self.content.decode()}")


class Connection:
    """HTTP/1.1 over one connection, as little of it as the servers need."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Send a request and wait for the whole answer."""
        content = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(content)}"]
        lines += ["Content-Type: application/json"] if content else []
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + content)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].split(b"\r\n", 1)[0])
        return Answer(int(head.split(b" ", 2)[1]), head, await self._reader.readexactly(length))


@asynccontextmanager
async def connect(url: str) -> AsyncIterator[Connection]:
    """A connection that is kept for as long as the block."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()


def resident_kilobytes(process_id: int) -> int:
    """The memory that a process takes."""
    found = re.search(r"VmRSS:\s+([0-9]+) kB", Path(f"/proc/{process_id}/status").read_text())
    assert found
    return int(found[1])
