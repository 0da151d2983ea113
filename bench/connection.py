"""A server in a process of its own, and as little of an HTTP client as measuring it needs."""

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
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
def serving(*command: str) -> Iterator[Process]:
    """A server that runs as long as the block, in a folder of its own that a command names by ``{folder}``."""
    with (
        tempfile.TemporaryDirectory(prefix="hunch-bench-") as folder,
        Process([word.format(folder=folder) for word in command]) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()


def serving_hunch(hunch: str = HUNCH) -> AbstractContextManager[Process]:
    """A ``hunch serve`` with a fresh database."""
    return serving(hunch, "serve", "--port", "0", "--database", "{folder}/hunch.db")


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


def cpu_seconds(process_id: int) -> float:
    """User and system time that a process has used so far, its threads included."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Person:
    """Somebody who has an account, and uses one connection at a time.

    Args:
        account: its id.
    """

    def __init__(self, account: str) -> None:
        self._account = account
        self.headers: dict[str, str] = {}

    async def settle_in(self, connection: Connection, publishes: str = "") -> None:
        """Sign in, open the account, and publish a market of that slug, if any."""
        signed_in = await connection.send("POST", "/v1/dev/sign-in", {"account": self._account})
        self.headers = {"Authorization": f"Bearer {json.loads(signed_in.content)['token']}"}
        (await connection.send("POST", "/v1/accounts", **self.headers)).require_success()
        if publishes:
            await self.publish(connection, {"slug": publishes, "name": "Will it rain?"})

    async def publish(self, connection: Connection, draft: Mapping[str, object]) -> None:
        """Create a market and publish it."""
        (await connection.send("POST", "/v1/markets", draft, **self.headers)).require_success()
        path = f"/v1/markets/{draft['slug']}/publish"
        (await connection.send("POST", path, **self.headers)).require_success()

    async def order(  # noqa: PLR0917 - an order says as much
        self, connection: Connection, market: str, key: str, outcome: str, side: str = "buy", quantity: str = "0.010000"
    ) -> Answer:
        """Send an order."""
        body = {"outcome": outcome, "side": side, "quantity": quantity}
        headers = {**self.headers, "Idempotency_Key": key}
        return await connection.send("POST", f"/v1/markets/{market}/orders", body, **headers)
