from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.application.settlement.ring_stale import RingStale, RingStaleRequest
from domain.model.kernel.money import MICROS
from domain.model.trading.market import DECIDED, MarketStatus, Resolution
from domain.port.out.doorbell import Ring, RingLostError
from tests.fakes.clock import START, FakeClock
from tests.fakes.memory import MemoryMarkets, MemoryStore
from tests.fakes.samples import RAIN

MANY = 250


class RecordingDoorbell:
    """A doorbell that remembers each time it was rung.

    Args:
        failing_call: the call, counted from 0, at which it fails; None for never.
    """

    def __init__(self, failing_call: int | None = None) -> None:
        self.calls: list[list[Ring]] = []
        self._failing_call = failing_call

    async def ring(self, rings: Sequence[Ring]) -> None:
        self.calls.append(list(rings))
        if len(self.calls) - 1 == self._failing_call:
            raise RingLostError("nobody hears")


def _put(store: MemoryStore, slug: str, status: MarketStatus, age: int = 0) -> None:
    resolution = Resolution((MICROS, 0), None, START) if status in DECIDED else None
    created_at = START - timedelta(seconds=age)
    store.put(replace(RAIN, slug=slug, status=status, resolution=resolution, created_at=created_at))


async def test_rings_for_settling_markets_only(store: MemoryStore) -> None:
    """Of a market in each status, the one that is being settled is rung for."""
    for status in MarketStatus:
        _put(store, status.value.lower(), status)
    doorbell = RecordingDoorbell()
    result = await RingStale(MemoryMarkets(store), doorbell, FakeClock()).execute(RingStaleRequest())
    assert [ring.market for rings in doorbell.calls for ring in rings] == ["settling"]
    assert result.rings == 1


async def test_nothing_is_stale(store: MemoryStore) -> None:
    """Where nothing waits the bell is not touched."""
    _put(store, "rain", MarketStatus.ACTIVE)
    doorbell = RecordingDoorbell()
    result = await RingStale(MemoryMarkets(store), doorbell, FakeClock()).execute(RingStaleRequest())
    assert (result.rings, doorbell.calls) == (0, [])


async def test_many_are_rung_for_page_by_page(store: MemoryStore) -> None:
    """More markets than a page holds are all rung for, each once, a hundred at a time."""
    for number in range(MANY):
        _put(store, f"market-{number}", MarketStatus.SETTLING, age=number)
    doorbell = RecordingDoorbell()
    result = await RingStale(MemoryMarkets(store), doorbell, FakeClock()).execute(RingStaleRequest())
    assert [len(rings) for rings in doorbell.calls] == [100, 100, 50]
    assert {ring.market for rings in doorbell.calls for ring in rings} == {f"market-{n}" for n in range(MANY)}
    assert result.rings == MANY


async def test_each_time_is_another_occasion(store: MemoryStore) -> None:
    """A queue that drops repeated occasions delivers the next minute's ring, but not one that was sent twice."""
    _put(store, "rain", MarketStatus.SETTLING)
    doorbell, clock = RecordingDoorbell(), FakeClock()
    use_case = RingStale(MemoryMarkets(store), doorbell, clock)
    for wait in (0, 1, 60):
        clock.advance(timedelta(seconds=wait))
        await use_case.execute(RingStaleRequest())
    first, again, next_minute = (rings[0] for rings in doorbell.calls)
    assert first == again
    assert next_minute.occasion != first.occasion


@pytest.mark.parametrize("failing_call", [0, 1])
async def test_a_lost_ring_is_told(store: MemoryStore, failing_call: int) -> None:
    """Whichever page's rings are lost, the failure comes out; the time after, all are rung for."""
    for number in range(150):
        _put(store, f"market-{number}", MarketStatus.SETTLING, age=number)
    doorbell = RecordingDoorbell(failing_call)
    use_case = RingStale(MemoryMarkets(store), doorbell, FakeClock())
    with pytest.raises(RingLostError):
        await use_case.execute(RingStaleRequest())
    assert (await use_case.execute(RingStaleRequest())).rings == 150
