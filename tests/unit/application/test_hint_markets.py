from collections.abc import Sequence
from datetime import timedelta

import pytest

from domain.application.instance.hint_markets import HintMarkets, HintMarketsRequest, HintMarketsResult
from domain.event.market_events import EventType, MarketChanged
from domain.model.kernel.errors import ContentionError
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import Key
from domain.model.ledger.journal import JournalEntry
from domain.port.out.hints import Hint
from domain.port.out.store import Snapshot
from tests.fakes.memory import MemoryPersistence, MemoryStore
from tests.fakes.samples import ANNS_ENTRY
from tests.fakes.world import World
from tests.unit.application.test_dispatch_ledger import changed, traded


class Channel:
    """Where hints are published, and some of them lost."""

    def __init__(self, loses: int = 0) -> None:
        self.loses = loses
        self.batches: list[list[Hint]] = []

    async def publish(self, hints: Sequence[Hint]) -> int:
        self.batches.append(list(hints))
        return self.loses


class BusyReader:
    """A store that answers nobody."""

    async def read(self, *keys: Key[object]) -> Snapshot:
        raise ContentionError


class Stage:
    """A world with two markets, and pages that are told of them."""

    def __init__(self) -> None:
        store = MemoryStore()
        self.world = World(MemoryPersistence.over(store))
        self.channel = Channel()
        self.hint = HintMarkets(self.world.ports.records, self.channel, self.world.clock)

    async def tell(self, *records: JournalEntry | MarketChanged) -> HintMarketsResult:
        """What comes of a batch of records."""
        return await self.hint.execute(HintMarketsRequest(records))

    @property
    def told(self) -> list[tuple[str, int]]:
        """The market and the position of every hint so far."""
        return [(hint.market, hint.position) for batch in self.channel.batches for hint in batch]


@pytest.fixture
async def stage() -> Stage:
    """Where Ann has published, and Bob has bought."""
    made = Stage()
    for account in ("ann", "bob"):
        await made.world.open(account)
    for slug in ("rain", "snow"):
        await made.world.publish(slug, "ann")
    await made.world.buy("bob", "rain", "YES", MICROS)
    return made


async def test_a_batch_is_one_hint_for_each_market(stage: Stage) -> None:
    """With the market's position and prices as they are now, whatever the records are and in whatever order."""
    published = changed(EventType.PUBLISHED, "snow", 1)
    assert await stage.tell(traded("rain", 1), published, traded("rain", 1)) == HintMarketsResult(published=2, lost=0)
    assert stage.told == [("rain", 2), ("snow", 1)]
    (rain, snow) = stage.channel.batches[0]
    assert [(each.outcome, each.price) for each in snow.prices] == [("YES", 500_000), ("NO", 500_000)]
    yes, no = rain.prices
    assert yes.price > 500_000 > no.price


async def test_a_market_has_one_hint_in_two_seconds(stage: Stage) -> None:
    """Whatever happens in between; the other markets have theirs."""
    for seconds, expected in ((0.0, 1), (1.9, 1), (0.1, 2), (0.5, 2)):
        stage.world.clock.advance(timedelta(seconds=seconds))
        await stage.tell(traded("rain"))
        assert len(stage.told) == expected
    await stage.tell(traded("rain"), traded("snow"))
    assert stage.told == [("rain", 2), ("rain", 2), ("snow", 1)]


async def test_what_the_public_is_not_told_is_no_hint(stage: Stage) -> None:
    """A draft, a grant, and a market that there is not: nothing is read or published for the first two."""
    assert await stage.tell(changed(None, "rain"), ANNS_ENTRY) == HintMarketsResult(0, 0)
    assert stage.channel.batches == []
    assert await stage.tell(traded("nowhere")) == HintMarketsResult(0, 0)
    assert stage.told == []


async def test_lost_hints_are_counted_and_not_repeated(stage: Stage) -> None:
    """A hint that is lost is as good as published: pages find out by themselves."""
    stage.channel.loses = 1
    assert await stage.tell(traded("rain"), traded("snow")) == HintMarketsResult(published=1, lost=1)
    stage.channel.loses = 0
    assert await stage.tell(traded("rain"), traded("snow")) == HintMarketsResult(0, 0)


async def test_times_are_forgotten(stage: Stage) -> None:
    """What was told of two seconds ago takes no room."""
    for slug in ("rain", "snow"):
        await stage.tell(traded(slug))
        stage.world.clock.advance(timedelta(seconds=2))
    assert stage.hint._told.keys() == {"snow"}


async def test_a_busy_store_is_told(stage: Stage) -> None:
    """To who called; nothing is published."""
    hint = HintMarkets(BusyReader(), stage.channel, stage.world.clock)
    with pytest.raises(ContentionError):
        await hint.execute(HintMarketsRequest([traded("rain")]))
    assert stage.channel.batches == []
