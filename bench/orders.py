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
import sys
import tempfile
import time
from dataclasses import dataclass
from statistics import quantiles
from typing import NamedTuple

from bench.connection import HUNCH, Connection, connect, serving

DEFAULT_SECONDS = 4.0
WARM_UP_SECONDS = 0.5
TURNS, READS, QUOTES = 5, 3, 1
"""How the mixed load is composed: the turn of each trader that is neither a read nor a quote is an order."""


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


class Trader:
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

    async def settle_in(self, connection: Connection, *, publishes: bool) -> None:
        """Sign in, open the account, and publish the market when it falls to this one."""
        signed_in = await connection.send("POST", "/v1/dev/sign-in", {"account": self._account})
        self._token = f"Bearer {json.loads(signed_in.content)['token']}"
        await self._require(connection, "/v1/accounts")
        if publishes:
            await self._require(connection, "/v1/markets", {"slug": self._market, "name": "Will it rain?"})
            await self._require(connection, f"/v1/markets/{self._market}/publish")

    async def send_next(self, connection: Connection) -> None:
        """One request of the scenario's mix."""
        self._sent += 1
        turn = self._sent % TURNS if self._scenario.is_mixed else TURNS
        path = f"/v1/markets/{self._market}"
        order = {"outcome": self._outcome, "side": "buy", "quantity": "0.010000"}
        if turn < READS:
            answer = await connection.send("GET", path)
        elif turn < READS + QUOTES:
            answer = await connection.send("POST", f"{path}/quotes", order)
        else:
            headers = {"Authorization": self._token, "Idempotency_Key": str(self._sent)}
            answer = await connection.send("POST", f"{path}/orders", order, **headers)
        answer.require_success()

    async def _require(self, connection: Connection, path: str, body: object = None) -> None:
        (await connection.send("POST", path, body, Authorization=self._token)).require_success()


async def trade(url: str, trader: Trader, begin: float, seconds: float, latencies: list[float]) -> None:
    """Send one order after the other until so long after the beginning; note how long each took that was sent since."""
    async with connect(url) as connection:
        while (sent := time.perf_counter()) < begin + seconds:
            await trader.send_next(connection)
            if sent >= begin:
                latencies.append(time.perf_counter() - sent)


async def _measure(url: str, scenario: Scenario, seconds: float, *, is_peer: bool) -> Figures:
    traders = [Trader(number, scenario) for number in range(scenario.traders)]
    if not is_peer:
        async with connect(url) as connection:
            for number, trader in enumerate(traders):
                await trader.settle_in(connection, publishes=number < scenario.markets)
    begin = time.perf_counter() + WARM_UP_SECONDS
    latencies: list[float] = []
    async with asyncio.TaskGroup() as tasks:
        for trader in traders:
            tasks.create_task(trade(url, trader, begin, seconds, latencies))
    cuts = quantiles(latencies, n=100)
    return Figures(len(latencies) / (time.perf_counter() - begin), cuts[49] * 1000, cuts[98] * 1000)


def _compare(scenario: Scenario, seconds: float) -> tuple[Figures, Figures]:
    with tempfile.TemporaryDirectory(prefix="hunch-bench-") as folder:
        with serving(HUNCH, "serve", "--port", "0", "--database", f"{folder}/hunch.db") as url:
            ours = asyncio.run(_measure(url, scenario, seconds, is_peer=False))
        with serving(sys.executable, "-m", "bench.peer", f"{folder}/peer.db") as url:
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
