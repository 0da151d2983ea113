"""Random lives of a small world, every state of its store on the way, and copies that are torn between two of them."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

from domain.application.history.project_price_history import ProjectPriceHistoryRequest
from domain.application.trading.close_expired_markets import CloseExpiredMarketsRequest
from domain.application.trading.close_market import CloseMarketRequest
from domain.application.trading.reopen_market import ReopenMarketRequest
from domain.model.kernel.errors import DomainError
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import Key, type_of
from domain.port.out.store import Change
from domain.port.out.unit_of_work import CommitOutcome, Committed
from tests.fakes.clock import FakeClock
from tests.fakes.memory import MemoryPersistence, MemoryStore
from tests.fakes.world import DEFINITION, World, admin, caller

PEOPLE = ("ann", "bob", "cid", "dan", "eve")
SLUGS = ("rain", "snow", "hail", "fog", "wind", "ice")
type Records = dict[Key[Any], Any]
type _Act = Callable[[World, Random, str, str], Awaitable[None]]


@dataclass
class RecordingStore(MemoryStore):
    """A store that remembers every state it was in."""

    states: list[Records] = field(default_factory=list)

    def apply(self, writes: Sequence[Change]) -> CommitOutcome:
        outcome = super().apply(writes)
        if isinstance(outcome, Committed):
            self.states.append(dict(self.records))
        return outcome


async def live(world: World, random: Random, steps: int) -> None:
    """Do one thing after the other; what is refused is refused."""
    await world.open("admin")
    for _ in range(steps):
        world.clock.advance(timedelta(seconds=random.choice((0, 1, 40, 4000))))
        with contextlib.suppress(DomainError):
            await _act(world, random)


async def _act(world: World, random: Random) -> None:
    (act,) = random.choices([act for act, _ in _ACTS], [weight for _, weight in _ACTS])
    await act(world, random, random.choice(PEOPLE), random.choice(SLUGS))


async def _open(world: World, random: Random, who: str, slug: str) -> None:
    await world.open(who)


async def _buy(world: World, random: Random, who: str, slug: str) -> None:
    await world.buy(who, slug, random.choice(("YES", "NO")), random.choice((1, 999, MICROS, 20 * MICROS)))


async def _sell(world: World, random: Random, who: str, slug: str) -> None:
    for line in (await world.portfolio(who)).lines:
        if line.market == slug:
            await world.sell(who, slug, line.outcome, random.choice((line.quantity, 1 + line.quantity // 2)))


async def _publish(world: World, random: Random, who: str, slug: str) -> None:
    liquidity = random.choice((1, 20, 100)) * MICROS
    await world.publish(slug, who, replace(DEFINITION, liquidity=liquidity, tags=("weather",)))


async def _close(world: World, random: Random, who: str, slug: str) -> None:
    await world.close_market.execute(CloseMarketRequest(admin(), slug, world.fresh()))


async def _reopen(world: World, random: Random, who: str, slug: str) -> None:
    closes_at = random.choice((None, world.clock.now() + timedelta(hours=1)))
    await world.reopen_market.execute(ReopenMarketRequest(admin(), slug, closes_at, world.fresh()))


async def _expire(world: World, random: Random, who: str, slug: str) -> None:
    await world.close_expired_markets.execute(CloseExpiredMarketsRequest())


async def _resolve(world: World, random: Random, who: str, slug: str) -> None:
    await world.resolve(slug, admin(), random.choice(("YES", {"YES": MICROS // 3, "NO": MICROS - MICROS // 3})))


async def _void(world: World, random: Random, who: str, slug: str) -> None:
    await world.void(slug, admin())


async def _settle(world: World, random: Random, who: str, slug: str) -> None:
    await world.settle(slug)


async def _fold(world: World, random: Random, who: str, slug: str) -> None:
    await world.fold(slug)


async def _give(world: World, random: Random, who: str, slug: str) -> None:
    await world.give(who, 7 * MICROS, admin())


async def _project(world: World, random: Random, who: str, slug: str) -> None:
    await world.project_price_history.execute(ProjectPriceHistoryRequest(slug))


async def _withdraw(world: World, random: Random, who: str, slug: str) -> None:
    await world.withdraw(slug, admin())


async def _clarify(world: World, random: Random, who: str, slug: str) -> None:
    await world.clarify(slug, admin(), "Drizzle is rain.")


async def _comment(world: World, random: Random, who: str, slug: str) -> None:
    await world.comment(slug, caller(who))


async def _audit(world: World, random: Random, who: str, slug: str) -> None:
    await world.walk()


_ACTS: tuple[tuple[_Act, int], ...] = (
    (_open, 12),
    (_buy, 50),
    (_sell, 20),
    (_publish, 16),
    (_close, 3),
    (_reopen, 5),
    (_expire, 2),
    (_resolve, 5),
    (_void, 1),
    (_settle, 14),
    (_fold, 12),
    (_give, 4),
    (_project, 8),
    (_withdraw, 2),
    (_clarify, 2),
    (_comment, 2),
    (_audit, 2),
)
"""What people do, and how often."""


def a_world(store: MemoryStore, appeal: timedelta = timedelta(), first_key: int = 1) -> World:
    """A world over a store; keys from another number on are not those of the life before."""
    return World(MemoryPersistence.over(store), FakeClock(), appeal=appeal, keys=count(first_key))


def tear(states: list[Records], core: int, ledger: int, window: int, random: Random) -> MemoryStore:
    """What a restore may find: every record as it was in one of the states of a short time.

    Args:
        states: all states, in their order.
        core: the state around which the current records are.
        ledger: the same, of the ledger.
        window: how many states earlier a record may be.
        random: chooses for every record.
    """
    records: Records = {}
    keys = set().union(*(states[each].keys() for place in (core, ledger) for each in _span(place, window)))
    for key in sorted(keys, key=repr):
        place = random.choice(_span(ledger if type_of(key.kind).in_ledger else core, window))
        if key in states[place]:
            records[key] = states[place][key]
    return MemoryStore(records)


def _span(place: int, window: int) -> range:
    return range(max(0, place - window), place + 1)
