"""Many traders at once, and the life of a market, over each adapter."""

import asyncio
from dataclasses import replace
from random import Random

import pytest

from domain.application.trading.place_order import PlaceOrderRequest, PlaceOrderResult
from domain.model.kernel.errors import ContentionError, DomainError, InsufficientSharesError
from domain.model.kernel.money import MICROS, ZERO
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.ledger.journal import EntryKind
from domain.model.trading.book import Book
from domain.model.trading.market import Market, MarketStatus
from domain.model.trading.order import Order, OrderTerms
from domain.model.trading.position import Position
from domain.model.trading.trade import NO_TRADE_DIGEST, Side, trade_digest
from tests.contract.conftest import Adapter
from tests.fakes.statement import assert_balanced
from tests.fakes.world import GRANT, World, admin, caller

pytestmark = pytest.mark.ministack

TRADERS = tuple(f"trader-{number:02}" for number in range(16))


async def _insist(world: World, trader: str, slug: str, terms: OrderTerms) -> PlaceOrderResult:
    """Place one order, under one key for as long as it takes."""
    key = world.fresh()
    for _ in range(500):
        try:
            return await world.place_order.execute(PlaceOrderRequest(caller(trader), slug, terms, key))
        except ContentionError:
            await asyncio.sleep(0)
    raise AssertionError("five hundred tries were not enough")


def is_short(outcome: object) -> bool:
    """Whether an order was refused for want of shares, be it that the refusal was remembered under its key."""
    return isinstance(outcome, DomainError) and outcome.code == InsufficientSharesError.code


async def _trade_at_random(world: World, trader: str, orders: int) -> list[Order]:
    """Buy and sell one's own shares, by a seed of one's own; what is refused is refused."""
    random, placed = Random(trader), list[Order]()
    for _ in range(orders):
        side = random.choice([Side.BUY, Side.BUY, Side.SELL])
        terms = OrderTerms(random.choice(["YES", "NO"]), side, quantity=random.randint(1, 20 * MICROS))
        try:
            placed.append((await _insist(world, trader, "rain", terms)).order)
        except DomainError as error:
            if not is_short(error):
                raise
            placed.append((await _insist(world, trader, "rain", replace(terms, side=Side.BUY))).order)
    return placed


def _assert_chained(orders: list[Order], book: Book) -> None:
    """The orders' trades are the book's versions without gaps, each digest over the one before."""
    trades = sorted((trade for order in orders for trade in order.trades), key=lambda trade: trade.version)
    assert [trade.version for trade in trades] == list(range(1, book.version + 1))
    head = NO_TRADE_DIGEST
    for trade in trades:
        assert trade.digest == trade_digest(head, trade)
        head = trade.digest
    assert book.head == head


async def test_sixteen_traders_on_one_book(adapter: Adapter) -> None:
    """No money is made or lost, nothing is oversold, no version is missing, and the pool covers every outcome."""
    world = World(adapter.ports)
    for account in ("ann", *TRADERS):
        await world.open(account)
    await world.publish("rain", "ann")
    placed = await asyncio.gather(*(_trade_at_random(world, trader, 2) for trader in TRADERS))
    orders = [order for of_one in placed for order in of_one]
    book = await world.found(key_for(Book, "rain"))
    assert book.version == len(orders) == 32
    _assert_chained(orders, book)
    positions = [await world.found(key_for(Position, trader, "rain")) for trader in TRADERS]
    assert book.holders == 16
    assert book.quantities == tuple(sum(held) for held in zip(*(p.quantities for p in positions), strict=True))
    assert min(min(position.quantities) for position in positions) >= 0
    assert book.pool.amount >= max(book.quantities)
    assert book.staked.amount == sum(position.staked.amount for position in positions)
    statement = await adapter.statement(["ann", *TRADERS], ["rain"])
    assert_balanced(statement, 17 * GRANT.amount)
    await world.resolve("rain", caller("ann"), {"YES": 400_000, "NO": 600_000})
    assert (await world.settle("rain")).done
    settled = await adapter.statement(["ann", *TRADERS], ["rain"])
    assert_balanced(settled, 17 * GRANT.amount)
    assert sum(account.balance.amount for account in settled.accounts) == 17 * GRANT.amount


async def test_sixteen_orders_under_one_key(adapter: Adapter) -> None:
    """One request sent sixteen times at once trades once, and all get its answer."""
    world = World(adapter.ports)
    for account in ("ann", "bob"):
        await world.open(account)
    await world.publish("rain", "ann")
    request = PlaceOrderRequest(caller("bob"), "rain", OrderTerms("YES", Side.BUY, spend=9 * MICROS), world.fresh())
    results = await asyncio.gather(*(world.place_order.execute(request) for _ in range(16)))
    assert {result.order.id for result in results} == {results[0].order.id}
    assert all(result.order == results[0].order for result in results)
    assert sorted(result.replayed for result in results) == [False] + [True] * 15
    assert (await world.found(key_for(Book, "rain"))).version == 1
    assert_balanced(await adapter.statement(["ann", "bob"], ["rain"]), 2 * GRANT.amount)


async def test_the_same_shares_from_eight_sides(adapter: Adapter) -> None:
    """Ten shares that eight tasks each try to sell three of are sold three times, and no more."""
    world = World(adapter.ports)
    for account in ("ann", "bob", "cid"):
        await world.open(account)
    await world.publish("rain", "ann")
    await world.buy("cid", "rain", "YES", 100 * MICROS)
    await world.buy("bob", "rain", "YES", 10 * MICROS)
    terms = OrderTerms("YES", Side.SELL, quantity=3 * MICROS)
    outcomes = await asyncio.gather(*(_insist(world, "bob", "rain", terms) for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(outcome, PlaceOrderResult) for outcome in outcomes) == 3
    assert sum(map(is_short, outcomes)) == 5
    assert (await world.found(key_for(Position, "bob", "rain"))).quantities == (MICROS, 0)
    assert (await world.found(key_for(Book, "rain"))).quantities == (101 * MICROS, 0)
    assert_balanced(await adapter.statement(["ann", "bob", "cid"], ["rain"]), 3 * GRANT.amount)


async def test_one_balance_in_eight_markets(adapter: Adapter) -> None:
    """Eight orders at once in eight markets never spend more than the one balance they share."""
    world = World(adapter.ports)
    slugs = [f"market-{number}" for number in range(8)]
    for account in ("ann", "bob"):
        await world.open(account)
    for slug in slugs:
        await world.publish(slug, "ann")
    terms = OrderTerms("YES", Side.BUY, spend=300 * MICROS)
    outcomes = await asyncio.gather(*(_insist(world, "bob", slug, terms) for slug in slugs), return_exceptions=True)
    assert sum(isinstance(outcome, PlaceOrderResult) for outcome in outcomes) == 3
    assert {outcome.code for outcome in outcomes if isinstance(outcome, DomainError)} == {"insufficient-funds"}
    assert (await world.found(key_for(Account, "bob"))).markets_held == 3
    assert_balanced(await adapter.statement(["ann", "bob"], slugs), 2 * GRANT.amount)


async def test_traders_race_with_the_resolution(adapter: Adapter) -> None:
    """Trades that meet a resolution are either in the frozen book and paid, or refused as too late."""
    world = World(adapter.ports)
    for account in ("ann", *TRADERS[:8]):
        await world.open(account)
    await world.publish("rain", "ann")
    terms = OrderTerms("YES", Side.BUY, quantity=5 * MICROS)

    async def resolve() -> None:
        for _ in range(500):
            if (await world.found(key_for(Book, "rain"))).version >= 3:
                break
            await asyncio.sleep(0)
        for _ in range(500):
            try:
                await world.resolve("rain", caller("ann"), "YES")
            except ContentionError:
                continue
            return

    outcomes = await asyncio.gather(
        resolve(), *(_insist(world, trader, "rain", terms) for trader in TRADERS[:8]), return_exceptions=True
    )
    filled = [outcome.order for outcome in outcomes if isinstance(outcome, PlaceOrderResult)]
    assert {outcome.code for outcome in outcomes if isinstance(outcome, DomainError)} <= {"market-not-open"}
    assert sum(isinstance(outcome, DomainError) for outcome in outcomes) == 8 - len(filled)
    book = await world.found(key_for(Book, "rain"))
    assert book.status is MarketStatus.SETTLING
    assert book.quantities == (5 * MICROS * len(filled), 0)
    _assert_chained(filled, book)
    both = await asyncio.gather(world.settle("rain"), world.settle("rain"))
    assert all(result.done for result in both)
    assert sum(result.settled for result in both) == len(filled)
    statement = await adapter.statement(["ann", *TRADERS[:8]], ["rain"])
    assert_balanced(statement, 9 * GRANT.amount)
    paid = [entry for entry in statement.entries if entry.kind is EntryKind.PAYOUT]
    assert {entry.account for entry in paid} == {order.account for order in filled}
    assert {entry.amount.amount for entry in paid} == {5 * MICROS}


async def test_the_life_of_a_market(adapter: Adapter) -> None:
    """Created, published, traded by three, resolved and paid: in the end the balances are what was issued."""
    world = World(adapter.ports)
    everybody = ["ann", "bob", "cid", "dee", "admin"]
    for account in everybody:
        await world.open(account)
    drafted = await world.draft("rain", "ann")
    assert drafted.status is MarketStatus.DRAFT
    published = await world.publish("snow", "ann")
    assert published.market.status is MarketStatus.ACTIVE

    await world.buy("bob", "snow", "YES", 40 * MICROS)
    await world.spend("cid", "snow", "NO", 25 * MICROS)
    await world.spend("dee", "snow", "YES", 10 * MICROS)
    await world.sell("bob", "snow", "YES", 15 * MICROS)
    await world.sell("dee", "snow", "YES", 5 * MICROS)
    bought = await world.buy("cid", "snow", "YES", 3 * MICROS)
    sold = await world.sell("cid", "snow", "YES", 3 * MICROS)
    assert sold.amount.amount <= bought.amount.amount
    assert_balanced(await adapter.statement(everybody, ["snow"]), 5 * GRANT.amount)
    held = {line.market for line in (await world.portfolio("cid")).lines}
    assert held == {"snow"}

    decided = await world.resolve("snow", admin(), {"YES": 250_000, "NO": 750_000})
    assert decided.market.status is MarketStatus.SETTLING
    result = await world.settle("snow")
    assert (result.settled, result.done) == (3, True)
    assert (await world.settle("snow")).settled == 0

    market, book = await world.found(key_for(Market, "snow")), await world.found(key_for(Book, "snow"))
    assert market.status is book.status is MarketStatus.RESOLVED
    assert book.pool == ZERO
    statement = await adapter.statement(everybody, ["snow"])
    assert_balanced(statement, 5 * GRANT.amount)
    assert sum(account.balance.amount for account in statement.accounts) == 5 * GRANT.amount
    assert {account.markets_held for account in statement.accounts} == {0}
    kinds = [entry.kind for entry in statement.entries if entry.account == "bob"]
    assert kinds == [EntryKind.STARTING_GRANT, EntryKind.BUY, EntryKind.SELL, EntryKind.PAYOUT]
    events = [event.status for event in await adapter.ledger.events() if event.market == "snow"]
    assert events == [MarketStatus.ACTIVE, MarketStatus.SETTLING, MarketStatus.RESOLVED]
    assert (await world.portfolio("cid")).lines == ()
