"""Forecasts: what they sell, what they buy, what they cost, and that they are done once."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.application.metaculus.number_markets import (
    FindNumbered,
    FindNumberedRequest,
    NumberMarkets,
    NumberMarketsRequest,
)
from domain.application.metaculus.place_forecast import PlaceForecastRequest, PlaceForecastResult
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import (
    AccountNotFoundError,
    IdempotencyKeyReusedError,
    MarketNotFoundError,
    MarketNotOpenError,
)
from domain.model.kernel.money import MICROS, Money
from domain.model.kernel.record import key_for
from domain.model.metaculus.forecast import KEPT, Forecasts, stake_of
from domain.model.metaculus.post import Post, number_of
from domain.model.trading.book import shown_prices
from domain.model.trading.market import MarketDefinition
from domain.model.trading.position import Position
from domain.model.trading.trade import Side
from domain.port.out.store import Insert
from functions.adapter.out.optimistic import OptimisticStore
from tests.fakes.clock import FakeClock, SeededRandom
from tests.fakes.memory import MemoryPersistence, MemoryStore
from tests.fakes.world import World, caller

NEAR = 2
"""A shown price is rounded, and so is the quantity that comes nearest to a limit: two millionths."""
RACE = MarketDefinition("Who wins?", outcomes=("A", "B", "C", "D"))


async def stage(definition: MarketDefinition | None = None, *accounts: str) -> World:
    """A market of Ann's, and others with accounts."""
    world = World(MemoryPersistence.over(MemoryStore()))
    for account in ("ann", "bob", *accounts):
        await world.open(account)
    await world.publish("rain", "ann", definition)
    return world


async def forecast(
    world: World, prices: Sequence[int], by: str = "bob", idempotency: Idempotency | None = None
) -> PlaceForecastResult:
    """Forecast the market."""
    request = PlaceForecastRequest(caller(by), "rain", tuple(prices), idempotency or world.fresh())
    return await world.place_forecast.execute(request)


async def prices(world: World) -> tuple[int, ...]:
    """The shown prices."""
    return tuple(shown.price for shown in shown_prices((await world.see("rain")).book))


async def held(world: World, account: str = "bob") -> tuple[int, ...]:
    """What an account holds."""
    return (await world.found(key_for(Position, account, "rain"))).quantities


def binary(probability: int) -> tuple[int, int]:
    """The prices of a forecast of two outcomes."""
    return probability, MICROS - probability


async def test_buying_up_to_the_forecast() -> None:
    """As far as the stake goes, which is 2 % of the balance; a near forecast is reached for less."""
    world = await stage()
    await forecast(world, binary(900_000))
    assert await world.balance("bob") == pytest.approx(980 * MICROS, abs=2)
    assert 500_000 < (await prices(world))[0] < 900_000
    await forecast(world, binary((await prices(world))[0] + 1_000), by="ann")
    assert (await prices(world))[0] < 900_000
    before = await world.balance("ann")
    assert before > 900 * MICROS


async def test_a_forecast_that_is_reached() -> None:
    """It stops at the forecast, whatever is left of the stake, and again it trades nothing."""
    world = await stage()
    await forecast(world, binary(520_000))
    assert (await prices(world))[0] == pytest.approx(520_000, abs=NEAR)
    spent = 1000 * MICROS - await world.balance("bob")
    assert 0 < spent < 20 * MICROS
    trades = (await world.see("rain")).book.version
    await forecast(world, binary(520_000))
    assert (await world.see("rain")).book.version <= trades + 1
    assert (await prices(world))[0] == pytest.approx(520_000, abs=NEAR)


async def test_selling_comes_first() -> None:
    """What is held of the other side goes before anything is bought, beyond any stake, as far as the forecast."""
    world = await stage()
    await world.spend("bob", "rain", "YES", 100 * MICROS)
    yes, _ = await held(world)
    await forecast(world, binary(600_000))
    left, none = await held(world)
    assert 0 < left < yes
    assert none == 0
    assert (await prices(world))[0] == pytest.approx(600_000, abs=NEAR)
    await forecast(world, binary(450_000))
    left, bought = await held(world)
    assert left == 0 < bought
    assert (await prices(world))[0] == pytest.approx(450_000, abs=NEAR)


async def test_several_outcomes() -> None:
    """Those that are dear are sold, those that are cheap are bought, what is farthest first, for one stake together."""
    world = await stage(RACE)
    await world.spend("bob", "rain", "A", 60 * MICROS)
    balance = await world.balance("bob")
    version = (await world.see("rain")).book.version
    await forecast(world, (100_000, 150_000, 250_000, 500_000))
    trades = [entry.trade for entry in (await world.ports.journal.find_entries("bob", 20)).items if entry.trade]
    made = [trade for trade in trades if trade.version > version][::-1]
    assert (made[0].side, made[0].outcome) == (Side.SELL, "A")
    assert [trade.side for trade in made[1:]] == [Side.BUY] * (len(made) - 1)
    assert made[1].outcome == "D"
    assert sum(trade.amount.amount for trade in made[1:]) <= balance // 50


@settings(max_examples=15, deadline=None)
@given(data=st.data())
@pytest.mark.asyncio(loop_scope="function")
async def test_what_holds_of_every_forecast(data: st.DataObject) -> None:
    """Purchases together cost at most the stake, nothing goes past its price, and no outcome is traded twice.

    It ends with money and shares in order, whatever was held and traded before.
    """
    outcomes = data.draw(st.integers(2, 5))
    names = tuple("ABCDE"[:outcomes])
    world = await stage(replace(RACE, outcomes=names), "cid")
    for account in ("bob", "cid"):
        for name in names:
            if spend := data.draw(st.sampled_from([0, 0, 1, 7, 40, 150])):
                await world.spend(account, "rain", name, spend * MICROS)
    weights = [data.draw(st.integers(1, 1000)) for _ in names]
    wanted = [max(1000, weight * MICROS // sum(weights)) for weight in weights]
    balance, version = await world.balance("bob"), (await world.see("rain")).book.version
    before = await prices(world)
    await forecast(world, wanted)
    entries = (await world.ports.journal.find_entries("bob", 100)).items
    made = [entry.trade for entry in entries if entry.trade and entry.trade.version > version][::-1]
    bought = [trade for trade in made if trade.side is Side.BUY]
    assert sum(trade.amount.amount for trade in bought) <= balance // 50
    assert made == [trade for trade in made if trade.side is Side.SELL] + bought
    for trade in made:
        index = names.index(trade.outcome)
        price = trade.prices_after[index].price
        sign = 1 if trade.side is Side.BUY else -1
        assert sign * (wanted[index] - price) >= -NEAR
    assert len({trade.outcome for trade in made}) == len(made)
    if outcomes == 2 and made:
        moved = (await prices(world))[0] - before[0]
        assert moved * (wanted[0] - before[0]) >= 0
    audit = await world.audit()
    assert audit.difference.amount == 0


async def test_a_forecast_is_made_once() -> None:
    """The same again trades nothing and is answered alike; each of its orders can be read."""
    world = await stage()
    idempotency = world.fresh()
    first = await forecast(world, binary(700_000), idempotency=idempotency)
    book = (await world.see("rain")).book
    again = await forecast(world, binary(700_000), idempotency=idempotency)
    assert (first.replayed, again.replayed) == (False, True)
    assert again.forecasts == first.forecasts
    assert (await world.see("rain")).book == book
    (entry,) = [entry for entry in (await world.ports.journal.find_entries("bob", 9)).items if entry.trade]
    assert entry.trade is not None
    assert (await world.find_order(entry.trade.id, caller("bob"))).trades == (entry.trade,)
    with pytest.raises(IdempotencyKeyReusedError):
        await forecast(world, binary(600_000), idempotency=replace(idempotency, fingerprint="another"))


async def test_what_was_forecast_is_kept() -> None:
    """The last hundred, each with its time; also where nothing is left to stake."""
    world = await stage()
    for _ in range(KEPT + 1):
        await forecast(world, binary(500_000))
    answered = (await forecast(world, binary(500_000))).forecasts
    kept = await world.found(key_for(Forecasts, "bob", "rain"))
    assert (kept.version, len(kept.history)) == (KEPT + 2, KEPT)
    # The answer is remembered for each request: with all of the history it would be a hundred times as large.
    assert answered == replace(kept, history=kept.history[-1:])
    assert await world.balance("bob") == 1000 * MICROS
    await world.spend("bob", "rain", "YES", 999_999_980)
    assert stake_of(Money(await world.balance("bob"))) == 0
    assert (await forecast(world, binary(999_000))).forecasts.version == KEPT + 3


async def test_who_may_forecast_what() -> None:
    """Not without an account, nor a market that is not there, is a draft, or is closed."""
    world = await stage()
    with pytest.raises(AccountNotFoundError):
        await forecast(world, binary(700_000), by="nobody")
    request = PlaceForecastRequest(caller("bob"), "nowhere", binary(1), world.fresh())
    with pytest.raises(MarketNotFoundError):
        await world.place_forecast.execute(request)
    await world.close("rain", caller("ann"))
    with pytest.raises(MarketNotOpenError):
        await forecast(world, binary(500_000))


async def test_numbers_of_markets() -> None:
    """A market keeps its number; one whose number is another's gets the next; no other number is a market's."""
    memory = MemoryStore()
    ports = MemoryPersistence.over(memory)
    store = OptimisticStore(ports.records, ports.unit_of_work, FakeClock(), SeededRandom())
    numbers, find = NumberMarkets(store), FindNumbered(store)
    await ports.unit_of_work.commit([Insert(Post(number_of("snow"), "rain"))])
    found = (await numbers.execute(NumberMarketsRequest(("sun", "snow")))).numbers
    assert found == {"sun": number_of("sun"), "snow": number_of("snow", 1)}
    assert (await numbers.execute(NumberMarketsRequest(("snow", "sun")))).numbers == found
    assert (await find.execute(FindNumberedRequest(found["snow"]))).slug == "snow"
    assert (await find.execute(FindNumberedRequest(number_of("snow")))).slug == "rain"
    with pytest.raises(MarketNotFoundError):
        await find.execute(FindNumberedRequest(7))
    assert number_of("rain") == 54_542_943_482_020
