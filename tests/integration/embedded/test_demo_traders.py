"""The demonstration's traders go on trading, in its markets and with its accounts alone."""

import asyncio
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.model.kernel.money import MICROS
from domain.model.kernel.record import key_for
from domain.model.trading.book import Book, shown_prices
from functions.adapter.out.sqlite.database import Database
from functions.config.ports import Ports
from functions.config.settings import Settings
from functions.config.sqlite import sqlite_persistence
from functions.config.use_cases import UseCases
from functions.embedded import demo_traders
from functions.embedded.app import create_app
from functions.embedded.demo import TRADERS, demo_markets
from functions.embedded.demo_traders import DemoTraders
from tests.fakes.clock import START, FakeClock, LowestRandom
from tests.fakes.memory import MemoryPersistence, MemoryStore
from tests.fakes.world import World, caller
from tests.integration.http.conftest import lifespan

MARKETS = {market.slug: market for market in demo_markets(START)}
RAIN = "rain-on-saturday"
PATIENCE_SECONDS = 10


class Demonstration:
    """A world in memory with the demonstration's accounts and some of its markets, and its traders."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        ports = MemoryPersistence.over(MemoryStore())
        self.world = World(ports, clock=self.clock, random=LowestRandom())
        self.use_cases = UseCases(Ports(ports, self.clock, LowestRandom(), Settings()))
        self.traders = DemoTraders(self.use_cases, self.clock, random.Random(7))

    async def open(self, *slugs: str) -> None:
        """Open every account and these markets."""
        for trader in TRADERS:
            await self.world.open(trader)
        for slug in slugs:
            await self.world.publish(slug, MARKETS[slug].creator, MARKETS[slug].definition)

    async def version(self, slug: str) -> int:
        """How many trades a market has seen."""
        return (await self.world.found(key_for(Book, slug))).version

    async def price(self, slug: str) -> float:
        """The price of a market's first outcome."""
        return shown_prices(await self.world.found(key_for(Book, slug)))[0].price / MICROS


async def test_every_open_market_moves_within_a_minute() -> None:
    """Whichever of them somebody looks at; between two orders the traders pause for about ten seconds."""
    demo = Demonstration()
    await demo.open(*MARKETS)
    await demo.world.resolve("first-snow", caller("kurt"), "YES")
    while demo.clock.now() < START + timedelta(seconds=60 - demo_traders.PAUSE_SECONDS[1]):
        await demo.traders.trade()
    assert all(8 <= pause <= 15 for pause in demo.clock.slept)
    versions = {slug: await demo.version(slug) for slug in MARKETS}
    assert versions.pop("first-snow") == 0
    assert all(versions.values()), versions


@pytest.mark.parametrize("outcome", ["YES", "NO"])
async def test_prices_come_back(outcome: str) -> None:
    """Wherever somebody has driven it, a price returns to what the traders believe, and stays about there."""
    demo = Demonstration()
    await demo.open(RAIN)
    await demo.world.open("whale")
    await demo.world.spend("whale", RAIN, outcome, 250 * MICROS)
    assert not 0.1 < await demo.price(RAIN) < 0.9
    for _ in range(60):
        await demo.traders.trade()
    for _ in range(20):
        await demo.traders.trade()
        assert await demo.price(RAIN) == pytest.approx(MARKETS[RAIN].beliefs[1][0], abs=0.15)


async def test_nobody_else_is_touched() -> None:
    """Other people's markets and accounts stay as they are, also a market that has a slug of the demonstration's."""
    demo = Demonstration()
    await demo.open(RAIN)
    for account in ("ann", "bob"):
        await demo.world.open(account)
    for slug in ("picnic", "chess-final"):
        await demo.world.publish(slug, "ann", MARKETS[slug].definition if slug in MARKETS else None)
        await demo.world.buy("bob", slug, MARKETS[slug].definition.outcomes[0] if slug in MARKETS else "YES", MICROS)
    before = [await demo.world.portfolio(account) for account in ("ann", "bob")]
    for _ in range(10):
        await demo.traders.trade()
    assert await demo.version(RAIN) == 10
    assert [await demo.version(slug) for slug in ("picnic", "chess-final")] == [1, 1]
    assert [await demo.world.portfolio(account) for account in ("ann", "bob")] == before
    assert not (await demo.world.portfolio("ada")).lines, "who asks a question does not trade on it"
    audit = await demo.world.audit()
    assert audit.issued.amount == audit.balances.amount + audit.pools.amount


async def test_closed_and_reopened() -> None:
    """Nobody trades while nothing is open; that is no error, and ends by itself."""
    demo = Demonstration()
    await demo.open(RAIN)
    await demo.world.close(RAIN, caller("ada"))
    await demo.traders.trade()
    assert await demo.version(RAIN) == 0
    await demo.world.reopen(RAIN, caller("ada"))
    await demo.traders.trade()
    assert await demo.version(RAIN) == 1


async def test_no_money_no_trade() -> None:
    """Traders who have nothing left are refused, which is no error."""
    demo = Demonstration()
    await demo.open(RAIN)
    await demo.world.open("ann")
    await demo.world.publish("sink", "ann")
    for trader in TRADERS:
        await demo.world.spend(trader, "sink", "YES", await demo.world.balance(trader) - MICROS)
    await demo.traders.trade()
    assert await demo.version(RAIN) == 0


async def test_a_failure_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no refusal reaches the background, which logs it."""
    demo = Demonstration()
    await demo.open(RAIN)

    class Broken:
        async def execute(self, request: Any) -> Any:
            raise OSError("the disk is tired")

    monkeypatch.setattr(demo.use_cases, "place_order", Broken())
    with pytest.raises(OSError, match="the disk is tired"):
        await demo.traders.trade()


async def test_they_trade_while_the_application_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The application starts them where it is told to, and ends them when it ends."""
    monkeypatch.setattr(demo_traders, "PAUSE_SECONDS", (0.0, 0.0))
    traded = asyncio.Event()
    order = DemoTraders._order

    async def order_and_tell(traders: DemoTraders, *what: Any) -> bool:
        if is_done := await order(traders, *what):
            traded.set()
        return is_done

    monkeypatch.setattr(DemoTraders, "_order", order_and_tell)
    with Database.open(tmp_path / "hunch.db") as database:
        world = World(sqlite_persistence(database))
        for trader in TRADERS:
            await world.open(trader)
        await world.publish(RAIN, MARKETS[RAIN].creator, MARKETS[RAIN].definition)
        tasks = asyncio.all_tasks()
        async with lifespan(create_app(database, has_demo_traders=True)):
            await asyncio.wait_for(traded.wait(), PATIENCE_SECONDS)
        assert asyncio.all_tasks() == tasks
        assert (await world.found(key_for(Book, RAIN))).version > 0
