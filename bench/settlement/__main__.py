"""How fast a market is paid out that very many people hold shares of, and what memory that takes.

Run as ``python -m bench.settlement [--sqlite 10000 100000] [--aws 50000] [--rounds 3]``. A million works as well: it
takes some minutes on SQLite, and a quarter of an hour on AWS, of which the virtual time is shown.

- SQLite: the use case in a process of its own over a file whose rows were written beforehand; its processor time and
  the most memory it ever took. The peer does the same writes in the same transactions (``bench/writes.py``), for the
  smaller market; the larger one is settled once.
- AWS: the use case over the simulation's DynamoDB, as ``bench.contention`` has it, by as many workers as the rings of a
  decided market call, at tables that take whatever their partitions can: 1 000 write units a second for each key.
"""

import argparse
from collections.abc import Iterator, Sequence

from bench.figures import OURS, Figure, Subject, measured, of_turns, progress, rows, say, take_turns
from bench.settlement.aws import simulate
from bench.settlement.sqlite import decided, replayed_rates, settle

SQLITE, AWS = (10_000, 100_000), (50_000,)
REPLAYED = 20_000
"""Up to so many positions their writes are kept in memory, and done again."""
RAW = "the same writes alone"


def figures(sqlite: Sequence[int] = SQLITE, aws: Sequence[int] = AWS, rounds: int = 3) -> Iterator[Figure]:
    """Markets of so many positions, on one machine and on AWS."""
    for number in sqlite:
        yield from _on_sqlite(number, rounds)
    for number in aws:
        progress(f"  {number} positions on AWS")
        paid, case = simulate(number), f"{number} positions, AWS in virtual time"
        yield measured(Subject("settlement", case, "positions", "a second"), [paid.positions / paid.seconds])
        yield measured(Subject("settlement", case, "until all are paid", "s"), [paid.seconds])
        yield measured(Subject("settlement", case, "write units", "a position"), [paid.units])


def _on_sqlite(number: int, rounds: int) -> Iterator[Figure]:
    case = f"{number} positions, SQLite"
    with decided(number) as path:
        progress(f"  {number} positions on SQLite")
        done = take_turns(rounds if number <= REPLAYED else 1, {OURS: lambda: settle(path)})
        rates = {OURS: [each.rate for each in done[OURS]]}
        if number <= REPLAYED:
            rates[RAW] = replayed_rates(path, number, rounds)
    yield from of_turns(Subject("settlement", case, "positions", "a second"), rates, float)
    processor = [each.processor_seconds / each.positions * 1_000_000 for each in done[OURS]]
    yield measured(Subject("settlement", case, "processor time of a position", "µs"), processor)
    yield measured(Subject("settlement", case, "most memory", "MB"), [each.peak_megabytes for each in done[OURS]])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.settlement")
    parser.add_argument("--sqlite", type=int, nargs="*", default=SQLITE)
    parser.add_argument("--aws", type=int, nargs="*", default=AWS)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    for line in rows(figures(asked.sqlite, asked.aws, asked.rounds)):
        say(line)


if __name__ == "__main__":
    main()
