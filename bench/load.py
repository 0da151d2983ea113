"""A bounded mixed load on a real ``hunch serve``: how long requests wait, what fails, and whether memory stays flat.

Run as ``python -m bench.load [seconds]`` (default 600). Thirty-two traders each keep one connection and send the next
request once the last is answered: ten reads (a market, the list, trades, a portfolio, a quote) to each order, and every
other order goes to the one hot market of eight. Orders buy and sell turn by turn, so that nobody runs out of anything.
Beside them strangers do their worst (``bench.hostile``); ``--quiet`` leaves them out.

It passes when every answer to a trader is a success, a 409, or a 503 with Retry-After, when orders take less than
ALLOWED_ORDER_SECONDS at p99, and when the server's memory after the first quarter has grown by no more than
ALLOWED_GROWTH at the end.
"""

import asyncio
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from itertools import count
from random import Random
from statistics import median, quantiles

from bench import hostile
from bench.connection import HUNCH, Answer, Connection, Person, connect, resident_kilobytes, serving_hunch
from bench.figures import LAST_RELEASE, OURS, Figure, Subject, milliseconds, of_turns, say, take_turns

DEFAULT_SECONDS = 600.0
TRADERS, MARKETS, READS = 32, 8, 10
HOT = "market-0"
SAMPLE_SECONDS = 1.0
QUIET = "--quiet"
ALLOWED_ORDER_SECONDS = 0.3
ALLOWED_GROWTH = 1.15
"""Caches of the interpreter and of SQLite fill for a while; what is kept for each request would grow without end."""


class Load:
    """What was sent so far, and how it went.

    Args:
        url: the server's address.
    """

    def __init__(self, url: str) -> None:
        self.latencies: dict[str, list[float]] = defaultdict(list)
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.wrong: list[str] = []
        self.memory: list[int] = []
        self._url = url
        self._traders = [Trader(number) for number in range(TRADERS)]
        self._end = 0.0

    async def settle_in(self) -> None:
        """Open the accounts and publish the markets."""
        async with connect(self._url) as connection:
            for number, trader in enumerate(self._traders):
                await trader.settle_in(connection, f"market-{number}" if number < MARKETS else "")

    async def run(self, process_id: int, seconds: float) -> None:
        """Let everybody trade for so long."""
        self._end = time.perf_counter() + seconds
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._sample(process_id))
            for trader in self._traders:
                tasks.create_task(self._trade(trader))

    async def _trade(self, trader: "Trader") -> None:
        async with connect(self._url) as connection:
            while (sent := time.perf_counter()) < self._end:
                kind, answer = await trader.send_next(connection)
                self.latencies[kind].append(time.perf_counter() - sent)
                self.statuses[kind, answer.status] += 1
                if not _is_allowed(answer):
                    self.wrong.append(f"{kind}: {answer.status} {answer.content.decode()}")

    async def _sample(self, process_id: int) -> None:
        while time.perf_counter() < self._end:
            self.memory.append(resident_kilobytes(process_id))
            await asyncio.sleep(SAMPLE_SECONDS)


class Trader(Person):
    """One who sends one request after the other."""

    def __init__(self, number: int) -> None:
        super().__init__(f"trader-{number}")
        self._random = Random(number)  # noqa: S311  (every run sends the same)
        self._own = f"market-{number % MARKETS}"
        self._numbers = count()
        self._bought: tuple[str, str] | None = None

    async def send_next(self, connection: Connection) -> tuple[str, Answer]:
        """One request of the mix, and what kind it was."""
        number = next(self._numbers)
        if number % (READS + 1) == READS:
            return "order", await self._trade(connection, str(number))
        market = f"/v1/markets/{self._random.choice((HOT, self._own))}"
        kind = self._random.choice(("market", "market", "list", "trades", "portfolio", "quote"))
        if kind == "quote":
            body = {"outcome": "YES", "side": "buy", "spend": "1"}
            return kind, await connection.send("POST", f"{market}/quotes", body)
        paths = {
            "market": market,
            "list": "/v1/markets",
            "trades": f"{market}/trades",
            "portfolio": "/v1/portfolio",
        }
        return kind, await connection.send("GET", paths[kind], **self.headers)

    async def _trade(self, connection: Connection, key: str) -> Answer:
        """Buy, or sell what was bought last."""
        sells = self._bought is not None
        market, outcome = self._bought or (self._random.choice((HOT, self._own)), self._random.choice(("YES", "NO")))
        answer = await self.order(connection, market, key, outcome, "sell" if sells else "buy", "0.100000")
        if answer.status == HTTPStatus.CREATED:
            self._bought = None if sells else (market, outcome)
        return answer


def _is_allowed(answer: Answer) -> bool:
    is_busy = answer.status == HTTPStatus.SERVICE_UNAVAILABLE and b"\r\nretry-after: " in answer.head
    return is_busy or answer.status in {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.CONFLICT}


def figures(rounds: int, seconds: float, vs: str | None = None) -> Iterator[Figure]:
    """Requests of traders alone, in turn with those of another installation's ``hunch``."""
    contestants = {OURS: HUNCH} | ({LAST_RELEASE: vs} if vs else {})
    done = take_turns(rounds, {name: partial(_quiet, seconds, hunch) for name, hunch in contestants.items()})
    metrics: tuple[tuple[str, str, Callable[[Load], float]], ...] = (
        ("requests", "a second", lambda load: sum(map(len, load.latencies.values())) / seconds),
        ("orders", "a second", lambda load: len(load.latencies["order"]) / seconds),
        ("order p50", "ms", lambda load: milliseconds(load.latencies["order"])[0]),
        ("order p99", "ms", lambda load: milliseconds(load.latencies["order"])[1]),
        ("memory at the end", "MB", lambda load: load.memory[-1] / 1024),
    )
    for metric, unit, of in metrics:
        subject = Subject("load", f"{TRADERS} clients, {READS} reads to an order", metric, unit)
        yield from of_turns(subject, done, of)


def _quiet(seconds: float, hunch: str) -> Load:
    """A round without strangers."""
    return _run(seconds, hunch)[0]


def _run(seconds: float, hunch: str, *, is_quiet: bool = True) -> tuple[Load, list[str]]:
    """Load a fresh server; what came of it, and of the strangers."""
    with serving_hunch(hunch) as process:
        load = Load(url := process.url())
        asyncio.run(load.settle_in())
        with hostile.beside(url, seconds, is_quiet=is_quiet) as strangers:
            asyncio.run(load.run(process.pid, seconds))
    return load, strangers


def main() -> int:
    """Load a fresh server, and print what came of it; 1 when that is not what was promised."""
    arguments = [argument for argument in sys.argv[1:] if argument != QUIET]
    seconds = float(arguments[0]) if arguments else DEFAULT_SECONDS
    load_before = os.getloadavg()[0]
    load, strangers = _run(seconds, HUNCH, is_quiet=QUIET in sys.argv)
    loads = f"load average {load_before:.1f} before and {os.getloadavg()[0]:.1f} after"
    say(f"{os.cpu_count()} processors, {loads}; {seconds:.0f} s, {TRADERS} traders")
    for line in strangers:
        say(line)
    return _report(load, seconds)


def _report(load: Load, seconds: float) -> int:
    say(f"{'request':10} {'per second':>10} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'max ms':>8}  statuses")
    for kind, latencies in sorted(load.latencies.items()):
        cuts = quantiles(latencies, n=100)
        statuses = {status: times for (name, status), times in sorted(load.statuses.items()) if name == kind}
        figures = " ".join(f"{value * 1000:8.1f}" for value in (cuts[49], cuts[94], cuts[98], max(latencies)))
        say(f"{kind:10} {len(latencies) / seconds:10.1f} {figures}  {statuses}")
    quarter = max(1, len(load.memory) // 4)
    early, late = median(load.memory[quarter : 2 * quarter] or load.memory), median(load.memory[-quarter:])
    say(f"memory: {early / 1024:.1f} MB in the second quarter, {late / 1024:.1f} MB in the last ({late / early:.3f})")
    for line in load.wrong[:5]:
        say(f"NOT ALLOWED: {line}")
    is_flat = late <= early * ALLOWED_GROWTH
    orders = load.latencies["order"]
    is_prompt = bool(orders) and quantiles(orders, n=100)[98] < ALLOWED_ORDER_SECONDS
    say(
        f"{len(load.wrong)} answers that are not allowed; orders are {'prompt' if is_prompt else 'LATE'}; "
        f"memory is {'flat' if is_flat else 'GROWING'}"
    )
    return 0 if is_flat and is_prompt and not load.wrong else 1


if __name__ == "__main__":
    sys.exit(main())
