from dataclasses import replace
from datetime import timedelta

import pytest

from domain.application.trading.quote import QuoteRequest, QuoteResult
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import (
    DomainError,
    InsufficientSharesError,
    InvalidOrderError,
    MarketNotFoundError,
    MarketNotOpenError,
    PriceLimitExceededError,
)
from domain.model.kernel.money import MICROS, Money
from domain.model.trading.order import OrderTerms, TimeInForce
from domain.model.trading.trade import Side
from tests.fakes.clock import START
from tests.fakes.memory import MemoryStore
from tests.fakes.refusals import refused
from tests.fakes.world import DEFINITION, World, admin, caller

BUY_TEN = OrderTerms("YES", Side.BUY, quantity=10 * MICROS)


@pytest.fixture(autouse=True)
async def market(world: World) -> None:
    """Bob holds 5 YES of an open market that closes in an hour; Ann has a draft."""
    await world.open("ann")
    await world.open("bob")
    await world.draft("draft", "ann")
    await world.publish("rain", "ann", replace(DEFINITION, closes_at=START + timedelta(hours=1)))
    await world.buy("bob", "rain", "YES", 5 * MICROS)


async def _quote(world: World, terms: OrderTerms, slug: str = "rain", by: Caller | None = None) -> QuoteResult:
    return await world.quote.execute(QuoteRequest(slug, terms, by))


@pytest.mark.parametrize(
    "terms",
    [
        BUY_TEN,
        OrderTerms("NO", Side.BUY, spend=20 * MICROS),
        OrderTerms("YES", Side.BUY, spend=1),
        OrderTerms("YES", Side.SELL, quantity=2 * MICROS),
        OrderTerms("YES", Side.BUY, quantity=1),
        OrderTerms("YES", Side.SELL, quantity=1),
        OrderTerms("YES", Side.BUY, quantity=30 * MICROS, limit_price=600_000),
        replace(BUY_TEN, quantity=500 * MICROS, limit_price=600_000, time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL),
        replace(BUY_TEN, version=1),
    ],
)
async def test_the_order_costs_what_was_quoted(world: World, terms: OrderTerms) -> None:
    """An order at the quoted version fills exactly what the quote said, for exactly that."""
    quoted = await _quote(world, terms)
    order = await world.order("bob", "rain", replace(terms, version=quoted.version))
    (trade,) = order.trades
    fill = quoted.fill
    assert (order.quantity, order.filled_quantity, order.amount) == (fill.requested, fill.quantity, fill.amount)
    assert trade.prices_after == fill.prices_after
    assert trade.version == quoted.version + 1
    assert quoted.terms == terms


async def test_a_quote_changes_nothing(world: World, store: MemoryStore) -> None:
    """Asking leaves the store as it was, and asking twice gets the same answer."""
    before = store.copy()
    assert await _quote(world, BUY_TEN) == await _quote(world, BUY_TEN)
    assert store == before


async def test_a_quote_ignores_who_asks(world: World) -> None:
    """Nobody's funds and shares matter: anybody is quoted more than they could pay or sell."""
    costly = OrderTerms("YES", Side.BUY, quantity=100_000 * MICROS)
    assert (await _quote(world, costly)).fill.amount.amount > 99_000 * MICROS
    sale = OrderTerms("YES", Side.SELL, quantity=5 * MICROS)
    assert (await _quote(world, sale, by=caller("ann"))).fill == (await _quote(world, sale)).fill


async def test_the_known_price(world: World) -> None:
    """The first purchase of 10 in an untouched market of b = 100 costs 5.124948 and lifts the price to .524979."""
    await world.publish("snow", "ann")
    quoted = await _quote(world, BUY_TEN, "snow")
    assert quoted.fill.amount == Money(5_124_948)
    assert [shown.price for shown in quoted.fill.prices_before] == [500_000, 500_000]
    assert [shown.price for shown in quoted.fill.prices_after] == [524_979, 475_021]
    assert quoted.version == 0


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        (replace(BUY_TEN, outcome="MAYBE"), InvalidOrderError),
        (replace(BUY_TEN, outcome="yes"), InvalidOrderError),
        (OrderTerms("YES", Side.SELL, quantity=5 * MICROS + 1), InsufficientSharesError),
        (OrderTerms("NO", Side.SELL, quantity=1), InsufficientSharesError),
        (replace(BUY_TEN, limit_price=512_000), PriceLimitExceededError),
        (replace(BUY_TEN, limit_price=1), PriceLimitExceededError),
        (replace(BUY_TEN, version=0), PriceLimitExceededError),
        (replace(BUY_TEN, version=2), PriceLimitExceededError),
    ],
)
async def test_refusals(world: World, store: MemoryStore, terms: OrderTerms, error: type[DomainError]) -> None:
    """A quote is refused as the order would be."""
    with refused(store, error):
        await _quote(world, terms)


async def test_a_closed_market(world: World, store: MemoryStore) -> None:
    """From its closing instant a market is not quoted."""
    world.clock.advance(timedelta(hours=1))
    with refused(store, MarketNotOpenError):
        await _quote(world, BUY_TEN)


async def test_a_decided_market(world: World, store: MemoryStore) -> None:
    """A settling or resolved market is not quoted."""
    await world.resolve("rain", caller("ann"), "YES")
    with refused(store, MarketNotOpenError):
        await _quote(world, BUY_TEN)
    await world.settle("rain")
    with refused(store, MarketNotOpenError):
        await _quote(world, BUY_TEN)


@pytest.mark.parametrize("viewer", [caller("ann"), admin()])
async def test_a_draft_of_ones_own(world: World, store: MemoryStore, viewer: Caller) -> None:
    """Whoever may see a draft learns that it is not open."""
    with refused(store, MarketNotOpenError):
        await _quote(world, BUY_TEN, "draft", viewer)


@pytest.mark.parametrize(("slug", "viewer"), [("draft", None), ("draft", caller("bob")), ("snow", admin())])
async def test_no_market_for_the_caller(world: World, store: MemoryStore, slug: str, viewer: Caller | None) -> None:
    """Others learn of a draft no more than of a market that never was."""
    with refused(store, MarketNotFoundError):
        await _quote(world, BUY_TEN, slug, viewer)
