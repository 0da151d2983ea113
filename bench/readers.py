"""Readers of one market's stream while it is traded on: who misses an event, and how late each event arrives.

Run as ``python -m bench.readers [seconds [readers [orders a second]]]`` (default 45, 500 and 50). A real ``hunch
serve`` with a fresh database; traders place orders at that rate on one market, and every reader follows its stream
from the beginning. One more reader takes nothing at all, so that it is cut off, and then comes back with the position
of the last event that it has. The clients run in this process and compete for the same processors.

Lateness is from ``created_at``, which is before the commit, to the arrival. It passes when every reader, the slow one
too, has every event in order, 99 % of all arrivals are within ALLOWED_SECONDS, and the memory that the server takes
does not grow by more than ALLOWED_GROWTH after the first half.
"""

import asyncio
import json
import os
import re
import socket
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from statistics import quantiles
from urllib.parse import SplitResult, urlsplit

from bench.connection import HUNCH, Process, connect, resident_kilobytes

DEFAULT_SECONDS, DEFAULT_READERS, DEFAULT_RATE = 45.0, 500, 50.0
TRADERS = 8
ALLOWED_SECONDS, ALLOWED_GROWTH = 0.25, 1.15
MARKET = "market"
_EVENT = re.compile(rb'"position":([0-9]+),"type":"[a-z.]+","created_at":"([^"]+)"')
_UNFINISHED_BYTES = 4096
_LAST_SECONDS = 30.0
_SEGMENT_BYTES = 536
"""So small that the systems at both ends keep little for a reader that takes nothing."""

_made_at: dict[int, float] = {}
"""When each event was made, in seconds since 1970: read once, not by every reader."""


class Reader(asyncio.Protocol):
    """One who follows the stream, and notes how late each event comes.

    Args:
        after: the position of the last event that it has.
    """

    def __init__(self, after: int = 0) -> None:
        self.position = after
        self.lateness: list[float] = []
        self.is_over = False
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.Transport)
        head = f"GET /v1/markets/{MARKET}/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nLast-Event-ID: {self.position}\r\n\r\n"
        transport.write(head.encode())

    def data_received(self, data: bytes) -> None:
        """Take the events; one that is not whole waits for its rest."""
        now, text, end = time.time(), self._rest + data, 0
        for found in _EVENT.finditer(text):
            position, end = int(found[1]), found.end()
            if position != self.position + 1:
                raise RuntimeError(f"{position} follows {self.position}")
            self.position = position
            if position not in _made_at:
                _made_at[position] = datetime.fromisoformat(found[2].decode()).timestamp()
            self.lateness.append(now - _made_at[position])
        self._rest = text[max(end, len(text) - _UNFINISHED_BYTES) :]

    def connection_lost(self, _: Exception | None) -> None:
        """Note it."""
        self.is_over = True


class Market:
    """The one market, and those who trade on it.

    Args:
        url: the server's address.
        seconds: how long they do.
        rate: orders a second.
    """

    def __init__(self, url: str, seconds: float, rate: float) -> None:
        self.orders = 0
        self._url, self._seconds, self._rate = url, seconds, rate
        self._tokens: list[str] = []

    async def open(self) -> None:
        """Open the accounts and publish the market."""
        async with connect(self._url) as connection:
            for number in range(TRADERS):
                signed_in = await connection.send("POST", "/v1/dev/sign-in", {"account": f"trader-{number}"})
                token = f"Bearer {json.loads(signed_in.content)['token']}"
                self._tokens.append(token)
                (await connection.send("POST", "/v1/accounts", Authorization=token)).require_success()
            creator, draft = self._tokens[0], {"slug": MARKET, "name": "Will it rain?"}
            (await connection.send("POST", "/v1/markets", draft, Authorization=creator)).require_success()
            path = f"/v1/markets/{MARKET}/publish"
            (await connection.send("POST", path, Authorization=creator)).require_success()

    async def trade(self) -> None:
        """Place as many orders as the rate makes in that time, each trader in turn; a busy machine takes longer."""
        async with asyncio.TaskGroup() as tasks:
            for number, token in enumerate(self._tokens):
                tasks.create_task(self._trade(number, token))

    async def _trade(self, number: int, token: str) -> None:
        step = TRADERS / self._rate
        due = time.perf_counter() + step * number / TRADERS
        async with connect(self._url) as connection:
            for _ in range(round(self._seconds / step)):
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                due = max(due + step, time.perf_counter())
                self.orders += 1
                body = {"outcome": ("YES", "NO")[self.orders % 2], "side": "buy", "quantity": "0.010000"}
                headers = {"Authorization": token, "Idempotency_Key": f"{number}-{self.orders}"}
                answer = await connection.send("POST", f"/v1/markets/{MARKET}/orders", body, **headers)
                answer.require_success()


class Crowd:
    """All readers of the market.

    Args:
        url: the server's address.
        number: how many there are, besides the slow one.
    """

    def __init__(self, url: str, number: int) -> None:
        self.readers = [Reader() for _ in range(number)]
        self.slow_cuts = 0
        self._address = urlsplit(url)

    async def come(self) -> None:
        """Connect everybody."""
        for reader in self.readers:
            await self._connect(reader)

    async def dawdle(self, is_over: asyncio.Event) -> Reader:
        """Take nothing until then; then read what there is, and come back as often as one is cut off."""
        reader = Reader()
        transport, _ = await asyncio.get_running_loop().create_connection(
            lambda: reader, sock=await _small_socket(self._address)
        )
        transport.pause_reading()
        await is_over.wait()
        transport.resume_reading()
        await asyncio.sleep(1.0)
        while reader.is_over:
            self.slow_cuts += 1
            reader = Reader(reader.position)
            await self._connect(reader)
            await asyncio.sleep(1.0)
        return reader

    async def _connect(self, reader: Reader) -> None:
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: reader, self._address.hostname or "", self._address.port or 0)

    async def see(self, position: int, readers: Sequence[Reader]) -> None:
        """Wait until they have the last event, or too long."""
        for _ in range(round(_LAST_SECONDS / 0.1)):
            if all(reader.position >= position for reader in readers):
                return
            await asyncio.sleep(0.1)


async def _small_socket(address: SplitResult) -> socket.socket:
    """A connection that holds little of what is sent to it."""
    connection = socket.socket()
    connection.settimeout(0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _SEGMENT_BYTES)
    await asyncio.get_running_loop().sock_connect(connection, (address.hostname or "", address.port or 0))
    return connection


class Run:
    """One run, and what came of it."""

    def __init__(self, url: str, process_id: int, seconds: float, readers: int, rate: float) -> None:
        self.market, self.crowd = Market(url, seconds, rate), Crowd(url, readers)
        self.memory: list[int] = []
        self.slow = Reader()
        self.seconds = seconds
        self._process_id = process_id

    async def run(self) -> None:
        """Let everybody read while there is trade, and until they have all of it."""
        await self.market.open()
        await self.crowd.come()
        sampling = asyncio.create_task(self._sample())
        is_over = asyncio.Event()
        dawdling = asyncio.create_task(self.crowd.dawdle(is_over))
        begin = time.perf_counter()
        await self.market.trade()
        self.seconds = time.perf_counter() - begin
        is_over.set()
        self.slow = await dawdling
        await self.crowd.see(self.market.orders + 1, [*self.crowd.readers, self.slow])
        sampling.cancel()

    async def _sample(self) -> None:
        while True:
            self.memory.append(resident_kilobytes(self._process_id))
            await asyncio.sleep(1.0)


def main() -> int:
    """Read a fresh server's stream, and print what came of it; 1 when that is not what was promised."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_SECONDS
    readers = int(sys.argv[2]) if len(sys.argv) > 2 else DEFAULT_READERS  # noqa: PLR2004  (the second word)
    rate = float(sys.argv[3]) if len(sys.argv) > 3 else DEFAULT_RATE  # noqa: PLR2004  (the third)
    load_before = os.getloadavg()[0]
    with (
        tempfile.TemporaryDirectory(prefix="hunch-readers-") as folder,
        Process([HUNCH, "serve", "--port", "0", "--database", f"{folder}/hunch.db"]) as process,
    ):
        try:
            run = Run(process.url(), process.pid, seconds, readers, rate)
            asyncio.run(run.run())
            spent = processor_seconds(process.pid)
        finally:
            process.terminate()
    load = f"load {load_before:.1f} before, {os.getloadavg()[0]:.1f} after"
    _say(f"{os.cpu_count()} processors, {load}; {run.seconds:.0f} s, {readers} readers")
    return _report(run, spent)


def processor_seconds(process_id: int) -> float:
    """The processor time that a process has taken."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _report(run: Run, spent: float) -> int:
    last = run.market.orders + 1
    lateness = [late for reader in run.crowd.readers for late in reader.lateness]
    cuts = quantiles(lateness, n=100)
    whole = sum(reader.position == last for reader in run.crowd.readers)
    half = run.memory[len(run.memory) // 2]
    _say(f"{run.market.orders / run.seconds:.1f} orders a second, {last} events; {whole} readers have all of them")
    _say(
        f"{len(lateness)} arrivals, late by p50 {cuts[49] * 1000:.1f} ms, p99 {cuts[98] * 1000:.1f} ms, at most "
        f"{max(lateness) * 1000:.1f} ms"
    )
    _say(f"the slow reader was cut off {run.crowd.slow_cuts} times and has {run.slow.position} events")
    _say(
        f"memory: {half / 1024:.1f} MB after half the time, {run.memory[-1] / 1024:.1f} MB in the end; "
        f"{spent:.1f} s of processor time, the clients {time.process_time():.1f} s"
    )
    failed = {
        "a reader lacks events": whole < len(run.crowd.readers) or run.slow.position < last,
        "the slow reader was not cut off": not run.crowd.slow_cuts,
        "events are late": cuts[98] > ALLOWED_SECONDS,
        "memory grows": run.memory[-1] > half * ALLOWED_GROWTH,
    }
    for what in (what for what, is_so in failed.items() if is_so):
        _say(f"NOT AS PROMISED: {what}")
    return int(any(failed.values()))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
