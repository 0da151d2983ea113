"""What is kept about the ledger: candles, and the audit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from domain.application.history.list_prices import ListPricesRequest
from domain.application.history.project_price_history import ProjectPriceHistoryRequest
from domain.model.history.candle import Interval
from domain.model.kernel.money import MICROS, Money
from domain.model.kernel.record import Key, key_for
from domain.model.ledger.account import Account
from domain.model.ledger.audit import NO_AUDIT
from domain.model.trading.book import Book
from domain.model.trading.position import HOLDER_SHARDS, Position
from domain.port.out.paging import Page
from domain.port.out.store import Insert, Replace
from domain.port.out.trading import Holdings, PositionRepository
from domain.port.out.unit_of_work import Committed
from tests.contract.conftest import Adapter
from tests.fakes.samples import PLANTED, RAIN_CANDLE
from tests.fakes.world import World, caller


async def test_candles_of_a_span(adapter: Adapter) -> None:
    """Those of one market and interval that begin from its start on and before its end, oldest first."""
    assert await adapter.commit(*PLANTED) == Committed()
    hours = [replace(RAIN_CANDLE, start=RAIN_CANDLE.start + timedelta(hours=number)) for number in range(6)]
    others = [replace(RAIN_CANDLE, interval=interval) for interval in (Interval.MINUTE, Interval.DAY)]
    assert await adapter.commit(*(Insert(candle) for candle in [*reversed(hours[1:]), *others])) == Committed()
    start, end = hours[1].start, hours[4].start
    find = adapter.ports.candles.find_candles
    assert list(await find("rain", Interval.HOUR, start, end)) == hours[1:4]
    assert list(await find("rain", Interval.HOUR, start, end + timedelta(microseconds=1))) == hours[1:5]
    assert list(await find("rain", Interval.HOUR, start + timedelta(microseconds=1), end)) == hours[2:4]
    assert list(await find("rain", Interval.DAY, start - timedelta(days=1), end)) == others[1:]
    assert list(await find("rain", Interval.HOUR, start, start)) == []
    assert list(await find("rai", Interval.HOUR, start, end)) == []


async def test_the_next_entries_and_trades(adapter: Adapter) -> None:
    """Oldest first, after a number, at most so many."""
    world = World(adapter.ports)
    for account in ("ann", "bob"):
        await world.open(account)
    for slug in ("rain", "rain-2"):
        await world.publish(slug, "ann")
        for number in range(1, 13):
            await world.buy("bob", slug, "YES", number * MICROS)
    journal = adapter.ports.journal
    assert [entry.seq for entry in await journal.find_entries_after("bob", 8, 3)] == [9, 10, 11]
    assert [entry.seq for entry in await journal.find_entries_after("bob", 0, 100)] == list(range(1, 26))
    assert list(await journal.find_entries_after("bob", 25, 3)) == []
    assert [(trade.market, trade.version) for trade in await journal.find_trades_after("rain", 8, 3)] == [
        ("rain", 9),
        ("rain", 10),
        ("rain", 11),
    ]
    assert [trade.version for trade in await journal.find_trades_after("rain", 0, 100)] == list(range(1, 13))
    assert list(await journal.find_trades_after("rain", 12, 3)) == []


async def test_a_history_is_the_fold_of_the_trades(adapter: Adapter) -> None:
    """What a reader finds is folded from the stored trades, and folded no second time."""
    world = World(adapter.ports)
    for account in ("ann", "bob"):
        await world.open(account)
    await world.publish("rain", "ann")
    for number in range(1, 5):
        await world.buy("bob", "rain", "YES", number * MICROS)
        world.clock.advance(timedelta(seconds=45))
    for _ in range(2):
        found = (await world.list_prices.execute(ListPricesRequest("rain", Interval.MINUTE))).candles
        assert [candle.version for candle in found] == [2, 3, 4]
        assert sum(candle.volume.amount for candle in found) == (await world.found(key_for(Book, "rain"))).volume.amount
    done = await world.project_price_history.execute(ProjectPriceHistoryRequest("rain"))
    assert (done.folded, done.done) == (0, True)


async def test_the_walk_finds_everything_once(adapter: Adapter) -> None:
    """Every account and every book, and neither drafts nor positions nor what else there is."""
    world = World(adapter.ports)
    people = [f"person-{number:03}" for number in range(30)]
    for account in people:
        await world.open(account)
    for slug in ("rain", "snow"):
        await world.publish(slug, people[0])
        await world.buy(people[1], slug, "YES", MICROS)
    await world.draft("draft", people[0])
    found: list[Key[Account] | Key[Book]] = []
    cursor = None
    while True:
        page = await adapter.ports.audits.find_balances(cursor)
        found, cursor = [*found, *page.items], page.cursor
        if cursor is None:
            break
    assert len(found) == len(set(found))
    assert set(found) == {key_for(Account, account) for account in people} | {
        key_for(Book, "rain"),
        key_for(Book, "snow"),
    }


async def test_the_audit(adapter: Adapter) -> None:
    """Good books balance; a planted balance shows, and so does a planted pool."""
    world = World(adapter.ports)
    for account in ("ann", "bob"):
        await world.open(account)
    await world.publish("rain", "ann")
    await world.buy("bob", "rain", "YES", MICROS)
    assert (await world.audit()).difference == NO_AUDIT.difference
    assert (await world.walk()).wrong == ()
    audit = await world.audit()
    assert (audit.issued, audit.difference) == (Money(2000 * MICROS), Money(0))
    assert audit.pools == (await world.found(key_for(Book, "rain"))).pool
    bob, rain = await world.found(key_for(Account, "bob")), await world.found(key_for(Book, "rain"))
    wrong = replace(bob, balance=Money(bob.balance.amount + 3))
    assert await adapter.commit(Replace(wrong, read=bob)) == Committed()
    assert (await world.walk()).wrong == ("bob",)
    assert (await world.audit()).difference == Money(-3)
    assert await adapter.commit(Replace(replace(rain, pool=Money(rain.pool.amount - 10)), read=rain)) == Committed()
    assert set((await world.walk()).wrong) == {"bob", "market:rain"}
    assert (await world.audit()).difference == Money(7)


class TrailingPositions:
    """A list of holders that shows the first half of the shards only."""

    def __init__(self, positions: PositionRepository) -> None:
        self._positions = positions

    async def find_by_account(self, account: str) -> Holdings | None:
        return await self._positions.find_by_account(account)

    async def find_largest(self, slug: str, outcome: int, limit: int) -> Sequence[Position]:
        return await self._positions.find_largest(slug, outcome, limit)

    async def find_holders(self, slug: str, shard: int, limit: int, after: str | None = None) -> Page[str]:
        if shard >= HOLDER_SHARDS // 2:
            return Page((), None)
        return await self._positions.find_holders(slug, shard, limit, after)


async def test_the_audit_while_a_market_is_paid_out(adapter: Adapter) -> None:
    """Half of the holders are paid: the books balance all the same."""
    world = World(adapter.ports)
    people = [f"person-{number}" for number in range(12)]
    for account in people:
        await world.open(account)
    await world.publish("rain", people[0])
    for account in people[1:]:
        await world.buy(account, "rain", "YES", MICROS)
    await world.resolve("rain", caller(people[0]), "YES")
    halfway = world.with_positions(TrailingPositions(adapter.ports.positions))
    settled = await halfway.settle("rain")
    assert (0 < settled.settled < len(people) - 1, settled.done) == (True, False)
    assert (await world.walk()).wrong == ()
    audit = await world.audit()
    paid = settled.settled * MICROS
    assert (audit.pools, audit.difference) == (
        Money((await world.found(key_for(Book, "rain"))).pool.amount - paid),
        Money(0),
    )
