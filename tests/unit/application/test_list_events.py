from datetime import timedelta

import pytest

from domain.application.history.list_events import ListEventsRequest, ListEventsResult
from domain.event.market_events import EventType, MarketChanged, consecutive
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import MarketNotFoundError
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import key_for
from domain.model.trading.book import Book
from domain.model.trading.market import MarketStatus
from domain.model.trading.trade import Trade
from tests.fakes.world import DEFINITION, World, admin, caller


async def events(world: World, after: int = 0, limit: int = 100, by: Caller | None = None) -> ListEventsResult:
    """A page of the events of ``rain``."""
    return await world.list_events.execute(ListEventsRequest("rain", after, limit, by))


async def live(world: World) -> list[EventType]:
    """Everything that can happen to a market, and what the public is told of it."""
    for account in ("ann", "bob"):
        await world.open(account)
    await world.open("admin")
    await world.publish("rain", "ann")
    await world.buy("bob", "rain", "YES", MICROS)
    await world.buy("bob", "rain", "NO", MICROS)
    await world.close("rain", caller("ann"))
    await world.reopen("rain", caller("ann"), world.clock.now() + timedelta(hours=1))
    await world.sell("bob", "rain", "NO", MICROS)
    world.clock.advance(timedelta(hours=2))
    await world.reopen("rain", admin())
    await world.buy("bob", "rain", "YES", MICROS)
    await world.resolve("rain", caller("ann"), "YES")
    assert (await world.settle("rain")).done
    return [
        EventType.PUBLISHED,
        EventType.TRADE,
        EventType.TRADE,
        EventType.CLOSED,
        EventType.REOPENED,
        EventType.TRADE,
        EventType.CLOSED,
        EventType.REOPENED,
        EventType.TRADE,
        EventType.RESOLVING,
        EventType.RESOLVED,
    ]


async def test_every_change_has_the_next_position(world: World) -> None:
    """From 1, without gaps, each with its type; the last one's position is the market's."""
    expected = await live(world)
    found = (await events(world)).events
    assert [event.type for event in found] == expected
    assert [event.position for event in found] == list(range(1, len(expected) + 1))
    assert (await world.found(key_for(Book, "rain"))).position == len(expected)


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 100])
async def test_pages_follow_one_another(world: World, limit: int) -> None:
    """Whatever the size of its pages, the whole list is each event exactly once."""
    expected = await live(world)
    found, after = list[EventType](), 0
    while page := (await events(world, after, limit)).events:
        assert len(page) <= limit
        found += [event.type for event in page]
        after = page[-1].position
    assert found == expected


async def test_an_event_says_what_came_of_it(world: World) -> None:
    """A trade is the trade; anything else is the market as it is since."""
    await live(world)
    published, trade, *_, closed_by_time, reopened, _, resolving, resolved = (await events(world)).events
    assert isinstance(trade.data, Trade)
    assert (trade.data.version, trade.created_at) == (1, trade.data.created_at)
    changes = [event.data for event in (published, closed_by_time, reopened, resolving, resolved)]
    assert all(isinstance(change, MarketChanged) for change in changes)
    statuses = [change.status for change in changes if isinstance(change, MarketChanged)]
    assert statuses == [
        MarketStatus.ACTIVE,
        MarketStatus.CLOSED,
        MarketStatus.ACTIVE,
        MarketStatus.SETTLING,
        MarketStatus.RESOLVED,
    ]
    assert isinstance(resolved.data, MarketChanged)
    assert resolved.data.resolution is not None
    assert resolved.data.resolution.payouts == (MICROS, 0)


async def test_above_the_last_there_is_nothing(world: World) -> None:
    """After the last event, and far above it, the page is empty."""
    expected = await live(world)
    for after in (len(expected), len(expected) + 1, 2**40):
        assert (await events(world, after)).events == ()


async def test_a_draft_has_no_events(world: World) -> None:
    """Its creator and admins find none, also after edits; to everybody else there is no market."""
    await world.open("ann")
    await world.draft("rain", "ann", DEFINITION)
    for reader in (caller("ann"), admin()):
        assert (await events(world, by=reader)).events == ()
    for stranger in (None, caller("bob")):
        with pytest.raises(MarketNotFoundError):
            await events(world, by=stranger)


async def test_no_such_market(world: World) -> None:
    """An unknown slug is refused."""
    with pytest.raises(MarketNotFoundError):
        await events(world)


async def test_a_list_that_trails_ends_at_its_gap(world: World) -> None:
    """Of events with one missing, those before it count; what is known already and what is too much is left out."""
    await live(world)
    found = list((await events(world)).events)
    del found[4]
    assert [event.position for event in consecutive(found, 1, 100)] == [2, 3, 4]
    assert [event.position for event in consecutive(found, 1, 2)] == [2, 3]
    assert consecutive(found, 4, 100) == []
