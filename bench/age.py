"""Whether a use case takes longer the older its market is: one of a hundred thousand trades beside one of a hundred.

Run as ``python -m bench.age [folder]``; it takes some minutes, most of them to trade. The databases are kept in the
folder if one is named, and gone afterwards otherwise.

Each market is alone in a SQLite file of its own, so that what a larger file costs is measured too. Fifty traders make
its trades through the use case itself, without an fsync for each. Then every use case is called in turn on the one
file and on the other, in this process and without HTTP, as ``hunch serve`` would, orders with their fsync.
The ratio is the old market's median divided by the young one's of the same run: 1 is a cost that does not grow.
"""

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench.market import PACE, Act, acts, make_trades
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.writer import BUSY_SECONDS
from functions.config.sqlite import sqlite_persistence
from tests.fakes.clock import START, FakeClock

YOUNG, OLD = 100, 100_100
"""Both numbers leave every trader with shares of both outcomes, so that nothing but the age differs."""
CALLS = 300


class _HastyDatabase(Database):
    """One that does not wait for the disk: for trades whose loss would cost nobody anything."""

    def _connect(self, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
        connection = super()._connect(busy_seconds)
        connection.execute("PRAGMA synchronous = OFF")
        return connection


def _acts(database: Database, trades: int) -> Mapping[str, Act]:
    return acts(sqlite_persistence(database), FakeClock(START + trades * PACE), trades)


async def _measure(young: Mapping[str, Act], old: Mapping[str, Act]) -> None:
    """Do each act in turn on both, and print the medians."""
    _say(f"{'milliseconds at the median':34} {YOUNG:>8} {OLD:>8}   ratio")
    for name in young:
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(CALLS):
            for act, spent in zip((young[name], old[name]), times, strict=True):
                if act.before:
                    await act.before()
                begin = time.perf_counter()
                await act.do()
                spent.append(time.perf_counter() - begin)
        before, after = (median(spent) * 1000 for spent in times)
        _say(f"{name:34} {before:8.2f} {after:8.2f}   {after / before:5.2f}")


def _compare(folder: Path) -> None:
    for trades in (YOUNG, OLD):
        begin = time.perf_counter()
        with _HastyDatabase.open(folder / f"{trades}.db") as filling:
            asyncio.run(make_trades(sqlite_persistence(filling), FakeClock(), trades))
        _say(f"{trades} trades in {time.perf_counter() - begin:.0f} s, {_size(folder / f'{trades}.db'):.1f} MB")
    with ExitStack() as stack:
        young, old = (stack.enter_context(Database.open(folder / f"{trades}.db")) for trades in (YOUNG, OLD))
        asyncio.run(_measure(_acts(young, YOUNG), _acts(old, OLD)))


def _size(path: Path) -> float:
    return path.stat().st_size / 1e6


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Fill both databases and compare."""
    if len(sys.argv) > 1:
        _compare(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory(prefix="hunch-bench-") as folder:
            _compare(Path(folder))


if __name__ == "__main__":
    main()
