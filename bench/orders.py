"""How many orders a real ``hunch serve`` takes, and how long each waits, beside the least that durability costs.

Run as ``python -m bench.orders [seconds]``; each row then takes about that long (default 4) on each of two servers.

Servers run one after the other, never at once, for every row: Hunch with a fresh database, and the peer
(``bench/peer.py``), a minimal application on the same uvicorn whose every request is one insert, with an fsync of its
own (WAL, synchronous=FULL). No server that keeps what it acknowledges one by one does better on this machine; Hunch
may, since orders that wait together share an fsync. The ratio is Hunch's rate divided by the peer's of the same row.
``make bench`` adds the last release, and the very writes of the hot market's orders alone (``bench/writes.py``).

Each trader is one keep-alive connection that sends the next request when the last is answered. The clients run in
this process, a third one, and compete for the same processors. Rows:

- ``N on M``: N traders, each with an account of its own, place small orders on M markets.
- ``mixed``: 16 traders on 16 markets; 60 % read a market, 20 % ask for a quote, 20 % place an order. The peer inserts
  for every one of these requests.

Latency is from sending to the whole answer, at p50 and p99. CPU is user and system time of the server while requests
were counted, for each of them. Requests of the first half second are not counted.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import NamedTuple

from bench.connection import HUNCH, Connection, Person, Process, connect, cpu_seconds, serving, serving_hunch
from bench.figures import (
    LAST_RELEASE,
    OURS,
    Figure,
    Subject,
    compared,
    milliseconds,
    of_turns,
    processors,
    say,
    take_turns,
)
from bench.writes import recorded, replayed_rate

DEFAULT_SECONDS = 4.0
WARM_UP_SECONDS = 0.5
TURNS, READS, QUOTES = 5, 3, 1
"""How the mixed load is composed: the turn of each trader that is neither a read nor a quote is an order."""
_FEWEST = 2
"""Of which there are percentiles."""
PEER, RAW = "an fsync for each request", "the same writes alone"


class Scenario(NamedTuple):
    """Who does what."""

    traders: int
    markets: int
    is_mixed: bool = False

    def __str__(self) -> str:
        return ("mixed, " if self.is_mixed else "") + f"{self.traders} on {self.markets}"


HOT = Scenario(64, 1)
SCENARIOS = (Scenario(1, 1), Scenario(16, 1), HOT, Scenario(16, 16), Scenario(16, 16, is_mixed=True))


class Measured(NamedTuple):
    """What one server did: requests per second, and milliseconds."""

    rate: float
    cpu: float
    p50: float
    p99: float

    def __str__(self) -> str:
        return f"{self.rate:7.0f}/s {self.p50:7.1f} {self.p99:7.1f}"


class Trader(Person):
    """One who sends the next request when the last is answered.

    Args:
        number: makes the account's name.
        scenario: what to send.
    """

    def __init__(self, number: int, scenario: Scenario) -> None:
        super().__init__(f"trader-{number}")
        self._outcome = ("YES", "NO")[number // scenario.markets % 2]
        self._scenario = scenario
        self._market = f"market-{number % scenario.markets}"
        self._sent = 0

    async def send_next(self, connection: Connection) -> None:
        """One request of the scenario's mix."""
        self._sent += 1
        turn = self._sent % TURNS if self._scenario.is_mixed else TURNS
        path = f"/v1/markets/{self._market}"
        if turn < READS:
            answer = await connection.send("GET", path)
        elif turn < READS + QUOTES:
            body = {"outcome": self._outcome, "side": "buy", "quantity": "0.010000"}
            answer = await connection.send("POST", f"{path}/quotes", body)
        else:
            answer = await self.order(connection, self._market, str(self._sent), self._outcome)
        answer.require_success()


async def _trade(url: str, trader: Trader, begin: float, seconds: float, latencies: list[float]) -> None:
    """Send one order after the other until so long after the beginning; note how long each took that was sent since.

    On a busy machine it goes on until there is something to count.
    """
    async with connect(url) as connection:
        while (sent := time.perf_counter()) < begin + seconds or len(latencies) < _FEWEST:
            await trader.send_next(connection)
            if sent >= begin:
                latencies.append(time.perf_counter() - sent)


async def _clock_cpu(process_id: int, begin: float, seconds: float) -> float:
    """The processor time that a server takes from the beginning on, for so long."""
    await asyncio.sleep(begin - time.perf_counter())
    before = cpu_seconds(process_id)
    await asyncio.sleep(begin + seconds - time.perf_counter())
    return cpu_seconds(process_id) - before


async def _load(process: Process, scenario: Scenario, seconds: float, *, has_accounts: bool) -> Measured:
    url, traders = process.url(), [Trader(number, scenario) for number in range(scenario.traders)]
    if has_accounts:
        async with connect(url) as connection:
            for number, trader in enumerate(traders):
                await trader.settle_in(connection, f"market-{number}" if number < scenario.markets else "")
    begin = time.perf_counter() + WARM_UP_SECONDS
    latencies: list[float] = []
    async with asyncio.TaskGroup() as tasks:
        cpu = tasks.create_task(_clock_cpu(process.pid, begin, seconds))
        for trader in traders:
            tasks.create_task(_trade(url, trader, begin, seconds, latencies))
    rate = len(latencies) / (time.perf_counter() - begin)
    return Measured(rate, cpu.result() / len(latencies) * 1000, *milliseconds(latencies))


def measure(scenario: Scenario, seconds: float, hunch: str = HUNCH) -> Measured:
    """What an installation's ``hunch`` does with a fresh database."""
    return _measure(serving_hunch(hunch), scenario, seconds, has_accounts=True)


def measure_peer(scenario: Scenario, seconds: float) -> Measured:
    """What the floor does."""
    peer = serving(sys.executable, "-m", "bench.peer", "{folder}/peer.db")
    return _measure(peer, scenario, seconds, has_accounts=False)


def _measure(
    server: AbstractContextManager[Process], scenario: Scenario, seconds: float, *, has_accounts: bool
) -> Measured:
    with server as process:
        return asyncio.run(_load(process, scenario, seconds, has_accounts=has_accounts))


def figures(rounds: int, seconds: float, vs: str | None = None) -> Iterator[Figure]:
    """Every scenario but the mixed one, which ``bench.load`` has, beside its peers."""
    for scenario in SCENARIOS[:-1]:
        servers: dict[str, Callable[[], Measured]] = {OURS: partial(measure, scenario, seconds)}
        servers[PEER] = partial(measure_peer, scenario, seconds)
        if vs:
            servers[LAST_RELEASE] = partial(measure, scenario, seconds, vs)
        case = f"{scenario.traders} trading on {scenario.markets}"
        if scenario == HOT:
            yield from _hot(case, rounds, servers)
        else:
            yield from _rows(case, take_turns(rounds, servers))


def _hot(case: str, rounds: int, servers: Mapping[str, Callable[[], Measured]]) -> Iterator[Figure]:
    """The hot market, in turn with its orders' writes alone."""
    with recorded(HOT.traders) as recording:
        alone = {RAW: lambda: Measured(replayed_rate(recording), 0, 0, 0)}
        done = take_turns(rounds, {**servers, **alone})
    raw = done.pop(RAW)
    yield from _rows(case, done)
    rates = [[each.rate for each in turns] for turns in (done[OURS], raw)]
    yield compared(Subject("orders", case, "orders", "a second"), rates[0], RAW, rates[1])


def _rows(case: str, done: Mapping[str, list[Measured]]) -> Iterator[Figure]:
    yield from of_turns(Subject("orders", case, "orders", "a second"), done, lambda each: each.rate)
    ours = {name: turns for name, turns in done.items() if name != PEER}  # its work is another
    yield from of_turns(Subject("orders", case, "processor time of an order", "ms"), ours, lambda each: each.cpu)
    yield from of_turns(Subject("orders", case, "p50", "ms"), ours, lambda each: each.p50)
    yield from of_turns(Subject("orders", case, "p99", "ms"), ours, lambda each: each.p99)


def main() -> None:
    """Measure every scenario and print the table."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_SECONDS
    say(f"{processors()} processors, load {os.getloadavg()[0]:.1f} before the start; milliseconds at p50 and p99")
    say(f"{'traders on markets':20} {'hunch':>9} {'p50':>7} {'p99':>7}   {'peer':>7} {'p50':>9} {'p99':>7}   ratio")
    for scenario in SCENARIOS:
        ours, peers = measure(scenario, seconds), measure_peer(scenario, seconds)
        say(f"{scenario!s:20} {ours} {peers}   {ours.rate / peers.rate:5.2f}")


if __name__ == "__main__":
    main()
