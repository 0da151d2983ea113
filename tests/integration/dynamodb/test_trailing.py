"""Reads of markets may be seconds old, and cost half; what must show one's own writes does."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, cast

import pytest

from domain.application.discussion.list_comments import ListCommentsRequest
from domain.application.history.list_events import ListEventsRequest
from domain.application.history.list_prices import ListPricesRequest
from domain.application.history.project_price_history import ProjectPriceHistoryRequest
from domain.application.ledger.get_me import GetMeRequest
from domain.application.trading.get_market import GetMarketRequest
from domain.application.trading.list_holders import ListHoldersRequest
from domain.application.trading.list_trades import ListTradesRequest
from domain.application.trading.quote import QuoteRequest
from domain.model.history.candle import Interval
from domain.model.kernel.errors import MarketNotFoundError
from domain.model.kernel.money import MICROS
from domain.model.trading.market import MarketStatus
from domain.model.trading.order import OrderTerms
from domain.model.trading.trade import Side
from functions.config.dynamodb import dynamodb_persistence
from functions.config.ports import Ports
from functions.config.settings import Settings
from functions.config.wiring.trading.get_market import get_market
from tests.fakes.clock import FakeClock, LowestRandom
from tests.fakes.world import World, caller
from tests.integration.dynamodb.recording import RecordingClient
from tests.simulation.store import LONGEST_LAG, TABLES, Store

if TYPE_CHECKING:
    from functions.adapter.out.dynamodb.tables import Client

TERMS = OrderTerms("YES", Side.BUY, quantity=MICROS)

type Act = Callable[[World], Awaitable[object]]

MAY_TRAIL: dict[str, Act] = {
    "get_market": lambda world: world.see("rain"),
    "list_prices": lambda world: world.list_prices.execute(ListPricesRequest("rain", Interval.HOUR)),
    "list_events": lambda world: world.list_events.execute(ListEventsRequest("rain", 0, 10)),
    "list_trades": lambda world: world.list_trades.execute(ListTradesRequest("rain", 10)),
    "list_holders": lambda world: world.list_holders.execute(ListHoldersRequest("rain", 10)),
    "list_comments": lambda world: world.list_comments.execute(ListCommentsRequest("rain", 10)),
}
IS_CURRENT: dict[str, Act] = {
    "quote": lambda world: world.quote.execute(QuoteRequest("rain", TERMS)),
    "place_order": lambda world: world.order("bob", "rain", TERMS),
    "get_portfolio": lambda world: world.portfolio("bob"),
    "get_me": lambda world: world.get_me.execute(GetMeRequest(caller("bob"))),
}


class Instance:
    """Tables whose eventual reads and indexes trail behind for as long as they ever do."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.lag = 0.0
        store = Store(self.clock.monotonic, lambda: self.lag)
        self.client = RecordingClient(cast("Client", store))
        recorded: Any = self.client
        persistence = dynamodb_persistence(recorded, TABLES, self.clock, LowestRandom())
        self.ports = Ports(persistence, self.clock, LowestRandom(), Settings())
        self.world = World(persistence, self.clock)


@pytest.fixture
async def instance() -> Instance:
    """A market that is traded on."""
    made = Instance()
    for name in ("ann", "bob"):
        await made.world.open(name)
    await made.world.publish("rain", "ann")
    await made.world.buy("bob", "rain", "YES", MICROS)
    await made.world.project_price_history.execute(ProjectPriceHistoryRequest("rain"))
    made.client.calls.clear()
    return made


def consistency(instance: Instance) -> set[bool]:
    """How records were read."""
    reads = [call.parameters for call in instance.client.calls if call.operation == "batch_get_item"]
    queries = [call.parameters for call in instance.client.calls if call.operation == "query"]
    return {read["RequestItems"][TABLES.core]["ConsistentRead"] for read in reads} | {
        bool(query.get("ConsistentRead")) for query in queries
    }


@pytest.mark.parametrize("name", MAY_TRAIL)
async def test_what_may_trail(instance: Instance, name: str) -> None:
    """Nothing is read strongly."""
    await MAY_TRAIL[name](instance.world)
    assert consistency(instance) == {False}


@pytest.mark.parametrize("name", IS_CURRENT)
async def test_what_is_current(instance: Instance, name: str) -> None:
    """Everything is read strongly: docs/api.md says so of quotes, orders and the portfolio."""
    await IS_CURRENT[name](instance.world)
    assert consistency(instance) == {True}


async def test_a_market_that_trails(instance: Instance) -> None:
    """It shows the price of a moment ago while the next order is already priced by the present one."""
    world, instance.lag = instance.world, LONGEST_LAG
    before = (await world.see("rain")).book
    await world.buy("bob", "rain", "YES", 50 * MICROS)
    quoted = (await world.quote.execute(QuoteRequest("rain", TERMS))).fill
    assert (await world.see("rain")).book == before
    assert (await world.portfolio("bob")).lines[0].quantity == 51 * MICROS
    await instance.clock.sleep(LONGEST_LAG)
    assert (await world.see("rain")).book.quantities[0] == quoted.quantities_after[0] - MICROS


async def test_a_market_that_was_made_just_now(instance: Instance) -> None:
    """Other APIs, whose clients trade at once on what they have made, read it as it is."""
    instance.lag = LONGEST_LAG
    await instance.world.publish("snow", "ann")
    request = GetMarketRequest("snow", caller("bob"))
    with pytest.raises(MarketNotFoundError):
        await get_market(instance.ports).execute(request)
    found = await get_market(instance.ports, may_trail=False).execute(request)
    assert found.listing.market.status is MarketStatus.ACTIVE
