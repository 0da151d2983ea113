"""Whether a use case costs more the older its market is: one of a hundred thousand trades beside one of a hundred.

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
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from statistics import median

from domain.application.create_market import CreateMarketRequest
from domain.application.get_market import GetMarketRequest
from domain.application.get_portfolio import GetPortfolioRequest
from domain.application.list_holders import ListHoldersRequest
from domain.application.list_journal import ListJournalRequest
from domain.application.list_markets import ListMarketsRequest
from domain.application.list_my_trades import ListMyTradesRequest
from domain.application.list_trades import ListTradesRequest
from domain.application.open_account import OpenAccountRequest
from domain.application.place_order import PlaceOrderRequest
from domain.application.publish_market import PublishMarketRequest
from domain.application.quote import QuoteRequest
from domain.model.caller import Caller
from domain.model.command import Idempotency
from domain.model.market import MarketDefinition
from domain.model.money import MICROS
from domain.model.order import OrderTerms
from domain.model.trade import Side
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.system.clock import SystemClock, SystemRandom
from functions.config.container import Container
from functions.config.settings import Settings
from functions.config.sqlite import sqlite_persistence

YOUNG, OLD = 100, 100_100
"""Both numbers leave every trader with shares of both outcomes, so that nothing but the age differs."""
TRADERS = 50
CALLS = 300
PAGE = 20
MARKET, CREATOR, TRADER = "rain", Caller("creator"), Caller("trader-0")

type Call = Callable[[], Awaitable[object]]


class _HastyDatabase(Database):
    """One that does not wait for the disk: for trades whose loss would cost nobody anything."""

    def _connect(self) -> sqlite3.Connection:
        connection = super()._connect()
        connection.execute("PRAGMA synchronous = OFF")
        return connection


def _container(database: Database) -> Container:
    return Container(sqlite_persistence(database), SystemClock(), SystemRandom(), Settings())


def _keys(prefix: str) -> Iterator[Idempotency]:
    return (Idempotency(f"{prefix}-{number}", "") for number in count())


def _order(number: int) -> OrderTerms:
    """In turn every trader buys of one outcome, then of the other, then sells of both what they bought."""
    turn = number // TRADERS % 4
    side = Side.BUY if turn in {0, 1} else Side.SELL
    return OrderTerms(("YES", "NO")[turn % 2], side, quantity=3 * MICROS + number % TRADERS)


async def _trade(database: Database, trades: int) -> None:
    """Fill a new database with one market of that many trades."""
    container, keys = _container(database), _keys("fill")
    traders = [Caller(f"trader-{number}") for number in range(TRADERS)]
    for caller in (CREATOR, *traders):
        await container.open_account.execute(OpenAccountRequest(caller, next(keys)))
    definition = MarketDefinition("Will it rain?", description="x" * 400, tags=("weather",), liquidity=1000 * MICROS)
    await container.create_market.execute(CreateMarketRequest(CREATOR, MARKET, definition, next(keys)))
    await container.publish_market.execute(PublishMarketRequest(CREATOR, MARKET, next(keys)))
    for number in range(trades):
        request = PlaceOrderRequest(traders[number % TRADERS], MARKET, _order(number), next(keys))
        await container.place_order.execute(request)


def _calls(database: Database, trades: int) -> Mapping[str, Call]:
    """What is measured, by its name in the table."""
    container, keys, numbers = _container(database), _keys("measured"), count()
    middle = str(trades // 2)

    async def place_order() -> None:
        terms = OrderTerms("YES", (Side.BUY, Side.SELL)[next(numbers) % 2], quantity=MICROS)
        await container.place_order.execute(PlaceOrderRequest(TRADER, MARKET, terms, next(keys)))

    terms = OrderTerms("YES", Side.BUY, spend=20 * MICROS)
    return {
        "quote": lambda: container.quote.execute(QuoteRequest(MARKET, terms)),
        "place_order": place_order,
        "get_market": lambda: container.get_market.execute(GetMarketRequest(MARKET)),
        "get_portfolio": lambda: container.get_portfolio.execute(GetPortfolioRequest(TRADER)),
        "list_markets": lambda: container.list_markets.execute(ListMarketsRequest(PAGE)),
        "list_trades, first page": lambda: container.list_trades.execute(ListTradesRequest(MARKET, PAGE)),
        "list_trades, from the middle": lambda: container.list_trades.execute(ListTradesRequest(MARKET, PAGE, middle)),
        "list_my_trades": lambda: container.list_my_trades.execute(ListMyTradesRequest(TRADER, PAGE)),
        "list_journal": lambda: container.list_journal.execute(ListJournalRequest(TRADER, PAGE)),
        "list_holders": lambda: container.list_holders.execute(ListHoldersRequest(MARKET, PAGE)),
    }


async def _measure(young: Mapping[str, Call], old: Mapping[str, Call]) -> None:
    """Call each use case in turn on both, and print the medians."""
    _say(f"{'milliseconds at the median':30} {YOUNG:>8} {OLD:>8}   ratio")
    for name in young:
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(CALLS):
            for call, spent in zip((young[name], old[name]), times, strict=True):
                begin = time.perf_counter()
                await call()
                spent.append(time.perf_counter() - begin)
        before, after = (median(spent) * 1000 for spent in times)
        _say(f"{name:30} {before:8.2f} {after:8.2f}   {after / before:5.2f}")


def _compare(folder: Path) -> None:
    for trades in (YOUNG, OLD):
        begin = time.perf_counter()
        with _HastyDatabase.open(folder / f"{trades}.db") as filling:
            asyncio.run(_trade(filling, trades))
        _say(f"{trades} trades in {time.perf_counter() - begin:.0f} s, {_size(folder / f'{trades}.db'):.1f} MB")
    with ExitStack() as stack:
        young, old = (stack.enter_context(Database.open(folder / f"{trades}.db")) for trades in (YOUNG, OLD))
        asyncio.run(_measure(_calls(young, YOUNG), _calls(old, OLD)))


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
