"""The embedded server's background does what the event functions do."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.application.history.project_price_history import ProjectPriceHistoryRequest
from domain.model.history.candle import PriceHistory
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import key_for
from domain.model.trading.book import Book
from domain.model.trading.market import Market, MarketStatus
from domain.model.trading.position import Position
from domain.port.out.doorbell import Doorbell
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.system.doorbell import ImmediateDoorbell, ProcessDoorbell, RetriedDoorbell
from functions.config.ports import Ports
from functions.config.settings import Settings
from functions.config.sqlite import sqlite_persistence
from functions.config.use_cases import UseCases
from functions.embedded.background import run_background
from functions.embedded.ledger_stream import LedgerStream
from functions.registry import PRICE_HISTORY, RECORDS, SETTLEMENT, WEBHOOKS
from tests.fakes.clock import FakeClock, LowestRandom
from tests.fakes.world import DEFINITION, GRANT, World, caller

DEADLINE_SECONDS, POLL_SECONDS = 20, 0.005
LONG_SECONDS, STEP_SECONDS = 60, 0.05


@dataclass
class ShortWaits(FakeClock):
    """A clock that short waits move on a little; who waits for long never comes back, and carries nobody along."""

    async def sleep(self, seconds: float) -> None:
        if seconds > LONG_SECONDS:
            await asyncio.Event().wait()
        await super().sleep(min(seconds, STEP_SECONDS))


@dataclass(frozen=True)
class Server:
    """One machine's use cases, its worker's bell, and who lives there."""

    use_cases: UseCases
    doorbell: ProcessDoorbell
    prices: ProcessDoorbell
    records: ProcessDoorbell
    webhooks: ProcessDoorbell
    stream: LedgerStream
    world: World

    @asynccontextmanager
    async def background(self) -> AsyncIterator["asyncio.Task[None]"]:
        """Run the background meanwhile; afterwards it is cancelled, and nothing of it may be left."""
        others = asyncio.all_tasks()
        task = asyncio.create_task(
            run_background(
                self.use_cases,
                self.doorbell,
                self.stream,
                self.world.clock,
                prices=self.prices,
                records=self.records,
            )
        )
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.wait([task], timeout=DEADLINE_SECONDS)
        assert task.cancelled()
        assert asyncio.all_tasks() == others

    def fail(self, name: str, failures: int) -> "Failing":
        """Let a use case fail a few times first."""
        failing = Failing(getattr(self.use_cases, name), failures)
        setattr(self.use_cases, name, failing)
        return failing

    async def becomes(self, slug: str, status: MarketStatus) -> None:
        """Wait until the market has that status."""
        for _ in range(round(DEADLINE_SECONDS / POLL_SECONDS)):
            if (await self.world.found(key_for(Market, slug))).status is status:
                return
            await asyncio.sleep(POLL_SECONDS)
        raise AssertionError(f"{slug} is not {status.value} in time")

    async def folds(self, slug: str) -> None:
        """Wait until the first trade is in the price history."""
        for _ in range(round(DEADLINE_SECONDS / POLL_SECONDS)):
            snapshot = await self.world.ports.records.read(key_for(Book, slug), key_for(PriceHistory, slug))
            book, history = snapshot.get(key_for(Book, slug)), snapshot.get(key_for(PriceHistory, slug))
            if book and history and history.version == book.version == 1:
                return
            await asyncio.sleep(POLL_SECONDS)
        raise AssertionError(f"the trade in {slug} is not folded in time")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server over a new file. Its clock takes no time, but every wait of the background moves it on."""
    with Database.open(tmp_path / "hunch.db") as database:
        clock, random, stream = ShortWaits(), LowestRandom(), LedgerStream()
        settlement, prices, records, webhooks = (ProcessDoorbell() for _ in range(4))
        persistence = sqlite_persistence(database, stream.note)
        fold = ImmediateDoorbell(lambda slug: use_cases.project_price_history.execute(ProjectPriceHistoryRequest(slug)))

        def doorbell(queue: str) -> Doorbell:
            bells: dict[str, Doorbell] = {
                SETTLEMENT: settlement,
                PRICE_HISTORY: RetriedDoorbell(fold, prices),
                RECORDS: records,
                WEBHOOKS: webhooks,
            }
            return bells[queue]

        use_cases = UseCases(Ports(persistence, clock, random, Settings(), doorbell=doorbell))
        yield Server(
            use_cases, settlement, prices, records, webhooks, stream, World(persistence, clock=clock, random=random)
        )


async def trade(world: World) -> None:
    """Ann's market, in which Bob holds 10 YES."""
    for account in ("ann", "bob"):
        await world.open(account)
    await world.publish("rain", "ann")
    await world.buy("bob", "rain", "YES", 10 * MICROS)


class Failing:
    """A use case that fails a few times and then does what it should.

    Args:
        inner: the use case.
        failures: how often it fails.
    """

    def __init__(self, inner: Any, failures: int) -> None:
        self._inner = inner
        self._left = failures
        self.calls = 0

    async def execute(self, request: Any) -> Any:
        self.calls += 1
        if self._left:
            self._left -= 1
            raise OSError("the disk is tired")
        return await self._inner.execute(request)


async def test_a_decided_market_is_paid_out(server: Server) -> None:
    """Without anybody asking for it, the winner has the credits and the creator the rest."""
    await trade(server.world)
    before = await server.world.balance("bob")
    async with server.background():
        await server.world.resolve("rain", caller("ann"), "YES")
        await server.becomes("rain", MarketStatus.RESOLVED)
    assert await server.world.balance("bob") == before + 10 * MICROS
    assert await server.world.balance("ann") + await server.world.balance("bob") == 2 * GRANT.amount
    key = key_for(Position, "bob", "rain")
    assert (await server.world.ports.records.read(key)).get(key) is None


async def test_trades_are_folded_as_they_come(server: Server) -> None:
    """The price history follows the trades, though nobody reads it."""
    async with server.background():
        await trade(server.world)
        await server.folds("rain")


async def test_what_was_decided_before_it_started(server: Server) -> None:
    """A server that was stopped between a decision and the payouts makes them when it runs again."""
    await trade(server.world)
    await server.world.resolve("rain", caller("ann"), "NO")
    async with server.background():
        await server.becomes("rain", MarketStatus.RESOLVED)


async def test_an_expired_market_is_closed(server: Server) -> None:
    """From its closing time on, and not before; one without stays open."""
    await trade(server.world)
    closes_at = server.world.clock.now() + timedelta(seconds=30)
    await server.world.publish("snow", "ann", replace(DEFINITION, closes_at=closes_at))
    async with server.background():
        await server.becomes("snow", MarketStatus.CLOSED)
    assert server.world.clock.now() >= closes_at
    assert (await server.world.found(key_for(Market, "rain"))).status is MarketStatus.ACTIVE


@pytest.mark.parametrize("name", ["ring_stale", "close_expired_markets", "settle_positions"])
async def test_a_failing_job_is_tried_again(server: Server, caplog: pytest.LogCaptureFixture, name: str) -> None:
    """What fails is logged each time and tried until it works; the other jobs do not notice."""
    failing = server.fail(name, 3)
    await trade(server.world)
    closes_at = server.world.clock.now() + timedelta(seconds=5)
    await server.world.publish("snow", "ann", replace(DEFINITION, closes_at=closes_at))
    await server.world.resolve("rain", caller("ann"), "YES")
    with caplog.at_level(logging.ERROR):
        async with server.background():
            await server.becomes("rain", MarketStatus.RESOLVED)
            await server.becomes("snow", MarketStatus.CLOSED)
    assert failing.calls > 3
    errors = [record for record in caplog.records if record.name == "functions.embedded.background"]
    assert [str(record.exc_info and record.exc_info[1]) for record in errors] == ["the disk is tired"] * 3


async def test_a_trade_that_could_not_be_folded_yet(server: Server) -> None:
    """Nobody trades any more, and yet it is folded as soon as that works; the webhooks are told meanwhile."""
    server.fail("project_price_history", 3)
    async with server.background():
        await trade(server.world)
        assert await asyncio.wait_for(server.webhooks.answer(), DEADLINE_SECONDS) == "rain"
        await server.folds("rain")


async def test_results_that_could_not_be_counted_yet(server: Server) -> None:
    """They are counted as soon as that works, not only when all markets are looked at again."""
    failing = server.fail("project_records", 2)
    await trade(server.world)
    async with server.background():
        await server.world.resolve("rain", caller("ann"), "YES")
        for _ in range(round(DEADLINE_SECONDS / POLL_SECONDS)):
            if failing.calls == 3:
                return
            await asyncio.sleep(POLL_SECONDS)
    raise AssertionError("it is not tried again")


@pytest.mark.parametrize("turns", [0, 1, 2, 5, 10, 40])
async def test_cancelled_at_any_moment(server: Server, caplog: pytest.LogCaptureFixture, turns: int) -> None:
    """However far it came, it stops at once and without a complaint, and another one finishes what it left."""
    await trade(server.world)
    await server.world.resolve("rain", caller("ann"), "YES")
    async with server.background():
        for _ in range(turns):
            await asyncio.sleep(0)
    assert not caplog.records
    async with server.background():
        await server.becomes("rain", MarketStatus.RESOLVED)
    assert await server.world.balance("ann") + await server.world.balance("bob") == 2 * GRANT.amount
