import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.application.trading.place_order import MARKETS_HELD_LIMIT, PlaceOrderRequest
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import command_id
from domain.model.kernel.errors import (
    AccountNotFoundError,
    BalanceLimitExceededError,
    ContentionError,
    DomainError,
    InsufficientFundsError,
    InsufficientSharesError,
    InvalidOrderError,
    MarketNotFoundError,
    MarketNotOpenError,
    PriceLimitExceededError,
)
from domain.model.kernel.money import BALANCE_LIMIT, MICROS, ZERO, Money
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.ledger.journal import EntryKind, JournalEntry, Posting
from domain.model.trading.book import Book
from domain.model.trading.order import Order, OrderStatus, OrderTerms, TimeInForce
from domain.model.trading.position import Position
from domain.model.trading.trade import NO_TRADE_DIGEST, OutcomePrice, Side, trade_digest
from domain.port.out.store import Change
from domain.port.out.unit_of_work import CommitOutcome
from tests.fakes.clock import START
from tests.fakes.faults import Fault, FaultyUnitOfWork
from tests.fakes.memory import MemoryRecords, MemoryStore, MemoryUnitOfWork
from tests.fakes.refusals import refused
from tests.fakes.statement import assert_balanced, statement_of
from tests.fakes.world import DEFINITION, GRANT, World, admin, caller

ISSUED = 3 * GRANT.amount
BUY_TEN = OrderTerms("YES", Side.BUY, quantity=10 * MICROS)


@pytest.fixture(autouse=True)
async def market(world: World) -> None:
    """Ann has a draft, and an open market of b = 100 that closes in an hour; Bob and Cid have accounts."""
    for account in ("ann", "bob", "cid"):
        await world.open(account)
    await world.draft("draft", "ann")
    await world.publish("rain", "ann", replace(DEFINITION, closes_at=START + timedelta(hours=1)))


def _unscored(position: Position) -> Position:
    """A position without the sums that score it."""
    return replace(position, bought=ZERO, buys=(), counted=0)


async def test_a_purchase(world: World, store: MemoryStore) -> None:
    """The order is filled at once: book, balance, position, journal and digest all say the same."""
    key = world.fresh()
    order = await world.order("bob", "rain", BUY_TEN, key)
    (trade,) = order.trades
    assert order == Order(
        id=command_id("bob", key.key),
        market="rain",
        account="bob",
        outcome="YES",
        side=Side.BUY,
        status=OrderStatus.FILLED,
        quantity=10 * MICROS,
        filled_quantity=10 * MICROS,
        amount=Money(5_124_948),
        trades=(trade,),
        balance=Money(GRANT.amount - 5_124_948),
        created_at=START,
    )
    assert (trade.id, trade.version, trade.amount, trade.account) == (order.id, 1, order.amount, "bob")
    assert trade.prices_after == (OutcomePrice("YES", 524_979), OutcomePrice("NO", 475_021))
    assert trade.digest == trade_digest(NO_TRADE_DIGEST, trade)
    book = await world.found(key_for(Book, "rain"))
    assert (book.quantities, book.version, book.revision, book.holders) == ((10 * MICROS, 0), 1, 1, 1)
    assert book.pool.amount == book.subsidy.amount + 5_124_948
    assert (book.staked, book.volume, book.head) == (order.amount, order.amount, trade.digest)
    position = await world.found(key_for(Position, "bob", "rain"))
    assert (position.bought, position.counted) == (order.amount, 1)
    assert _unscored(position) == Position("bob", "rain", (10 * MICROS, 0), (order.amount, ZERO), 1)
    assert (await world.found(key_for(Account, "bob"))).markets_held == 1
    entry = store.every(JournalEntry)[-1]
    assert (entry.kind, entry.seq, entry.market, entry.trade) == (EntryKind.BUY, 2, "rain", trade)
    assert entry.postings == (Posting("bob", Money(-5_124_948)), Posting("market:rain", Money(5_124_948)))
    assert_balanced(statement_of(store), ISSUED)


async def test_a_spend(world: World, store: MemoryStore) -> None:
    """A spend of 50 buys 83.179656 shares and never costs more than 50."""
    order = await world.spend("bob", "rain", "YES", 50 * MICROS)
    assert order.quantity == order.filled_quantity == 83_179_656
    assert 50 * MICROS - 1 <= order.amount.amount <= 50 * MICROS
    assert order.status is OrderStatus.FILLED
    assert_balanced(statement_of(store), ISSUED)


@pytest.mark.parametrize("spend", [1, 2, 3])
async def test_the_smallest_spends(world: World, store: MemoryStore, spend: int) -> None:
    """Even a single micro-credit buys something, and never for more than itself."""
    order = await world.spend("bob", "rain", "NO", spend)
    assert order.filled_quantity >= spend
    assert 1 <= order.amount.amount <= spend
    assert_balanced(statement_of(store), ISSUED)


async def test_a_sale_of_everything(world: World, store: MemoryStore) -> None:
    """Buying and selling back never earns; the position stays, empty, and is not counted as held."""
    bought = await world.buy("bob", "rain", "YES", 10 * MICROS)
    sold = await world.sell("bob", "rain", "YES", 10 * MICROS)
    lost = bought.amount.amount - sold.amount.amount
    assert 0 <= lost <= 1
    position = await world.found(key_for(Position, "bob", "rain"))
    assert position.is_counted
    assert _unscored(position) == Position("bob", "rain", (0, 0), (Money(lost), ZERO), 2)
    assert not position.is_held
    account = await world.found(key_for(Account, "bob"))
    assert (account.markets_held, account.balance) == (0, sold.balance)
    book = await world.found(key_for(Book, "rain"))
    assert (book.quantities, book.version, book.holders, book.staked) == ((0, 0), 2, 1, Money(lost))
    assert book.volume.amount == bought.amount.amount + sold.amount.amount
    entry = store.every(JournalEntry)[-1]
    assert (entry.kind, entry.amount) == (EntryKind.SELL, sold.amount)
    assert_balanced(statement_of(store), ISSUED)


async def test_a_sale_for_nothing(world: World, store: MemoryStore) -> None:
    """A single micro-share rounds down to no credits at all; that is a trade like any other."""
    await world.buy("bob", "rain", "YES", 10 * MICROS)
    order = await world.sell("bob", "rain", "YES", 1)
    assert order.amount == ZERO
    assert order.trades[0].version == 2
    assert_balanced(statement_of(store), ISSUED)


async def test_coming_back_to_a_market(world: World, store: MemoryStore) -> None:
    """Who sells everything and buys again is one holder, and holds one market."""
    await world.buy("bob", "rain", "YES", MICROS)
    await world.sell("bob", "rain", "YES", MICROS)
    await world.buy("bob", "rain", "NO", MICROS)
    assert (await world.found(key_for(Book, "rain"))).holders == 1
    assert (await world.found(key_for(Account, "bob"))).markets_held == 1
    assert (await world.found(key_for(Position, "bob", "rain"))).version == 3
    assert_balanced(statement_of(store), ISSUED)


async def test_stakes_of_those_who_won_already_do_not_count(world: World, store: MemoryStore) -> None:
    """The book's stake is the sum over accounts of what each has put in and not taken out, never negative."""
    await world.buy("bob", "rain", "YES", 10 * MICROS)
    await world.buy("cid", "rain", "YES", 100 * MICROS)
    await world.sell("bob", "rain", "YES", 9 * MICROS)
    positions = store.every(Position)
    assert min(position.net_spend.amount for position in positions) < 0
    staked = sum(max(0, position.net_spend.amount) for position in positions)
    assert (await world.found(key_for(Book, "rain"))).staked.amount == staked
    assert_balanced(statement_of(store), ISSUED)


async def test_trades_chain(world: World, store: MemoryStore) -> None:
    """Each trade's digest is taken over the one before it."""
    orders = [await world.buy(trader, "rain", "NO", MICROS) for trader in ("bob", "cid", "bob")]
    head = NO_TRADE_DIGEST
    for version, order in enumerate(orders, start=1):
        assert order.trades[0].version == version
        assert order.trades[0].digest == trade_digest(head, order.trades[0])
        head = order.trades[0].digest
    assert (await world.found(key_for(Book, "rain"))).head == head


@pytest.mark.parametrize(("limit", "filled"), [(600_000, True), (524_980, True), (524_979, False), (100_000, False)])
async def test_fill_or_kill(world: World, store: MemoryStore, limit: int, filled: bool) -> None:
    """The limit binds the price after the fill, unrounded: .5249791… is over .524979."""
    terms = replace(BUY_TEN, limit_price=limit)
    if filled:
        assert (await world.order("bob", "rain", terms)).status is OrderStatus.FILLED
    else:
        with refused(store, PriceLimitExceededError):
            await world.order("bob", "rain", terms)


async def test_immediate_or_cancel(world: World, store: MemoryStore) -> None:
    """What fits within the limit fills: to 90 % that is 219.722457 of 500 shares, for 160.943791."""
    terms = OrderTerms(
        "YES",
        Side.BUY,
        quantity=500 * MICROS,
        limit_price=900_000,
        time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL,
    )
    order = await world.order("bob", "rain", terms)
    assert order.status is OrderStatus.PARTIALLY_FILLED
    assert (order.quantity, order.filled_quantity) == (500 * MICROS, 219_722_457)
    assert order.amount.amount in {160_943_791, 160_943_792}
    assert order.trades[0].quantity == 219_722_457
    assert_balanced(statement_of(store), ISSUED)
    with refused(store, PriceLimitExceededError):
        await world.order("bob", "rain", terms)


async def test_a_partial_sale(world: World, store: MemoryStore) -> None:
    """A sale within a limit stops where the price reaches it."""
    await world.buy("bob", "rain", "YES", 50 * MICROS)
    terms = OrderTerms(
        "YES", Side.SELL, quantity=50 * MICROS, limit_price=550_000, time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL
    )
    order = await world.order("bob", "rain", terms)
    assert order.status is OrderStatus.PARTIALLY_FILLED
    assert 0 < order.filled_quantity < 50 * MICROS
    assert order.trades[0].prices_after[0].price == 550_000
    assert_balanced(statement_of(store), ISSUED)


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        pytest.param(replace(BUY_TEN, outcome="MAYBE"), InvalidOrderError, id="unknown outcome"),
        pytest.param(replace(BUY_TEN, version=0), PriceLimitExceededError, id="older version"),
        pytest.param(replace(BUY_TEN, version=2), PriceLimitExceededError, id="newer version"),
        pytest.param(
            replace(BUY_TEN, version=0, time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL, limit_price=999_999),
            PriceLimitExceededError,
            id="older version, immediate_or_cancel",
        ),
        pytest.param(
            OrderTerms("YES", Side.BUY, quantity=10_000 * MICROS), InsufficientFundsError, id="more than the balance"
        ),
        pytest.param(
            OrderTerms("YES", Side.BUY, spend=GRANT.amount + 2), InsufficientFundsError, id="spend over the balance"
        ),
        pytest.param(OrderTerms("YES", Side.SELL, quantity=1), InsufficientSharesError, id="shares that others hold"),
        pytest.param(OrderTerms("NO", Side.SELL, quantity=1), InsufficientSharesError, id="shares that nobody holds"),
    ],
)
async def test_refusals(world: World, store: MemoryStore, terms: OrderTerms, error: type[DomainError]) -> None:
    """What does not fit the market or the account is refused."""
    await world.buy("cid", "rain", "YES", MICROS)
    with refused(store, error):
        await world.order("bob", "rain", terms)


async def test_selling_more_than_one_holds(world: World, store: MemoryStore) -> None:
    """One micro-share more than the position is insufficient-shares, though others hold plenty; all of it is fine."""
    await world.buy("cid", "rain", "YES", 50 * MICROS)
    await world.buy("bob", "rain", "YES", MICROS)
    with refused(store, InsufficientSharesError):
        await world.sell("bob", "rain", "YES", MICROS + 1)
    assert (await world.sell("bob", "rain", "YES", MICROS)).filled_quantity == MICROS


async def test_funds_are_checked_to_the_micro_credit(world: World, store: MemoryStore) -> None:
    """An order that takes the last micro-credit fills, and leaves nothing for another."""
    order = await world.spend("bob", "rain", "YES", GRANT.amount)
    rest = GRANT.amount - order.amount.amount
    assert rest in {0, 1}
    if rest:
        await world.buy("bob", "rain", "NO", 1)
    assert await world.balance("bob") == 0
    with refused(store, InsufficientFundsError):
        await world.buy("bob", "rain", "NO", 1)


@pytest.mark.parametrize("slug", ["rain", "snow"])
async def test_without_an_account(world: World, store: MemoryStore, slug: str) -> None:
    """Whoever has not opened an account is told that first."""
    with refused(store, AccountNotFoundError):
        await world.order("nobody", slug, BUY_TEN)


@pytest.mark.parametrize(
    ("trader", "slug", "error"),
    [
        (caller("bob"), "snow", MarketNotFoundError),
        (caller("bob"), "draft", MarketNotFoundError),
        (caller("ann"), "draft", MarketNotOpenError),
        (admin("bob"), "draft", MarketNotOpenError),
    ],
)
async def test_where_there_is_no_book(
    world: World, store: MemoryStore, trader: Caller, slug: str, error: type[DomainError]
) -> None:
    """A draft takes no orders; to those who may not see it it is no market."""
    with refused(store, error):
        await world.place_order.execute(PlaceOrderRequest(trader, slug, BUY_TEN, world.fresh()))


async def test_the_clock_closes(world: World, store: MemoryStore) -> None:
    """The last microsecond before closing still trades; the closing instant does not."""
    world.clock.advance(timedelta(hours=1) - timedelta(microseconds=1))
    await world.order("bob", "rain", BUY_TEN)
    world.clock.advance(timedelta(microseconds=1))
    with refused(store, MarketNotOpenError):
        await world.order("bob", "rain", BUY_TEN)


async def test_a_decided_market(world: World, store: MemoryStore) -> None:
    """Settling or resolved, a market takes no orders."""
    await world.buy("bob", "rain", "YES", MICROS)
    await world.resolve("rain", caller("ann"), "YES")
    with refused(store, MarketNotOpenError):
        await world.sell("bob", "rain", "YES", MICROS)
    await world.settle("rain")
    with refused(store, MarketNotOpenError):
        await world.order("bob", "rain", BUY_TEN)


async def _hold(world: World, store: MemoryStore, markets: int) -> None:
    account = await world.found(key_for(Account, "bob"))
    store.put(replace(account, markets_held=markets))


async def test_the_last_market_one_may_hold(world: World, store: MemoryStore) -> None:
    """The 1000th market may be entered."""
    await _hold(world, store, MARKETS_HELD_LIMIT - 1)
    await world.order("bob", "rain", BUY_TEN)
    assert (await world.found(key_for(Account, "bob"))).markets_held == 1000


async def test_a_market_too_many(world: World, store: MemoryStore) -> None:
    """The 1001st is refused."""
    await _hold(world, store, MARKETS_HELD_LIMIT)
    with refused(store, InvalidOrderError):
        await world.order("bob", "rain", BUY_TEN)


async def test_the_limit_leaves_held_markets_alone(world: World, store: MemoryStore) -> None:
    """At the limit one may buy more of what one holds and sell it; what is sold out makes room, once."""
    await world.buy("bob", "rain", "YES", MICROS)
    await world.publish("snow", "ann")
    await _hold(world, store, MARKETS_HELD_LIMIT)
    await world.buy("bob", "rain", "NO", MICROS)
    await world.sell("bob", "rain", "YES", MICROS)
    with refused(store, InvalidOrderError):
        await world.buy("bob", "snow", "YES", MICROS)
    await world.sell("bob", "rain", "NO", MICROS)
    await world.buy("bob", "snow", "YES", MICROS)
    with refused(store, InvalidOrderError):
        await world.buy("bob", "rain", "YES", MICROS)


async def test_no_balance_over_the_limit(store: MemoryStore, world: World) -> None:
    """Proceeds that would lift a balance over 10⁹ credits are refused; the shares stay."""
    rich = replace(world, grant=Money(BALANCE_LIMIT.amount - 10))
    await rich.open("midas")
    await rich.buy("midas", "rain", "YES", MICROS)
    spent = BALANCE_LIMIT.amount - 10 - await rich.balance("midas")
    issued = ISSUED + BALANCE_LIMIT.amount - 10
    assert_balanced(statement_of(store), issued)
    await rich.buy("cid", "rain", "YES", 100 * MICROS)
    with refused(store, BalanceLimitExceededError):
        await rich.sell("midas", "rain", "YES", MICROS)
    half = await rich.sell("midas", "rain", "YES", spent // 2)
    assert half.balance.amount <= BALANCE_LIMIT.amount
    assert_balanced(statement_of(store), issued)


async def test_another_trade_in_between(world: World, store: MemoryStore) -> None:
    """A trade that slips in between reading and writing is priced in: the order is the next version, at its price."""
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [], [lambda: world.buy("cid", "rain", "YES", 10 * MICROS)])
    order = await world.with_faults(unit_of_work).order("bob", "rain", BUY_TEN)
    assert len(unit_of_work.commits) == 2
    assert order.trades[0].version == 2
    assert order.amount.amount > 5_124_948
    assert_balanced(statement_of(store), ISSUED)


async def test_one_version_only(world: World, store: MemoryStore) -> None:
    """An order that names a version is refused when another trade was faster."""
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [], [lambda: world.buy("cid", "rain", "YES", MICROS)])
    with pytest.raises(PriceLimitExceededError):
        await world.with_faults(unit_of_work).order("bob", "rain", replace(BUY_TEN, version=0))
    assert [position.account for position in store.every(Position)] == ["cid"]


async def test_an_account_spends_its_money_once(world: World, store: MemoryStore) -> None:
    """Two orders of one account in two markets share a balance: what the first took the second cannot spend."""
    await world.publish("snow", "ann")
    unit_of_work = FaultyUnitOfWork(
        MemoryUnitOfWork(store), [], [lambda: world.spend("bob", "snow", "YES", 600 * MICROS)]
    )
    with pytest.raises(InsufficientFundsError):
        await world.with_faults(unit_of_work).spend("bob", "rain", "YES", 600 * MICROS)
    assert [position.market for position in store.every(Position)] == ["snow"]
    assert_balanced(statement_of(store), ISSUED)


async def test_shares_are_sold_once(world: World, store: MemoryStore) -> None:
    """Two sales of the same shares at once: one fills, the other finds nothing left."""
    await world.buy("cid", "rain", "YES", 10 * MICROS)
    await world.buy("bob", "rain", "YES", 10 * MICROS)
    outcomes = await asyncio.gather(
        *(world.sell("bob", "rain", "YES", 10 * MICROS) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["InsufficientSharesError", "Order"]
    assert_balanced(statement_of(store), ISSUED)


async def test_two_first_trades_at_once(world: World, store: MemoryStore) -> None:
    """Two first trades of one account in one market, under two keys, make one position of both."""
    await asyncio.gather(*(world.order("bob", "rain", BUY_TEN) for _ in range(2)))
    assert (await world.found(key_for(Position, "bob", "rain"))).quantities == (20 * MICROS, 0)
    book = await world.found(key_for(Book, "rain"))
    assert (book.holders, book.version) == (1, 2)
    assert_balanced(statement_of(store), ISSUED)


async def test_closing_while_retrying(world: World, store: MemoryStore) -> None:
    """An order that others outrun until the market closes is refused: the clock decides at each attempt."""

    async def close() -> None:
        world.clock.advance(timedelta(hours=1))

    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [Fault.CONDITION_FAILED], [close])
    with refused(store, MarketNotOpenError):
        await world.with_faults(unit_of_work).order("bob", "rain", BUY_TEN)


async def test_closing_while_in_doubt(world: World, store: MemoryStore) -> None:
    """Lost, then closed: contention, never market-not-open. Once the trade proves written, the key tells."""

    async def close() -> None:
        world.clock.advance(timedelta(hours=1))

    key = world.fresh()
    lost = FaultyUnitOfWork(MemoryUnitOfWork(store), [Fault.REQUEST_LOST], [close])
    with refused(store, ContentionError):
        await world.with_faults(lost).order("bob", "rain", BUY_TEN, key)
    with refused(store, MarketNotOpenError):
        await world.order("bob", "rain", BUY_TEN, key)


async def test_an_answer_lost_at_closing_time(world: World, store: MemoryStore) -> None:
    """A trade that was written just before closing is answered as filled, though the market closed meanwhile."""

    class Closing(MemoryUnitOfWork):
        async def commit(self, writes: Sequence[Change]) -> CommitOutcome:
            outcome = await super().commit(writes)
            world.clock.advance(timedelta(hours=1))
            return outcome

    unit_of_work = FaultyUnitOfWork(Closing(store), [Fault.ANSWER_LOST])
    order = await world.with_faults(unit_of_work).order("bob", "rain", BUY_TEN)
    assert (order.status, order.created_at) == (OrderStatus.FILLED, START)
    assert_balanced(statement_of(store), ISSUED)


async def test_a_lost_request_that_arrives_late(world: World, store: MemoryStore) -> None:
    """A commit that arrives after its retry was committed fails on its conditions: the order is filled once."""
    lost = FaultyUnitOfWork(MemoryUnitOfWork(store), [Fault.REQUEST_LOST])
    await world.with_faults(lost).order("bob", "rain", BUY_TEN)
    before = store.copy()
    await MemoryUnitOfWork(store).commit(lost.commits[0])
    assert store == before
    assert (await world.found(key_for(Book, "rain"))).version == 1


async def test_one_read_and_one_transaction(world: World, store: MemoryStore) -> None:
    """An order that meets nobody costs one read and one transaction of five writes."""
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store))
    counted = world.with_faults(unit_of_work)
    records = counted.ports.records
    assert isinstance(records, MemoryRecords)
    before = records.reads
    await counted.order("bob", "rain", BUY_TEN)
    assert records.reads - before == 1
    assert [len(writes) for writes in unit_of_work.commits] == [5]


async def test_sixteen_traders_at_once(world: World, store: MemoryStore) -> None:
    """However many meet on one book, each retrying under its key: every order fills once and the books balance."""
    traders = [f"trader-{number}" for number in range(16)]
    for trader in traders:
        await world.open(trader)

    async def insist(trader: str, outcome: str) -> Order:
        key = world.fresh()
        for _ in range(100):
            try:
                return await world.order(trader, "rain", replace(BUY_TEN, outcome=outcome), key)
            except ContentionError:
                await world.clock.sleep(0)
        raise AssertionError("a hundred tries were not enough")

    orders = await asyncio.gather(*(insist(trader, "YES" if i % 3 else "NO") for i, trader in enumerate(traders)))
    assert sorted(order.trades[0].version for order in orders) == list(range(1, 17))
    assert_balanced(statement_of(store), ISSUED + 16 * GRANT.amount)
