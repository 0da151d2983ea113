import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.application.record.get_record import GetRecordRequest
from domain.application.record.list_leaders import Leader, ListLeadersRequest
from domain.application.record.list_results import ListResultsRequest
from domain.application.record.ring_unrecorded import RingUnrecorded, RingUnrecordedRequest
from domain.model.kernel.errors import AccountNotFoundError
from domain.model.kernel.money import MICROS, ZERO
from domain.model.kernel.record import key_for
from domain.model.record.fold import RecordFold
from domain.model.record.result import Result, result_shard
from domain.model.record.track_record import ALL, NO_TAG, Board, Measure, TrackRecord, add_result, empty_track_record
from domain.model.settlement.settlement import Tally
from domain.model.trading.book import opening_prices
from domain.model.trading.position import Position
from domain.model.trading.trade import Side, Trade
from domain.port.out.paging import InvalidCursorError
from tests.fakes.faults import FaultyUnitOfWork
from tests.fakes.memory import MemoryPersistence, MemoryStore
from tests.fakes.world import DEFINITION, World, admin, caller
from tests.unit.application.test_ring_stale import RecordingDoorbell

TRADERS = ("bob", "cid", "dan")


@pytest.fixture(autouse=True)
async def accounts(world: World) -> None:
    """Ann has a market about the weather; bob, cid and dan trade."""
    for account in ("ann", *TRADERS):
        await world.open(account)
    await world.publish("rain", "ann", replace(DEFINITION, tags=("weather", "oslo", "weather")))


async def _record(world: World, account: str, period: str = ALL) -> TrackRecord:
    return (await world.get_record.execute(GetRecordRequest(account, period))).track_record


async def _leaders(
    world: World, measure: Measure = Measure.POINTS, period: str = ALL, tag: str = NO_TAG
) -> Sequence[Leader]:
    request = ListLeadersRequest(Board(period, tag, measure), 100)
    return (await world.list_leaders.execute(request)).page.items


async def _settle(world: World, slug: str = "rain", outcome: str = "YES") -> None:
    await world.resolve(slug, caller("ann"), outcome)
    assert (await world.settle(slug)).done
    assert (await world.fold(slug)).done


async def test_a_result_for_everybody_who_traded(world: World, store: MemoryStore) -> None:
    """Holding or sold out, each trader has one result; who only created the market has none."""
    await world.buy("bob", "rain", "YES", 10 * MICROS)
    await world.buy("cid", "rain", "NO", 10 * MICROS)
    await world.sell("cid", "rain", "NO", 10 * MICROS)
    before = {account: await world.balance(account) for account in TRADERS}
    await _settle(world)
    results = {result.account: result for result in store.every(Result)}
    assert results.keys() == {"bob", "cid"}
    assert await world.balance("bob") - before["bob"] == 10 * MICROS
    assert results["bob"].profit.amount == 10 * MICROS - (1000 * MICROS - before["bob"])
    assert results["cid"].profit.amount == before["cid"] - 1000 * MICROS
    assert results["cid"].bought.amount > 0
    assert all(result.is_exact for result in results.values())


async def test_what_a_result_says(world: World, store: MemoryStore) -> None:
    """Points, the Brier score and calibration, worked out by hand from the trades."""
    orders = [
        await world.buy("bob", "rain", "YES", 10 * MICROS),
        await world.buy("bob", "rain", "NO", 30 * MICROS),
        await world.buy("bob", "rain", "YES", 50 * MICROS),
    ]
    await world.sell("bob", "rain", "YES", 5 * MICROS)
    await world.resolve("rain", caller("ann"), {"YES": 300_000, "NO": 700_000})
    await world.settle("rain")
    (result,) = store.every(Result)
    forecasts = [
        (
            Decimal(order.filled_quantity) / MICROS,
            Decimal(_price(order.trades[0], order.outcome)) / MICROS,
            order.outcome,
        )
        for order in orders
    ]
    paid = {"YES": Decimal("0.3"), "NO": Decimal("0.7")}
    with localcontext(prec=60):
        weight = sum((w for w, _, _ in forecasts), Decimal(0))
        expected = sum((w * (p - paid[outcome]) ** 2 for w, p, outcome in forecasts), Decimal(0)) / weight
        ln2 = Decimal(2).ln()
        points = 100 * Decimal(result.profit.amount) / MICROS / (100 * ln2)
    assert result.brier == int((expected * MICROS).quantize(Decimal(1)))
    assert result.points == int((points * MICROS).quantize(Decimal(1)))
    assert result.bought.amount == sum(order.amount.amount for order in orders)
    assert sum(step.shares for step in result.steps) == 90
    assert sum(step.paid for step in result.steps) == Decimal("0.3") * 60 + Decimal("0.7") * 30
    assert {step.step for step in result.steps} == {int(p * 10) for _, p, _ in forecasts}


def _price(trade: Trade, outcome: str) -> int:
    return next(shown.price for shown in trade.prices_after if shown.outcome == outcome)


async def test_records_are_sums(world: World, store: MemoryStore) -> None:
    """All, year, month and each tag once: each is the sum of the results that count in it."""
    world.clock.instant = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    await world.buy("bob", "rain", "YES", 10 * MICROS)
    await _settle(world)
    await world.publish("snow", "ann", replace(DEFINITION, tags=("weather",)))
    await world.buy("bob", "snow", "NO", 20 * MICROS)
    world.clock.advance(timedelta(minutes=1))
    await _settle(world, "snow")
    first, second = sorted(store.every(Result), key=lambda result: result.resolved_at)
    found = {(each.period, each.tag): each for each in store.every(TrackRecord)}
    expected = {
        (ALL, NO_TAG): [first, second],
        ("2026", NO_TAG): [first],
        ("2026-12", NO_TAG): [first],
        ("2027", NO_TAG): [second],
        ("2027-01", NO_TAG): [second],
        (ALL, "weather"): [first, second],
        (ALL, "oslo"): [first],
    }
    assert found.keys() == expected.keys()
    for slot, results in expected.items():
        total = empty_track_record("bob", *slot, found[slot].updated_at)
        for result in results:
            total = add_result(total, result, found[slot].updated_at)
        assert found[slot] == total


async def test_voided_markets_count_nothing(world: World, store: MemoryStore) -> None:
    """A void leaves no result, no record and nothing to ring for."""
    await world.buy("bob", "rain", "YES", 10 * MICROS)
    await world.void("rain", admin("ann"))
    await world.settle("rain")
    assert (await world.fold("rain")).done
    assert not [*store.every(Result), *store.every(TrackRecord), *store.every(RecordFold)]


async def test_folded_once(world: World, store: MemoryStore) -> None:
    """However often it is rung for, each result counts once."""
    await world.buy("bob", "rain", "YES", 10 * MICROS)
    await _settle(world)
    before = store.copy()
    assert (await world.fold("rain")).folded == 0
    assert store == before
    assert (await _record(world, "bob")).markets == 1


async def test_folded_by_two_at_once(world: World, store: MemoryStore) -> None:
    """Whoever is first, and however their steps meet: each result counts once."""
    for person in ("bob", "cid"):
        await world.buy(person, "rain", "YES", 10 * MICROS)
    await world.resolve("rain", caller("ann"), "YES")
    await world.settle("rain")
    await asyncio.gather(*(world.fold("rain") for _ in range(3)))
    while not (await world.fold("rain")).done:
        pass
    assert [(await _record(world, account)).markets for account in ("bob", "cid")] == [1, 1]
    assert {each.version for each in store.every(TrackRecord)} == {1}


async def test_many_traders(world: World, store: MemoryStore) -> None:
    """More traders than one transaction takes: each has one result and counts once."""
    people = [f"trader-{number:03}" for number in range(60)]
    for person in people:
        await world.open(person)
        await world.buy(person, "rain", "YES", MICROS)
    await _settle(world)
    assert sorted(result.account for result in store.every(Result)) == people
    assert sorted(leader.account.id for leader in await _leaders(world)) == people


async def test_few_results_take_few_transactions(world: World) -> None:
    """Shards without results are passed over: each shard that has some is a transaction, and one is the end."""
    for person in TRADERS:
        await world.buy(person, "rain", "YES", MICROS)
    await world.resolve("rain", caller("ann"), "YES")
    await world.settle("rain")
    unit_of_work = FaultyUnitOfWork(world.ports.unit_of_work)
    assert (await world.with_faults(unit_of_work).fold("rain")).done
    assert len({result_shard(person) for person in TRADERS}) == 3
    assert len(unit_of_work.commits) == 4


async def test_old_markets_are_replayed(world: World, store: MemoryStore) -> None:
    """What a release without sums has traded and settled comes to the same records from the trades alone."""
    await world.buy("bob", "rain", "YES", 10 * MICROS)
    await world.buy("cid", "rain", "NO", 7 * MICROS)
    await world.sell("bob", "rain", "YES", 10 * MICROS)
    await world.resolve("rain", caller("ann"), "NO")
    await world.settle("rain")
    expected = {result.account: result for result in store.every(Result)}
    for result in expected.values():
        del store.records[key_for(Result, result.market, result.account)]
    for tally in store.every(Tally):
        store.put(replace(tally, recorded=0))
    assert (await world.fold("rain")).done
    assert {result.account: result for result in store.every(Result)} == expected
    assert [(await _record(world, account)).markets for account in ("bob", "cid", "dan")] == [1, 1, 0]


async def test_positions_from_before(world: World, store: MemoryStore) -> None:
    """A position that was opened by a release without sums and traded on since is replayed as well."""
    twin = store.copy()
    for each, forgets in ((world, True), (replace(world, ports=MemoryPersistence.over(twin)), False)):
        own = store if forgets else twin
        await each.buy("bob", "rain", "YES", 10 * MICROS)
        if forgets:
            position = await each.found(key_for(Position, "bob", "rain"))
            own.put(replace(position, bought=ZERO, buys=(), counted=0))
        await each.buy("bob", "rain", "NO", 20 * MICROS)
        await _settle(each)
    (replayed,), (settled,) = store.every(Result), twin.every(Result)
    assert replayed == replace(settled, version=2)
    assert await _record(world, "bob") == replace(
        twin.records[key_for(TrackRecord, "bob", ALL, NO_TAG)], updated_at=world.clock.now()
    )


async def test_unrecorded_markets_are_rung_for(world: World, store: MemoryStore) -> None:
    """Resolved and not folded to the end: those, and no others."""
    await world.publish("snow", "ann")
    await world.resolve("rain", caller("ann"), "YES")
    await world.settle("rain")
    doorbell = RecordingDoorbell()
    ring = RingUnrecorded(world.ports.markets, world.ports.records, doorbell, world.clock)
    assert (await ring.execute(RingUnrecordedRequest())).rings == 1
    assert [each.market for rings in doorbell.calls for each in rings] == ["rain"]
    await world.fold("rain")
    assert (await ring.execute(RingUnrecordedRequest())).rings == 0


async def test_ranks(world: World, store: MemoryStore) -> None:
    """Best first; equal values share a rank and the next is counted on."""
    await world.buy("bob", "rain", "YES", 10 * MICROS)
    await _settle(world)
    best = await world.found(key_for(TrackRecord, "bob", ALL, NO_TAG))
    store.put(replace(best, account="cid"))
    store.put(replace(best, account="dan", points=best.points - 1))
    found = await _leaders(world)
    assert [(leader.rank, leader.account.id) for leader in found] == [(1, "cid"), (1, "bob"), (3, "dan")]


async def test_pages_with_ranks(world: World, store: MemoryStore) -> None:
    """Ranks go on from page to page, equal values on two pages sharing one."""
    await world.buy("bob", "rain", "YES", MICROS)
    await _settle(world)
    best = await world.found(key_for(TrackRecord, "bob", ALL, NO_TAG))
    for account, points in (("ann", 9), ("bob", 8), ("cid", 8), ("dan", 7)):
        store.put(replace(best, account=account, points=points))
    ranks, cursor = list[tuple[int, str]](), None
    for _ in range(4):
        request = ListLeadersRequest(Board(ALL, NO_TAG, Measure.POINTS), 1, cursor)
        page = (await world.list_leaders.execute(request)).page
        ranks += [(leader.rank, leader.account.id) for leader in page.items]
        cursor = page.cursor
    assert ranks == [(1, "ann"), (2, "cid"), (2, "bob"), (4, "dan")]
    assert cursor is None


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "2026-11-23 1 1 5 ann",
        "2026-11-23T12:00:00 1 1 5 ann",
        "2026-13-23T12:00:00.000000Z 1 1 5 ann",
        f"2026-11-23T12:00:00.000000Z 1 1 {2**63} ann",
        f"2026-11-23T12:00:00.000000Z 1 1 {-(2**63) - 1} ann",
        f"2026-11-23T12:00:00.000000Z 1 1 5 {'a' * 65}",
        "2026-11-23T12:00:00.000000Z 1 1 5 !",
    ],
)
async def test_places_on_no_board(world: World, cursor: str) -> None:
    """A cursor that no page ended with is refused: cursors are made without a secret, so anybody can make one up."""
    await world.buy("bob", "rain", "YES", MICROS)
    await _settle(world)
    with pytest.raises(InvalidCursorError):
        await world.list_leaders.execute(ListLeadersRequest(Board(ALL, NO_TAG, Measure.POINTS), 1, cursor))


async def test_no_account_twice_while_markets_settle(world: World, store: MemoryStore) -> None:
    """Who led the first page and falls behind before the second is not on it again."""
    await world.buy("bob", "rain", "YES", MICROS)
    await _settle(world)
    best = await world.found(key_for(TrackRecord, "bob", ALL, NO_TAG))
    for account, points in (("ann", 9), ("bob", 8), ("cid", 7)):
        store.put(replace(best, account=account, points=points))
    board = Board(ALL, NO_TAG, Measure.POINTS)
    first = (await world.list_leaders.execute(ListLeadersRequest(board, 1))).page
    world.clock.advance(timedelta(seconds=1))
    store.put(replace(best, account="ann", points=1, updated_at=world.clock.now()))
    rest = (await world.list_leaders.execute(ListLeadersRequest(board, 9, first.cursor))).page
    assert [leader.account.id for leader in (*first.items, *rest.items)] == ["ann", "bob", "cid"]


async def test_the_brier_board(world: World, store: MemoryStore) -> None:
    """The lowest first, and only with ten markets or more."""
    await world.buy("bob", "rain", "YES", MICROS)
    await _settle(world)
    best = await world.found(key_for(TrackRecord, "bob", ALL, NO_TAG))
    for account, markets, squares in (("ann", 10, "0.2"), ("bob", 12, "0.1"), ("cid", 9, "0"), ("dan", 10, "0.9")):
        store.put(replace(best, account=account, markets=markets, squares=Decimal(squares), weight=Decimal(1)))
    found = await _leaders(world, Measure.BRIER)
    assert [(leader.rank, leader.account.id) for leader in found] == [(1, "bob"), (2, "ann"), (3, "dan")]


async def test_periods_and_tags(world: World) -> None:
    """A board shows those who count in it; one of the future is empty."""
    await world.buy("bob", "rain", "YES", MICROS)
    await _settle(world)
    month = f"{world.clock.now():%Y-%m}"
    for period, tag, there in (
        (month, NO_TAG, True),
        (ALL, "weather", True),
        ("2999", NO_TAG, False),
        (ALL, "sport", False),
    ):
        assert bool(await _leaders(world, Measure.PROFIT, period, tag)) is there
        if not tag:
            assert (await _record(world, "bob", period)).markets == there


async def test_results_are_listed(world: World) -> None:
    """The latest decided first, with the market's question, page by page."""
    for slug in ("snow", "hail"):
        await world.publish(slug, "ann", replace(DEFINITION, name=f"Will there be {slug}?"))
    for slug in ("rain", "snow", "hail"):
        await world.buy("bob", slug, "YES", MICROS)
        world.clock.advance(timedelta(seconds=1))
        await _settle(world, slug)
    first = (await world.list_results.execute(ListResultsRequest("bob", 2))).page
    rest = (await world.list_results.execute(ListResultsRequest("bob", 2, first.cursor))).page
    named = [*first.items, *rest.items]
    assert [each.result.market for each in named] == ["hail", "snow", "rain"]
    assert [each.name for each in named[:2]] == ["Will there be hail?", "Will there be snow?"]
    assert rest.cursor is None


async def test_of_nobody(world: World) -> None:
    """There is no record and no list of results of an account that was not opened."""
    with pytest.raises(AccountNotFoundError):
        await _record(world, "nobody")
    with pytest.raises(AccountNotFoundError):
        await world.list_results.execute(ListResultsRequest("nobody", 20))
    assert (await _record(world, "dan")).markets == 0


@settings(max_examples=25, deadline=None)
@given(
    liquidity=st.integers(100, 1000),
    deals=st.lists(
        st.tuples(
            st.sampled_from(TRADERS), st.sampled_from(Side), st.sampled_from(("A", "B", "C")), st.integers(1, 90)
        ),
        min_size=1,
        max_size=12,
    ),
    winner=st.sampled_from(("A", "B", "C")),
)
async def test_points_add_up(liquidity: int, deals: list[tuple[str, Side, str, int]], winner: str) -> None:
    """All accounts' points on a market are 100 · log₂ of final over opening price of the outcome that happened."""
    store = MemoryStore()
    world = World(MemoryPersistence.over(store))
    for account in ("ann", *TRADERS):
        await world.open(account)
    await world.give("ann", 10**10, admin("ann"))
    await world.publish("rain", "ann", replace(DEFINITION, outcomes=("A", "B", "C"), liquidity=liquidity * MICROS))
    held: dict[tuple[str, str], int] = {}
    trades = 0
    for account, side, outcome, shares in deals:
        if side is Side.BUY:
            await world.buy(account, "rain", outcome, shares * MICROS)
        elif shares <= held.get((account, outcome), 0):
            await world.sell(account, "rain", outcome, shares * MICROS)
        else:
            continue
        trades += 1
        held[account, outcome] = held.get((account, outcome), 0) + (shares if side is Side.BUY else -shares)
    listing = await world.see("rain")
    await _settle(world, "rain", winner)
    index = ("A", "B", "C").index(winner)
    with localcontext(prec=60):
        b = Decimal(liquidity)
        quantities = [Decimal(quantity) / MICROS for quantity in listing.book.quantities]
        final = (quantities[index] / b).exp() / sum((quantity / b).exp() for quantity in quantities)
        expected = 100 * (final * 3).ln() / Decimal(2).ln()
    found = Decimal(sum(result.points for result in store.every(Result))) / MICROS
    # Each trade is rounded by less than a micro-credit, and each account's points by half a millionth.
    slack = Decimal(trades) * 100 / (b * Decimal(2).ln()) / MICROS + Decimal(3) / MICROS
    assert abs(found - expected) <= slack
    assert opening_prices(listing.book)[index] == 333_333
