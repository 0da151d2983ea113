"""One hot market: how many orders a real ``hunch serve`` takes from many traders, and what one costs its processor.

Run as ``python -m bench.hot_market [--vs HUNCH] [--rounds 5] [--seconds 4] [--traders 64]``. With ``--vs``, the path of
another installation's ``hunch``, each round measures this one and the other, one after the other, so that whatever
else the machine does meets both; a ratio is taken in each round, and every figure is the median over the rounds.

Every trader is one keep-alive connection with an account of its own that sends the next order when the last is
answered; all of them trade on one market of a fresh database. The clients run in this process and compete for the same
processors. Orders of the first half second are not counted.

- ``orders/s``: answered with 201, by the clock on the wall.
- ``CPU ms``: user and system time of the server's process while orders were counted, divided by the orders.
- ``p50``, ``p99``: milliseconds from sending an order to its whole answer.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

from bench.connection import HUNCH, Process, connect
from bench.orders import WARM_UP_SECONDS, Scenario, Trader, trade

_TICKS = os.sysconf("SC_CLK_TCK")


class Figures(NamedTuple):
    """What one server did in one round."""

    rate: float
    cpu_milliseconds: float
    p50: float
    p99: float


def cpu_seconds(process_id: int) -> float:
    """User and system time that a process has used so far, its threads included."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


async def _trade(url: str, process_id: int, traders: int, seconds: float) -> Figures:
    scenario = Scenario(traders, 1)
    everybody = [Trader(number, scenario) for number in range(traders)]
    async with connect(url) as connection:
        for number, trader in enumerate(everybody):
            await trader.settle_in(connection, publishes=number == 0)
    begin = time.perf_counter() + WARM_UP_SECONDS
    latencies: list[float] = []

    async def clock_cpu() -> float:
        await asyncio.sleep(begin - time.perf_counter())
        before = cpu_seconds(process_id)
        await asyncio.sleep(begin + seconds - time.perf_counter())
        return cpu_seconds(process_id) - before

    async with asyncio.TaskGroup() as tasks:
        cpu = tasks.create_task(clock_cpu())
        for trader in everybody:
            tasks.create_task(trade(url, trader, begin, seconds, latencies))
    cuts = quantiles(latencies, n=100)
    elapsed = time.perf_counter() - begin
    return Figures(len(latencies) / elapsed, cpu.result() / len(latencies) * 1000, cuts[49] * 1000, cuts[98] * 1000)


def _measure(hunch: str, traders: int, seconds: float) -> Figures:
    with (
        tempfile.TemporaryDirectory(prefix="hunch-bench-") as folder,
        Process([hunch, "serve", "--port", "0", "--database", f"{folder}/hunch.db"]) as process,
    ):
        try:
            return asyncio.run(_trade(process.url(), process.pid, traders, seconds))
        finally:
            process.terminate()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _say_medians(name: str, rounds: list[Figures]) -> None:
    medians = Figures(*(median(column) for column in zip(*rounds, strict=True)))
    _say(f"{name:8} {medians.rate:8.0f} {medians.cpu_milliseconds:8.2f} {medians.p50:8.1f} {medians.p99:8.1f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.hot_market")
    parser.add_argument("--vs", metavar="HUNCH")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--traders", type=int, default=64)
    asked = parser.parse_args()
    _say(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before the start; {asked.rounds} rounds of")
    _say(f"{asked.seconds:.0f} s, {asked.traders} traders on one market; medians")
    ours: list[Figures] = []
    others: list[Figures] = []
    for _ in range(asked.rounds):
        ours.append(_measure(HUNCH, asked.traders, asked.seconds))
        if asked.vs:
            others.append(_measure(asked.vs, asked.traders, asked.seconds))
    _say(f"{'':8} {'orders/s':>8} {'CPU ms':>8} {'p50 ms':>8} {'p99 ms':>8}")
    _say_medians("this", ours)
    if others:
        _say_medians("other", others)
        rates = median(our.rate / other.rate for our, other in zip(ours, others, strict=True))
        costs = median(our.cpu_milliseconds / other.cpu_milliseconds for our, other in zip(ours, others, strict=True))
        _say(f"{'ratio':8} {rates:8.2f} {costs:8.2f}")


if __name__ == "__main__":
    main()
