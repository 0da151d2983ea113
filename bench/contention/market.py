"""One market whose orders come in at some rate, in virtual time, and what became of them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any, cast

from bench.contention.cloud import Client, Cloud, Meter
from domain.application.ledger.open_account import OpenAccountRequest
from domain.application.trading.create_market import CreateMarketRequest
from domain.application.trading.place_order import PlaceOrderRequest
from domain.application.trading.publish_market import PublishMarketRequest
from domain.model.kernel.caller import EVERY_SCOPE, Caller
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import ContentionError
from domain.model.kernel.money import MICROS
from domain.model.trading.market import MarketDefinition
from domain.model.trading.order import OrderTerms
from domain.model.trading.trade import Side
from functions.config.dynamodb import dynamodb_persistence
from functions.config.ports import Ports
from functions.config.settings import Settings
from functions.config.use_cases import UseCases
from tests.fakes.clock import START
from tests.simulation.expressions import Item
from tests.simulation.store import TABLES, Store
from tests.simulation.virtual_loop import VirtualLoop, create_virtual_loop

MARKET = "rain"
TRADERS = 1000
"""So many that one account seldom has two orders on the way."""

type Place = Callable[[PlaceOrderRequest], Awaitable[object]]
type Way = Callable[["World"], Place]


@dataclass
class Clock:
    """The time of a loop."""

    loop: VirtualLoop

    def now(self) -> datetime:
        """Since when the tests began."""
        return START + timedelta(seconds=self.loop.time())

    def monotonic(self) -> float:
        """Seconds since the run began."""
        return self.loop.time()

    async def sleep(self, seconds: float) -> None:
        """Come back after that long."""
        await self.loop.sleep(seconds)


@dataclass
class World:
    """What a way to place orders works with.

    Args:
        clock: virtual time.
        random: chance.
        cloud: DynamoDB.
    """

    clock: Clock
    random: Random
    cloud: Cloud

    def environment(self) -> Ports:
        """The ports of a function that serves one request at a time, in an environment of its own."""
        client = cast("Any", Client(self.cloud))
        persistence = dynamodb_persistence(client, TABLES, self.clock, self.random, threads=True)
        return Ports(persistence, self.clock, self.random, Settings())


@dataclass
class Tally:
    """What became of the orders that were sent while it counted.

    Args:
        offered: orders a second.
        seconds: for how long orders were sent.
        latencies: of the orders that were filled, in seconds.
        given_up: how many were answered 503.
        in_time: how many were filled within the time in which orders were sent.
        lambda_seconds: the time of all the functions that worked or waited.
        meter: the calls and units of all of it.
    """

    offered: float
    seconds: float
    latencies: list[float] = field(default_factory=list)
    given_up: int = 0
    in_time: int = 0
    lambda_seconds: float = 0.0
    meter: Meter = field(default_factory=Meter)


def simulate(way: Way, offered: float, seconds: float, seed: int = 0) -> Tally:
    """Send orders at random instants, wait for all of them, and count.

    Args:
        way: how an order is placed.
        offered: how many orders a second, on average.
        seconds: for how long.
        seed: what chance follows from: the same makes the same run.
    """
    loop = create_virtual_loop()
    clock, random, store = Clock(loop), Random(f"{seed}/{offered}"), Store(loop.time)
    for table, item in _beginning():
        store.put_item(TableName=table, Item=item)
    cloud = Cloud(store, loop.time, random)
    tally = Tally(offered, seconds, meter=cloud.meter)
    loop.run(_send(way(World(clock, random, cloud)), loop, random, tally))
    return tally


@cache
def _beginning() -> tuple[tuple[str, Item], ...]:
    """The items of an open market and of its traders, each of whom has traded in it before."""
    loop = create_virtual_loop()
    clock, store = Clock(loop), Store(loop.time)
    persistence = dynamodb_persistence(cast("Any", store), TABLES, clock, Random(0))
    use_cases = UseCases(Ports(persistence, clock, Random(0), Settings()))

    async def begin() -> None:
        ann = _caller("ann")
        await use_cases.open_account.execute(OpenAccountRequest(ann, Idempotency("open", "")))
        draft = CreateMarketRequest(ann, MARKET, MarketDefinition("Will it rain?"), Idempotency("draft", ""))
        await use_cases.create_market.execute(draft)
        await use_cases.publish_market.execute(PublishMarketRequest(ann, MARKET, Idempotency("publish", "")))
        for number in range(TRADERS):
            trader = _caller(_trader(number))
            await use_cases.open_account.execute(OpenAccountRequest(trader, Idempotency("open", "")))
            order = OrderTerms(("YES", "NO")[number % 2], Side.BUY, quantity=MICROS)
            await use_cases.place_order.execute(PlaceOrderRequest(trader, MARKET, order, Idempotency("first", "")))

    loop.run(begin())
    return tuple((place[0], item) for place, item in store.items.items())


async def _send(place: Place, loop: VirtualLoop, random: Random, tally: Tally) -> None:
    sent = list[asyncio.Task[None]]()
    until = loop.time() + tally.seconds

    async def send(request: PlaceOrderRequest) -> None:
        began = loop.time()
        try:
            await place(request)
        except ContentionError:
            tally.given_up += 1
        else:
            tally.latencies.append(loop.time() - began)
            tally.in_time += loop.time() <= until
        tally.lambda_seconds += loop.time() - began

    for request in _requests(random):
        await loop.sleep(random.expovariate(tally.offered))
        if loop.time() > until:
            break
        sent.append(loop.create_task(send(request)))
    for task in sent:
        await task


def _requests(random: Random) -> Iterator[PlaceOrderRequest]:
    """Purchases of some of either outcome by somebody."""
    number = 0
    while True:
        number += 1
        terms = OrderTerms(random.choice(("YES", "NO")), Side.BUY, quantity=random.randint(1, MICROS))
        trader = _caller(_trader(random.randrange(TRADERS)))
        yield PlaceOrderRequest(trader, MARKET, terms, Idempotency(f"key-{number}", ""))


def _trader(number: int) -> str:
    return f"trader-{number:04d}"


def _caller(account: str) -> Caller:
    return Caller(account, scopes=EVERY_SCOPE)
