"""Paying out on one machine: the use case in a process of its own, without a server."""

import asyncio
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.settlement.positions import MARKET, begin, resolve
from bench.writes import record, replayed_rate, use_cases_over
from domain.application.settlement.settle_positions import SettlePositionsRequest
from domain.port.out.store import Insert
from functions.adapter.out.sqlite import rows
from functions.adapter.out.sqlite.database import Database
from functions.config.use_cases import UseCases
from functions.config.wiring.settlement.settle_positions import settle_positions


class Settled(NamedTuple):
    """How a market was paid out.

    Args:
        positions: how many.
        seconds: how long it took.
        processor_seconds: user and system time of the process meanwhile.
        peak_megabytes: the most memory that the process ever took.
    """

    positions: int
    seconds: float
    processor_seconds: float
    peak_megabytes: float

    @property
    def rate(self) -> float:
        """Positions a second."""
        return self.positions / self.seconds


@contextmanager
def decided(number: int) -> Iterator[Path]:
    """A file with a decided market that so many hold shares of; their rows are written without waiting for the disk."""
    with tempfile.TemporaryDirectory(prefix="hunch-settlement-") as folder:
        path = Path(folder) / "hunch.db"
        with Database.open(path) as database:
            use_cases = use_cases_over(database)
            holders, book = asyncio.run(begin(use_cases, number))
            with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                connection.execute("PRAGMA synchronous = OFF")
                connection.execute("BEGIN IMMEDIATE")
                for each in holders.records():
                    rows.apply_change(connection, Insert(each))
                rows.apply_change(connection, holders.full(book))
                connection.execute("COMMIT")
            asyncio.run(resolve(use_cases))
        yield path


def settle(path: Path) -> Settled:
    """Pay the market of a copy of the file out, in a process of its own."""
    copy = path.with_suffix(".copy")
    shutil.copy(path, copy)
    command = (sys.executable, "-m", "bench.settlement.sqlite", str(copy))
    return Settled(*json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))  # noqa: S603 - our words


def replayed_rates(path: Path, number: int, rounds: int) -> list[float]:
    """How many positions a second bare sqlite3 settles that does the same writes in the same transactions."""
    recording = record(path, _settle, number)
    return [replayed_rate(recording) for _ in range(rounds)]


async def _settle(use_cases: UseCases) -> int:
    use_case, settled, is_done = settle_positions(use_cases.ports), 0, False
    while not is_done:
        result = await use_case.execute(SettlePositionsRequest(MARKET))
        settled, is_done = settled + result.settled, result.done
    return settled


def main(arguments: Sequence[str]) -> None:
    """Pay out, and print what it took as JSON."""
    with Database.open(Path(arguments[0])) as database:
        begin_at, begin_processor = time.perf_counter(), time.process_time()
        settled = asyncio.run(_settle(use_cases_over(database)))
        taken, processor = time.perf_counter() - begin_at, time.process_time() - begin_processor
    sys.stdout.write(json.dumps(Settled(settled, taken, processor, _peak_megabytes())))


def _peak_megabytes() -> float:
    """What getrusage says includes the process that started this one."""
    found = re.search(r"VmHWM:\s+([0-9]+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1024


if __name__ == "__main__":
    main(sys.argv[1:])
