"""What one busy market on AWS takes: direct, by a FIFO queue, and by the mailbox that place_order uses.

Run as ``python -m bench.contention [--rates 1 10 30 100 210 400 1000] [--ways direct fifo mailbox]``. Orders come at
random instants, on average so many a second, all for one market, each from one of a thousand accounts that have traded
in it before, each in a Lambda environment of its own. The use case, its stores and its mailbox are the real ones; they
run in virtual time over the simulation's DynamoDB, with its conditions and cancellations, the locks of transactions in
flight, the limits of partitions (1 000 write and 3 000 read units a second for each key), and the latencies of
``latency.py``. The same command gives the same table on every machine.

- ``filled/s``: orders that were filled while orders came in, a second.
- ``given up``: the part of the orders that were answered 503 (``contention``), which is safe to repeat.
- ``tries``: transactions, those that failed among them, for each order that was filled. Below one where one
  transaction fills many.
- ``write`` and ``read``: units for each order that was filled, those of failed transactions and of indexes included.
- ``$``: for a million filled orders: units, API Gateway, Lambda with its waiting, and the queue's requests.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from statistics import quantiles
from typing import NamedTuple

from bench.contention.latency import MEMORY_MB
from bench.contention.market import Tally, Way, simulate
from bench.contention.ways import BATCH, by_mailbox, by_queue, direct
from bench.figures import Figure, Subject, compared, progress, say

WAYS: dict[str, Way] = {"direct": direct, "fifo": by_queue, "mailbox": by_mailbox}
RATES = (1.0, 10.0, 30.0, 100.0, 210.0, 400.0, 1000.0)
_ORDERS, _SHORTEST, _LONGEST = 1000, 4.0, 30.0
_MILLION = 1_000_000
WRITE_PRICE, READ_PRICE = 0.625, 0.125
GATEWAY_PRICE, CALL_PRICE, QUEUE_PRICE = 3.50, 0.20, 0.50
"""Dollars a million, on demand, in us-east-1 in November 2026."""
GIGABYTE_SECOND = 0.0000133334


class Measured(NamedTuple):
    """What became of the orders of one rate."""

    offered: float
    filled: float
    given_up: float
    p50: float
    p99: float
    tries: float
    write_units: float
    read_units: float
    dollars: float


def _measured(tally: Tally, *, is_queued: bool) -> Measured:
    """The figures of a run, for each order that was filled where it says so."""
    meter, filled = tally.meter, len(tally.latencies)
    cuts = quantiles(tally.latencies, n=100, method="inclusive")
    units = meter.write_units + meter.index_units
    seconds = tally.lambda_seconds * (not is_queued) + meter.worker_seconds
    calls = filled + tally.given_up
    dollars = units * WRITE_PRICE + meter.read_units * READ_PRICE + calls * (GATEWAY_PRICE + CALL_PRICE)
    dollars += seconds * MEMORY_MB / 1024 * GIGABYTE_SECOND * _MILLION
    dollars += calls * (1 + 2 / BATCH) * QUEUE_PRICE * is_queued
    return Measured(
        tally.offered,
        tally.in_time / tally.seconds,
        tally.given_up / calls,
        cuts[49] * 1000,
        cuts[98] * 1000,
        meter.calls["TransactWriteItems"] / filled,
        units / filled,
        meter.read_units / filled,
        dollars / filled,
    )


def measure(way: str, offered: float, seconds: float | None = None) -> Measured:
    """Simulate one way at one rate, for so long that there are about a thousand orders unless it is said."""
    seconds = seconds or min(_LONGEST, max(_SHORTEST, _ORDERS / offered))
    return _measured(simulate(WAYS[way], offered, seconds), is_queued=way == "fifo")


def figures(rates: Sequence[float]) -> Iterator[Figure]:
    """The mailbox beside the other ways, at some rates."""
    metrics: tuple[tuple[str, str, Callable[[Measured], float]], ...] = (
        ("filled orders", "a second", lambda each: each.filled),
        ("p99", "ms", lambda each: each.p99),
        ("write units", "an order", lambda each: each.write_units),
        ("a million orders", "$", lambda each: each.dollars),
    )
    for rate in rates:
        progress(f"  {rate:g} orders a second")
        done = {way: measure(way, rate) for way in WAYS}
        for metric, unit, of in metrics:
            for peer, name in (("direct", "direct"), ("fifo", "FIFO queue")):
                case, own = f"{rate:g} a second offered", [of(done["mailbox"])]
                yield compared(Subject("contention", case, metric, unit), own, name, [of(done[peer])])


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(prog="bench.contention")
    parser.add_argument("--rates", type=float, nargs="+", default=RATES)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    asked = parser.parse_args()
    head = ("offered/s", "filled/s", "given up", "p50 ms", "p99 ms", "tries", "write", "read", "$")
    say(f"{'':8}" + "".join(f"{name:>10}" for name in head))
    for way in asked.ways:
        for rate in asked.rates:
            f = measure(way, rate)
            say(
                f"{way:8}{f.offered:10g}{f.filled:10.1f}{f.given_up:10.1%}{f.p50:10.0f}{f.p99:10.0f}"
                f"{f.tries:10.2f}{f.write_units:10.1f}{f.read_units:10.1f}{f.dollars:10.2f}"
            )


if __name__ == "__main__":
    main()
