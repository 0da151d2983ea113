"""Kill a real server under load at random moments, and see that it kept all that it acknowledged."""

import asyncio
import functools
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import httpx

from tests.integration.embedded.ledger import assert_chained, assert_whole, count_trades
from tests.integration.embedded.server import InstalledHunch, LoadedHunch, Server, serve
from tests.integration.embedded.traders import MARKETS, Traders, client

TRADERS_AT_ONCE = 10
_LATEST = 200
"""How many orders are sent again after each kill: more than one life sends."""


@asynccontextmanager
async def _nobody(_: Server) -> AsyncIterator[None]:
    yield


async def pull_the_plug(
    folder: Path,
    traders: Traders,
    kills: int,
    run: type[InstalledHunch | LoadedHunch] = LoadedHunch,
    beside: Callable[[Server], AbstractAsyncContextManager[None]] = _nobody,
) -> None:
    """Trade, kill the server in the middle of it, start it again and check everything, that often.

    Args:
        folder: where its database is.
        traders: who trade.
        kills: how often.
        run: the server's process.
        beside: who else is at the server, from its start to its end.
    """
    for kill in range(kills + 1):
        is_last = kill == kills
        with serve(folder, run=run) as server:
            async with client(server.await_ready()) as http, beside(server):
                if kill == 0:
                    await traders.settle_in(http)
                await traders.repeat(http, None if is_last else _LATEST)
                _check(folder / "hunch.db", traders)
                if not is_last:
                    plug: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                    plug.add_done_callback(functools.partial(send_signal, server, signal.SIGKILL))
                    moment = (traders.random.randint(1, 30), traders.random.uniform(0, 0.03))
                    await trade_until(traders, http, moment, plug)
                    assert server.process.wait(10) == -signal.SIGKILL


def _check(database: Path, traders: Traders) -> None:
    """The books are whole, the chains too, and the trades are just those that were acknowledged."""
    assert_whole(database)
    trades = traders.trades()
    for market in MARKETS:
        assert_chained(trades[market])
    assert count_trades(database) == traders.acknowledged


async def trade_until(
    traders: Traders, http: httpx.AsyncClient, moment: tuple[int, float], end: "asyncio.Future[None]"
) -> None:
    """Trade with several clients; once so many orders are answered, and a moment later, the future is done.

    It is done as well once no client is left, each having lost its connection.
    """
    answers, delay = moment
    left = [answers]

    def finish() -> None:
        if not end.done():
            end.set_result(None)

    def count() -> None:
        left[0] -= 1
        if left[0] == 0:
            asyncio.get_running_loop().call_later(delay, finish)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(TRADERS_AT_ONCE):
            tasks.create_task(traders.trade(http, count))
    finish()


def send_signal(server: Server, signal_: signal.Signals, _: "asyncio.Future[None]") -> None:
    """Send the signal once the future is done."""
    server.process.send_signal(signal_)
