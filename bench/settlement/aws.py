"""Paying out on AWS, in virtual time: the workers of the real use case over the simulation's DynamoDB."""

from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple, cast

from bench.contention.cloud import Cloud, Meter
from bench.contention.latency import DISPATCH
from bench.contention.market import Clock
from bench.settlement.cloud import CrowdedStore, Worker
from bench.settlement.positions import MARKET, Holders, begin, resolve
from domain.application.settlement.settle_positions import SettlePositionsRequest
from domain.port.out.doorbell import Ring
from domain.port.out.unit_of_work import Committed
from functions.config.dynamodb import dynamodb_persistence
from functions.config.ports import Ports
from functions.config.settings import Settings
from functions.config.use_cases import UseCases
from functions.config.wiring.settlement.settle_positions import settle_positions
from functions.registry import FUNCTION_OF
from tests.simulation.campaign import undisturbed
from tests.simulation.store import TABLES, Store
from tests.simulation.virtual_loop import create_virtual_loop

MEMORY_MB = FUNCTION_OF["settle_positions"].memory_mb
START_SECONDS, TRAIL_SECONDS = 1.0, 1.0
"""Until an environment has started, an assumption; and until ``settle_positions`` looks again."""


class Paid(NamedTuple):
    """How a market was paid out.

    Args:
        positions: how many.
        seconds: of virtual time.
        meter: the calls and units of all of it.
    """

    positions: int
    seconds: float
    meter: Meter

    @property
    def units(self) -> float:
        """Write units for each position, those of indexes included."""
        return (self.meter.write_units + self.meter.index_units) / self.positions


class _Crew:
    """The workers, each in an environment of its own that starts for its ring.

    Args:
        cloud: where they work.
        clock: virtual time.
        random: chance.
    """

    def __init__(self, cloud: Cloud, clock: Clock, random: Random) -> None:
        self._cloud, self._clock, self._random = cloud, clock, random

    async def ring(self, rings: Sequence[Ring]) -> None:
        """Have a worker for each, and wait for all: the Doorbell, but for the waiting."""
        loop = self._clock.loop
        for worker in [loop.create_task(self.work(ring.subject)) for ring in rings]:
            await worker

    async def work(self, subject: str) -> None:
        """What ``settle_positions`` does with a message."""
        await self._clock.sleep(DISPATCH.draw(self._random) + START_SECONDS)
        client = cast("Any", Worker(self._cloud, MEMORY_MB))
        persistence = dynamodb_persistence(client, TABLES, self._clock, self._random, threads=True)
        ports = Ports(persistence, self._clock, self._random, Settings(), doorbell=lambda _: self)
        use_case = settle_positions(ports, has_workers=True)
        request = SettlePositionsRequest(MARKET, int(subject) if subject else None)
        while not (await use_case.execute(request)).done:
            await self._clock.sleep(TRAIL_SECONDS)


def simulate(number: int, seed: int = 0) -> Paid:
    """Pay out a market that so many hold shares of."""
    loop = create_virtual_loop()
    clock, random = Clock(loop), Random(seed)
    before = Store(loop.time)
    persistence = dynamodb_persistence(cast("Any", before), TABLES, clock, random)
    use_cases = UseCases(Ports(persistence, clock, random, Settings()))

    async def decide() -> Holders:
        holders, book = await begin(use_cases, number)
        assert await persistence.unit_of_work.commit([holders.full(book)]) == Committed()
        await resolve(use_cases)
        return holders

    holders = loop.run(decide())
    store = CrowdedStore(loop.time, holders, before.items)
    cloud = Cloud(store, loop.time, random)

    crew = _Crew(cloud, clock, random)
    began = loop.time()
    with undisturbed():
        loop.run(crew.work(""))
    if store.paid != number:
        raise RuntimeError(f"{store.paid} of {number} were paid")
    return Paid(number + 2, loop.time() - began, cloud.meter)
