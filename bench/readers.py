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
import os
import re
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

from bench.connection import Person, connect, cpu_seconds, resident_kilobytes, serving_hunch
from bench.figures import Figure, Subject, measured, milliseconds, processors, progress, say

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
        self._traders = [Person(f"trader-{number}") for number in range(TRADERS)]

    async def open(self) -> None:
        """Open the accounts and publish the market."""
        async with connect(self._url) as connection:
            for number, trader in enumerate(self._traders):
                await trader.settle_in(connection, "" if number else MARKET)

    async def trade(self) -> None:
        """Place as many orders as the rate makes in that time, each trader in turn; a busy machine takes longer."""
        async with asyncio.TaskGroup() as tasks:
            for number, trader in enumerate(self._traders):
                tasks.create_task(self._trade(number, trader))

    async def _trade(self, number: int, trader: Person) -> None:
        step = TRADERS / self._rate
        due = time.perf_counter() + step * number / TRADERS
        async with connect(self._url) as connection:
            for _ in range(round(self._seconds / step)):
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                due = max(due + step, time.perf_counter())
                self.orders += 1
                key, outcome = f"{number}-{self.orders}", ("YES", "NO")[self.orders % 2]
                (await trader.order(connection, MARKET, key, outcome)).require_success()


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

    @property
    def last(self) -> int:
        """The position of the last event: a publication, and all orders."""
        return self.market.orders + 1

    @property
    def lateness(self) -> list[float]:
        """Of all arrivals."""
        return [late for reader in self.crowd.readers for late in reader.lateness]

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
        await self.crowd.see(self.last, [*self.crowd.readers, self.slow])
        sampling.cancel()

    async def _sample(self) -> None:
        while True:
            self.memory.append(resident_kilobytes(self._process_id))
            await asyncio.sleep(1.0)


def figures(seconds: float, readers: int = DEFAULT_READERS, rate: float = DEFAULT_RATE) -> Iterator[Figure]:
    """Who reads, and how late it is."""
    progress(f"  {readers} readers for {seconds:.0f} s")
    run, spent = _measure(seconds, readers, rate)
    late = milliseconds(run.lateness)
    for metric, unit, value in (
        ("readers with every event in order", "", sum(reader.position == run.last for reader in run.crowd.readers)),
        ("lateness p50", "ms", late[0]),
        ("lateness p99", "ms", late[1]),
        ("processor time of the server", "s", spent),
        ("memory at the end", "MB", run.memory[-1] / 1024),
    ):
        case = f"{readers} readers, {rate:.0f} orders a second for {seconds:.0f} s"
        yield measured(Subject("readers", case, metric, unit), [value])


def _measure(seconds: float, readers: int, rate: float) -> tuple[Run, float]:
    """Read a fresh server's stream; what came of it, and the server's processor time."""
    with serving_hunch() as process:
        run = Run(process.url(), process.pid, seconds, readers, rate)
        asyncio.run(run.run())
        return run, cpu_seconds(process.pid)


def main() -> int:
    """Read a fresh server's stream, and print what came of it; 1 when that is not what was promised."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_SECONDS
    readers = int(sys.argv[2]) if len(sys.argv) > 2 else DEFAULT_READERS  # noqa: PLR2004  (the second word)
    rate = float(sys.argv[3]) if len(sys.argv) > 3 else DEFAULT_RATE  # noqa: PLR2004  (the third)
    load_before = os.getloadavg()[0]
    run, spent = _measure(seconds, readers, rate)
    load = f"load {load_before:.1f} before, {os.getloadavg()[0]:.1f} after"
    say(f"{processors()} processors, {load}; {run.seconds:.0f} s, {readers} readers")
    return _report(run, spent)


def _report(run: Run, spent: float) -> int:
    last, lateness = run.last, run.lateness
    p50, p99 = milliseconds(lateness)
    whole = sum(reader.position == last for reader in run.crowd.readers)
    half = run.memory[len(run.memory) // 2]
    say(f"{run.market.orders / run.seconds:.1f} orders a second, {last} events; {whole} readers have all of them")
    say(f"{len(lateness)} arrivals, late by p50 {p50:.1f} ms, p99 {p99:.1f} ms, at most {max(lateness) * 1000:.1f} ms")
    say(f"the slow reader was cut off {run.crowd.slow_cuts} times and has {run.slow.position} events")
    say(
        f"memory: {half / 1024:.1f} MB after half the time, {run.memory[-1] / 1024:.1f} MB in the end; "
        f"{spent:.1f} s of processor time, the clients {time.process_time():.1f} s"
    )
    failed = {
        "a reader lacks events": whole < len(run.crowd.readers) or run.slow.position < last,
        "the slow reader was not cut off": not run.crowd.slow_cuts,
        "events are late": p99 > ALLOWED_SECONDS * 1000,
        "memory grows": run.memory[-1] > half * ALLOWED_GROWTH,
    }
    for what in (what for what, is_so in failed.items() if is_so):
        say(f"NOT AS PROMISED: {what}")
    return int(any(failed.values()))


if __name__ == "__main__":
    sys.exit(main())
