"""What a use case writes, alone: the same statements in the same transactions by bare sqlite3, and nothing else."""

import asyncio
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from domain.application.ledger.open_account import OpenAccountRequest
from domain.application.trading.create_market import CreateMarketRequest
from domain.application.trading.place_order import PlaceOrderRequest
from domain.application.trading.publish_market import PublishMarketRequest
from domain.model.kernel.caller import EVERY_SCOPE, Caller
from domain.model.kernel.command import Idempotency
from domain.model.kernel.money import MICROS
from domain.model.trading.market import MarketDefinition
from domain.model.trading.order import OrderTerms
from domain.model.trading.trade import Side
from domain.port.out.store import Change
from functions.adapter.out.sqlite import rows
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.system.clock import SystemClock, SystemRandom
from functions.config.ports import Ports
from functions.config.settings import Settings
from functions.config.sqlite import sqlite_persistence
from functions.config.use_cases import UseCases

ORDERS = 60
"""Of each trader."""

type Statement = tuple[str, Sequence[Any]]


@dataclass
class _Recorder:
    """Takes the statements of a change, and does none of them."""

    statements: list[Statement] = field(default_factory=list)
    rowcount = 1

    def execute(self, statement: str, values: Sequence[Any]) -> "_Recorder":
        """Note one; it counts as done."""
        self.statements.append((statement, values))
        return self

    def executemany(self, statement: str, rows_: Iterable[Sequence[Any]]) -> None:
        """Note one for each row."""
        self.statements += ((statement, values) for values in rows_)


@dataclass(frozen=True)
class Recording:
    """The writes of a use case, and the file in which they can be done.

    Args:
        database: a file as it was before them.
        transactions: the statements of each.
        times: how many orders, or what else, they are.
    """

    database: Path
    transactions: Sequence[Sequence[Statement]]
    times: int


@contextmanager
def recorded(traders: int) -> Iterator[Recording]:
    """Place orders of so many traders on one market, as the server does, and note what each commit writes."""
    with tempfile.TemporaryDirectory(prefix="hunch-writes-") as folder:
        path = Path(folder) / "hunch.db"
        with Database.open(path) as database:
            asyncio.run(_begin(use_cases_over(database), traders))
        yield record(path, lambda use_cases: _trade(use_cases, traders), traders * ORDERS)


def record(path: Path, act: Callable[[UseCases], Coroutine[Any, Any, object]], times: int) -> Recording:
    """Do something on a copy of a file, and note what each commit writes."""
    commits: list[Sequence[Change]] = []
    working = path.with_suffix(".working")
    shutil.copy(path, working)
    with Database.open(working) as database:
        asyncio.run(act(use_cases_over(database, commits.append)))
    return Recording(path, [_statements(commit) for commit in commits], times)


def replayed_rate(recording: Recording) -> float:
    """Do the writes on a copy of the file, with the server's settings; how many a second."""
    with tempfile.TemporaryDirectory(prefix="hunch-writes-") as folder:
        path = shutil.copy(recording.database, Path(folder) / "copy.db")
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
                connection.execute(f"PRAGMA {pragma}")
            begin = time.perf_counter()
            for statements in recording.transactions:
                connection.execute("BEGIN IMMEDIATE")
                for statement, values in statements:
                    done = connection.execute(statement, values).rowcount
                    if done != 1 and not statement.startswith("DELETE"):  # the tags of a market without any
                        raise RuntimeError(f"not what was recorded: {statement}")
                connection.execute("COMMIT")
            return recording.times / (time.perf_counter() - begin)


def use_cases_over(database: Database, listener: Callable[[Sequence[Change]], None] = lambda _: None) -> UseCases:
    """The use cases in this process, without a server; the listener is told of every commit."""
    return UseCases(Ports(sqlite_persistence(database, listener), SystemClock(), SystemRandom(), Settings()))


def _statements(commit: Sequence[Change]) -> list[Statement]:
    recorder = _Recorder()
    for change in commit:
        rows.apply_change(cast("sqlite3.Connection", recorder), change)
    return recorder.statements


def _trader(number: int) -> Caller:
    return Caller(f"trader-{number}", scopes=EVERY_SCOPE)


async def _begin(use_cases: UseCases, traders: int) -> None:
    """Everybody has traded once, so that each later order writes as much as the next."""
    for number in range(traders):
        await use_cases.open_account.execute(OpenAccountRequest(_trader(number), Idempotency("open", "")))
    draft = CreateMarketRequest(_trader(0), "rain", MarketDefinition("Will it rain?"), Idempotency("draft", ""))
    await use_cases.create_market.execute(draft)
    await use_cases.publish_market.execute(PublishMarketRequest(_trader(0), "rain", Idempotency("publish", "")))
    await _order_each(use_cases, traders, "first")


async def _trade(use_cases: UseCases, traders: int) -> None:
    for number in range(ORDERS):
        await _order_each(use_cases, traders, str(number))


async def _order_each(use_cases: UseCases, traders: int, key: str) -> None:
    """An order of everybody at once."""

    def order(number: int) -> PlaceOrderRequest:
        terms = OrderTerms(("YES", "NO")[number % 2], Side.BUY, quantity=MICROS // 100)
        return PlaceOrderRequest(_trader(number), "rain", terms, Idempotency(key, ""))

    await asyncio.gather(*(use_cases.place_order.execute(order(number)) for number in range(traders)))
