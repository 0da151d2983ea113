import pytest

from domain.application.trading.create_market import CreateMarketRequest
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency, command_id
from domain.model.kernel.errors import AccountNotFoundError, DomainError, OrderNotFoundError
from domain.model.kernel.money import MICROS
from domain.model.trading.order import Order
from tests.fakes.memory import MemoryStore
from tests.fakes.refusals import refused
from tests.fakes.world import DEFINITION, World, admin, caller


@pytest.fixture
async def placed(world: World) -> Order:
    """Bob's order in ann's market."""
    for account in ("ann", "bob", "zoe"):
        await world.open(account)
    await world.publish("rain", "ann")
    return await world.buy("bob", "rain", "YES", 10 * MICROS)


async def test_an_order_is_what_was_answered(world: World, store: MemoryStore, placed: Order) -> None:
    """Its owner reads the order as it was answered, whatever has become of balance, book and market since."""
    before = store.copy()
    assert await world.find_order(placed.id, caller("bob")) == placed
    assert store == before
    later = await world.sell("bob", "rain", "YES", 4 * MICROS)
    await world.resolve("rain", caller("ann"), "YES")
    await world.settle("rain")
    assert await world.find_order(placed.id, caller("bob")) == placed
    assert await world.find_order(later.id, caller("bob")) == later


@pytest.mark.parametrize(
    ("by", "error"),
    [
        (caller("ann"), OrderNotFoundError),
        (admin("zoe"), OrderNotFoundError),
        (caller("nobody"), AccountNotFoundError),
        (admin("nobody"), AccountNotFoundError),
    ],
)
async def test_an_order_is_its_owners(
    world: World, store: MemoryStore, placed: Order, by: Caller, error: type[DomainError]
) -> None:
    """To everybody else, admins too, there is no such order."""
    with refused(store, error):
        await world.find_order(placed.id, by)


@pytest.mark.parametrize("id_", ["", "nothing", "0" * 32, "é", "a" * 5_000])
async def test_no_such_order(world: World, store: MemoryStore, placed: Order, id_: str) -> None:
    """An id that no order of the caller has is none."""
    with refused(store, OrderNotFoundError):
        await world.find_order(id_, caller("bob"))


async def test_another_command_is_no_order(world: World, store: MemoryStore, placed: Order) -> None:
    """The id of what the caller did with another request is no order's."""
    idempotency = Idempotency("draft", "a draft")
    await world.create_market.execute(CreateMarketRequest(caller("bob"), "snow", DEFINITION, idempotency))
    with refused(store, OrderNotFoundError):
        await world.find_order(command_id("bob", "draft"), caller("bob"))
