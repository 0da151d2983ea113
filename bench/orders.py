"""How many orders a real ``hunch serve`` takes, and how long each waits, beside the least that durability costs.

Run as ``python -m bench.orders [seconds]``; each row then takes about that long (default 4) on each of two servers.

Both servers run one after the other, never at once, for every row: Hunch with a fresh database, and the peer
(``bench/peer.py``), a minimal application on the same uvicorn whose every request is one insert, with an fsync of its
own (WAL, synchronous=FULL). No server that keeps what it acknowledges one by one does better on this machine; Hunch
may, since orders that wait together share an fsync. The ratio is Hunch's rate divided by the peer's of the same row.

Each trader is one keep-alive connection that sends the next request when the last is answered. The clients run in
this process, a third one, and compete for the same processors. Rows:

- ``N on M``: N traders, each with an account of its own, place small orders on M markets.
- ``mixed``: 16 traders on 16 markets; 60 % read a market, 20 % ask for a quote, 20 % place an order. The peer inserts
  for every one of these requests.

Latency is from sending to the whole answer, at p50 and p99. Requests of the first half second are not counted.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple
from urllib.parse import urlsplit

DEFAULT_SECONDS = 4.0
WARM_UP_SECONDS = 0.5
TURNS, READS, QUOTES = 5, 3, 1
"""How the mixed load is composed: the turn of each trader that is neither a read nor a quote is an order."""
_HUNCH = str(Path(sys.executable).with_name("hunch"))


class Scenario(NamedTuple):
    """Who does what."""

    traders: int
    markets: int
    is_mixed: bool = False

    def __str__(self) -> str:
        return ("mixed, " if self.is_mixed else "") + f"{self.traders} on {self.markets}"


SCENARIOS = (Scenario(1, 1), Scenario(16, 1), Scenario(64, 1), Scenario(16, 16), Scenario(16, 16, is_mixed=True))


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured: requests per second, and milliseconds."""

    rate: float
    p50: float
    p99: float

    def __str__(self) -> str:
        return f"{self.rate:7.0f}/s {self.p50:7.1f} {self.p99:7.1f}"


class _Process(subprocess.Popen[str]):
    def __init__(self, command: Sequence[str]) -> None:
        super().__init__(command, stdout=subprocess.PIPE, text=True)

    def url(self) -> str:
        """The address in the first line it prints."""
        assert self.stdout is not None
        words = self.stdout.readline().split()
        return next(word for word in words if word.startswith("http://"))


@contextmanager
def _serving(*command: str) -> Iterator[str]:
    with _Process(command) as process:
        try:
            yield process.url()
        finally:
            process.terminate()


class _Connection:
    """HTTP/1.1 over one connection, as little of it as the two servers need."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, bytes]:
        """The status and the body of the answer."""
        content = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(content)}"]
        lines += ["Content-Type: application/json"] if content else []
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + content)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].split(b"\r\n", 1)[0])
        return int(head.split(b" ", 2)[1]), await self._reader.readexactly(length)


@asynccontextmanager
async def _connect(url: str) -> AsyncIterator[_Connection]:
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        yield _Connection(reader, writer)
    finally:
        writer.close()


class _Trader:
    """One who sends the next request when the last is answered.

    Args:
        number: makes the account's name.
        scenario: what to send.
    """

    def __init__(self, number: int, scenario: Scenario) -> None:
        self._outcome = ("YES", "NO")[number // scenario.markets % 2]
        self._scenario = scenario
        self._account = f"trader-{number}"
        self._market = f"market-{number % scenario.markets}"
        self._token = ""
        self._sent = 0

    async def settle_in(self, connection: _Connection, *, publishes: bool) -> None:
        """Sign in, open the account, and publish the market when it falls to this one."""
        _, content = await connection.send("POST", "/v1/dev/sign-in", {"account": self._account})
        self._token = f"Bearer {json.loads(content)['token']}"
        await self._require(connection, "/v1/accounts")
        if publishes:
            await self._require(connection, "/v1/markets", {"slug": self._market, "name": "Will it rain?"})
            await self._require(connection, f"/v1/markets/{self._market}/publish")

    async def send_next(self, connection: _Connection) -> None:
        """One request of the scenario's mix."""
        self._sent += 1
        turn = self._sent % TURNS if self._scenario.is_mixed else TURNS
        path = f"/v1/markets/{self._market}"
        order = {"outcome": self._outcome, "side": "buy", "quantity": "0.010000"}
        if turn < READS:
            status, content = await connection.send("GET", path)
        elif turn < READS + QUOTES:
            status, content = await connection.send("POST", f"{path}/quotes", order)
        else:
            headers = {"Authorization": self._token, "Idempotency_Key": str(self._sent)}
            status, content = await connection.send("POST", f"{path}/orders", order, **headers)
        if status not in {200, 201}:
            raise RuntimeError(f"{status}: {content.decode()}")

    async def _require(self, connection: _Connection, path: str, body: object = None) -> None:
        status, content = await connection.send("POST", path, body, Authorization=self._token)
        if status not in {200, 201}:
            raise RuntimeError(f"{status}: {content.decode()}")


async def _measure(url: str, scenario: Scenario, seconds: float, *, is_peer: bool) -> Figures:
    traders = [_Trader(number, scenario) for number in range(scenario.traders)]
    if not is_peer:
        async with _connect(url) as connection:
            for number, trader in enumerate(traders):
                await trader.settle_in(connection, publishes=number < scenario.markets)
    begin = time.perf_counter() + WARM_UP_SECONDS
    latencies: list[float] = []

    async def trade(trader: _Trader) -> None:
        async with _connect(url) as connection:
            while (sent := time.perf_counter()) < begin + seconds:
                await trader.send_next(connection)
                if sent >= begin:
                    latencies.append(time.perf_counter() - sent)

    async with asyncio.TaskGroup() as tasks:
        for trader in traders:
            tasks.create_task(trade(trader))
    cuts = quantiles(latencies, n=100)
    return Figures(len(latencies) / (time.perf_counter() - begin), cuts[49] * 1000, cuts[98] * 1000)


def _compare(scenario: Scenario, seconds: float) -> tuple[Figures, Figures]:
    with tempfile.TemporaryDirectory(prefix="hunch-bench-") as folder:
        with _serving(_HUNCH, "serve", "--port", "0", "--database", f"{folder}/hunch.db") as url:
            ours = asyncio.run(_measure(url, scenario, seconds, is_peer=False))
        with _serving(sys.executable, "-m", "bench.peer", f"{folder}/peer.db") as url:
            peers = asyncio.run(_measure(url, scenario, seconds, is_peer=True))
    return ours, peers


def main() -> None:
    """Measure every scenario and print the table."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_SECONDS
    _say(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before the start; milliseconds at p50 and p99")
    _say(f"{'traders on markets':20} {'hunch':>9} {'p50':>7} {'p99':>7}   {'peer':>7} {'p50':>9} {'p99':>7}   ratio")
    for scenario in SCENARIOS:
        ours, peers = _compare(scenario, seconds)
        _say(f"{scenario!s:20} {ours} {peers}   {ours.rate / peers.rate:5.2f}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
