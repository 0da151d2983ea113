"""Finding the events of a market: in order, without gaps, from any position, in pages of any size."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.event.market_events import EventType
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import key_for
from domain.model.trading.book import Book
from tests.contract.conftest import Adapter
from tests.fakes.world import DEFINITION, World, caller


async def live(world: World) -> list[EventType]:
    """Trades, with many changes of the market between them, after edits of its draft."""
    for account in ("ann", "bob"):
        await world.open(account)
    await world.publish("rain", "ann", replace(DEFINITION, closes_at=world.clock.now() + timedelta(days=1)))
    await world.publish("snow", "ann")
    await world.buy("bob", "snow", "YES", MICROS)
    expected = [EventType.PUBLISHED]
    for _ in range(3):
        await world.buy("bob", "rain", "YES", MICROS)
        await world.close("rain", caller("ann"))
        await world.reopen("rain", caller("ann"))
        expected += [EventType.TRADE, EventType.CLOSED, EventType.REOPENED]
    await world.resolve("rain", caller("ann"), "YES")
    assert (await world.settle("rain")).done
    return [*expected, EventType.RESOLVING, EventType.RESOLVED]


@pytest.mark.emulated(1)
@pytest.mark.parametrize("limit", [100, 1, 2, 5])
async def test_find_events(adapter: Adapter, limit: int) -> None:
    """Every event once, whatever the pages; of no other market, and none after the last."""
    world = World(adapter.ports)
    expected = await live(world)
    book = await world.found(key_for(Book, "rain"))
    assert book.position == len(expected)
    for start in range(len(expected) + 2):
        found, after = list[EventType](), start
        while page := await adapter.ports.events.find_events("rain", book.origin, book.revision, after, limit):
            assert [event.position for event in page] == list(range(after + 1, after + 1 + len(page)))
            assert len(page) <= limit
            assert {event.market for event in page} == {"rain"}
            found += [event.type for event in page]
            after = page[-1].position
        assert found == expected[start:]
