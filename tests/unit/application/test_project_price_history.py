import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.application.history import project_price_history
from domain.application.history.list_prices import ListPrices, ListPricesRequest
from domain.application.history.project_price_history import (
    ProjectPriceHistory,
    ProjectPriceHistoryRequest,
    ProjectPriceHistoryResult,
)
from domain.event.market_events import MarketEvent, consecutive
from domain.model.history.candle import Candle, Interval, PriceHistory
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import MarketNotFoundError
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import key_for
from domain.model.trading.trade import Trade
from domain.port.out.doorbell import Ring, RingLostError
from tests.fakes.clock import SeededRandom
from tests.fakes.memory import MemoryEvents, MemoryPersistence, MemoryStore
from tests.fakes.world import World, admin, caller

RAIN = ProjectPriceHistoryRequest("rain")


class TrailingEvents(MemoryEvents):
    """A list of events from which some trades are missing as yet."""

    def __init__(self, store: MemoryStore, missing: set[int]) -> None:
        super().__init__(store)
        self.missing = missing

    async def find_events(self, slug: str, origin: int, revision: int, after: int, limit: int) -> Sequence[MarketEvent]:
        events = await super().find_events(slug, origin, revision, after, limit)
        found = (
            event for event in events if not isinstance(event.data, Trade) or event.data.version not in self.missing
        )
        return consecutive(found, after, limit)


class RecordingDoorbell:
    """A doorbell that remembers for whom it was rung."""

    def __init__(self) -> None:
        self.rings: list[Ring] = []

    async def ring(self, rings: Sequence[Ring]) -> None:
        self.rings += rings


@pytest.fixture
async def traded(world: World) -> World:
    """Five trades, twenty seconds apart."""
    for account in ("ann", "bob"):
        await world.open(account)
    await world.publish("rain", "ann")
    for number in range(5):
        await world.buy("bob", "rain", "YES" if number % 2 else "NO", (number + 1) * MICROS)
        world.clock.advance(timedelta(seconds=20))
    return world


async def candles(world: World, interval: Interval = Interval.MINUTE, by: Caller | None = None) -> Sequence[Candle]:
    """What a reader sees."""
    return (await world.list_prices.execute(ListPricesRequest("rain", interval, caller=by))).candles


async def test_every_trade_once(traded: World) -> None:
    """Folded again, nothing is folded; and what later trades add does not touch what is there."""
    assert await traded.project_price_history.execute(RAIN) == ProjectPriceHistoryResult(5, done=True)
    assert await traded.project_price_history.execute(RAIN) == ProjectPriceHistoryResult(0, done=True)
    before = await candles(traded)
    assert [candle.version for candle in before] == [3, 5]
    traded.clock.advance(timedelta(minutes=5))
    await traded.sell("bob", "rain", "NO", MICROS)
    assert await traded.project_price_history.execute(RAIN) == ProjectPriceHistoryResult(1, done=True)
    after = await candles(traded)
    assert list(after[:2]) == list(before)
    assert [candle.ranges[0].open for candle in after[1:]] == [candle.ranges[0].close for candle in after[:2]]


async def test_all_intervals_say_the_same(traded: World) -> None:
    """The volume of all minutes is that of the hours and of the days, and the book's."""
    book = (await traded.see("rain")).book
    for interval in Interval:
        found = await candles(traded, interval)
        assert sum(candle.volume.amount for candle in found) == book.volume.amount
        assert found[-1].version == book.version == 5


async def test_a_page_fits_in_one_read_and_one_transaction(traded: World, store: MemoryStore) -> None:
    """However many candles its trades fall into: the store takes a hundred keys at once, and no more."""
    for _ in range(120):
        traded.clock.advance(timedelta(minutes=2))
        await traded.buy("bob", "rain", "YES", 1)
    assert await traded.project_price_history.execute(RAIN) == ProjectPriceHistoryResult(125, done=True)
    assert [candle.version for candle in await candles(traded)][-1] == 125
    await assert_folded_at_once(traded, store)


async def test_a_trailing_list(traded: World, store: MemoryStore) -> None:
    """It stops at a gap, says that there is more, and goes on once the gap is filled."""
    events = TrailingEvents(store, {1})
    project = ProjectPriceHistory(traded.ports.store(traded.clock, SeededRandom()), events)
    assert await project.execute(RAIN) == ProjectPriceHistoryResult(0, done=False)
    events.missing = {4}
    assert await project.execute(RAIN) == ProjectPriceHistoryResult(3, done=False)
    events.missing = set()
    assert await project.execute(RAIN) == ProjectPriceHistoryResult(2, done=True)
    await assert_folded_at_once(traded, store)


async def assert_folded_at_once(world: World, store: MemoryStore) -> None:
    """The candles are those that one folding of all trades makes."""
    fresh = MemoryStore({key: record for key, record in store.records.items() if not isinstance(record, _PROJECTED)})
    other = World(MemoryPersistence.over(fresh), clock=world.clock)
    await other.project_price_history.execute(RAIN)
    assert sorted(map(repr, fresh.every(Candle))) == sorted(map(repr, store.every(Candle)))


_PROJECTED = (Candle, PriceHistory)


async def test_as_many_candles_as_fit(traded: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A transaction takes the trades whose candles it has room for; the next one goes on."""
    monkeypatch.setattr(project_price_history, "CANDLES", 3)
    assert await traded.project_price_history.execute(RAIN) == ProjectPriceHistoryResult(5, done=True)
    assert [candle.version for candle in await candles(traded)] == [3, 5]


async def test_a_run_is_bounded(traded: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too much for a run is left for the next."""
    monkeypatch.setattr(project_price_history, "PASSES", 2)
    monkeypatch.setattr(project_price_history, "PAGE", 2)
    assert await traded.project_price_history.execute(RAIN) == ProjectPriceHistoryResult(3, done=False)
    assert await traded.project_price_history.execute(RAIN) == ProjectPriceHistoryResult(2, done=True)


async def test_many_workers(traded: World, store: MemoryStore) -> None:
    """Workers that fold at the same moment fold each trade once between them."""
    results = await asyncio.gather(*(traded.project_price_history.execute(RAIN) for _ in range(4)))
    assert sum(result.folded for result in results) == 5
    await assert_folded_at_once(traded, store)


@pytest.mark.parametrize("slug", ["nothing", "draft"])
async def test_nothing_to_fold(traded: World, slug: str) -> None:
    """A market that does not exist, and a draft, have no history."""
    await traded.draft("draft", "ann")
    result = await traded.project_price_history.execute(ProjectPriceHistoryRequest(slug))
    assert result == ProjectPriceHistoryResult(0, done=True)
    assert (await traded.ports.records.read(key_for(PriceHistory, slug))).get(key_for(PriceHistory, slug)) is None


async def test_a_reader_rings_for_what_is_behind(traded: World) -> None:
    """And only then; what is folded already is shown meanwhile."""
    doorbell = RecordingDoorbell()
    reader = ListPrices(traded.ports.records, traded.ports.candles, doorbell, traded.clock)
    request = ListPricesRequest("rain", Interval.MINUTE)
    assert (await reader.execute(request)).candles == []
    assert [ring.market for ring in doorbell.rings] == ["rain"]
    await traded.project_price_history.execute(RAIN)
    assert len((await reader.execute(request)).candles) == 2
    assert len(doorbell.rings) == 1


async def test_a_reader_whose_ring_is_lost_reads_all_the_same(traded: World) -> None:
    """What is folded already is shown, although nobody can be told that there is more."""

    class DeafDoorbell:
        async def ring(self, rings: Sequence[Ring]) -> None:
            raise RingLostError("nobody hears")

    await traded.project_price_history.execute(RAIN)
    await traded.buy("bob", "rain", "YES", MICROS)
    reader = ListPrices(traded.ports.records, traded.ports.candles, DeafDoorbell(), traded.clock)
    assert len((await reader.execute(ListPricesRequest("rain", Interval.MINUTE))).candles) == 2


async def test_only_starts_within_the_span(traded: World) -> None:
    """The first start is included, the end is not."""
    first, second = (candle.start for candle in await candles(traded))
    for start, end, expected in ((first, second, [first]), (second, None, [second]), (first, first, [])):
        request = ListPricesRequest("rain", Interval.MINUTE, start, end)
        assert [candle.start for candle in (await traded.list_prices.execute(request)).candles] == expected


async def test_whose_draft_it_is(world: World) -> None:
    """A draft has an empty history for its creator and the admins, and does not exist for others."""
    for account in ("ann", "bob"):
        await world.open(account)
    await world.draft("rain", "ann")
    for by in (caller("ann"), admin()):
        assert await candles(world, by=by) == []
    for stranger in (caller("bob"), None):
        with pytest.raises(MarketNotFoundError):
            await candles(world, by=stranger)


async def test_changes_of_the_market_between_trades(traded: World, store: MemoryStore) -> None:
    """They are passed over, and the history goes on from the position after them."""
    await traded.close("rain", caller("ann"))
    await traded.reopen("rain", caller("ann"))
    await traded.project_price_history.execute(RAIN)
    assert store.every(PriceHistory)[0].position == 8
    await traded.buy("bob", "rain", "YES", MICROS)
    assert await traded.project_price_history.execute(RAIN) == ProjectPriceHistoryResult(1, done=True)
    await assert_folded_at_once(traded, store)


async def test_a_history_of_the_release_before(traded: World, store: MemoryStore) -> None:
    """It says how many trades are folded and no position: nothing is folded twice, and nothing left out."""
    await traded.project_price_history.execute(RAIN)
    store.put(replace(store.every(PriceHistory)[0], position=0))
    await traded.close("rain", caller("ann"))
    await traded.reopen("rain", caller("ann"))
    await traded.buy("bob", "rain", "YES", MICROS)
    assert await traded.project_price_history.execute(RAIN) == ProjectPriceHistoryResult(1, done=True)
    await assert_folded_at_once(traded, store)
