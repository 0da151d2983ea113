"""Whether a use case takes longer the older its market is: one of a hundred thousand trades beside one of a hundred.

Run as ``python -m bench.age [folder]``; it takes some minutes, most of them to trade. The databases are kept in the
folder if one is named, and gone afterwards otherwise. ``make bench`` has an old market of fewer trades.

Each market is alone in a SQLite file of its own, so that what a larger file costs is measured too. Fifty traders make
its trades through the use case itself, without an fsync for each. Then every use case is called in turn on the one
file and on the other, in this process and without HTTP, as ``hunch serve`` would, orders with their fsync.
The ratio is the median of the calls' ratios, the old market's divided by the young one's: 1 is a cost that
does not grow.
"""

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from bench.figures import Figure, Subject, compared, progress, rows, say
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


def figures(old: int, calls: int, folder: Path | None = None) -> Iterator[Figure]:
    """Each use case on an old market beside a young one; they are kept in a folder that is named."""
    with ExitStack() as stack:
        kept = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hunch-bench-")))
        for trades in (YOUNG, old):
            with _HastyDatabase.open(kept / f"{trades}.db") as filling:
                asyncio.run(make_trades(sqlite_persistence(filling), FakeClock(), trades))
            progress(f"  {trades} trades made, {(kept / f'{trades}.db').stat().st_size / 1e6:.1f} MB")
        databases = {trades: stack.enter_context(Database.open(kept / f"{trades}.db")) for trades in (old, YOUNG)}
        times = asyncio.run(_measure({trades: _acts(each, trades) for trades, each in databases.items()}, calls))
    for name, (ours, young) in times.items():
        yield compared(Subject("age", name, f"a call after {old} trades", "ms"), ours, f"{YOUNG} trades", young)


async def _measure(markets: Mapping[int, Mapping[str, Act]], calls: int) -> dict[str, tuple[list[float], ...]]:
    """Do each act in turn on every market; the milliseconds of each call."""
    times: dict[str, tuple[list[float], ...]] = {}
    for name in next(iter(markets.values())):
        times[name] = tuple([] for _ in markets)
        for _ in range(calls):
            for acts_of, spent in zip(markets.values(), times[name], strict=True):
                act = acts_of[name]
                if act.before:
                    await act.before()
                begin = time.perf_counter()
                await act.do()
                spent.append((time.perf_counter() - begin) * 1000)
    return times


def main() -> None:
    """Fill both databases and compare."""
    for line in rows(figures(OLD, CALLS, Path(sys.argv[1]) if len(sys.argv) > 1 else None)):
        say(line)


if __name__ == "__main__":
    main()
