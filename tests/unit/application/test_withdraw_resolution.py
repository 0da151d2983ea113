import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.application.settlement.ring_stale import RingStale, RingStaleRequest
from domain.application.settlement.settle_positions import SettlePositionsRequest, SettlePositionsResult
from domain.application.trading.withdraw_resolution import WithdrawResolutionRequest
from domain.event.market_events import EventType, MarketChanged
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import (
    AlreadyResolvedError,
    DomainError,
    ForbiddenError,
    MarketNotFoundError,
    MarketNotOpenError,
)
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import key_for
from domain.model.trading.book import Book
from domain.model.trading.market import Market, MarketStatus, Resolution
from domain.model.trading.position import holder_shard
from domain.model.trading.verdict import Verdict
from tests.fakes.clock import START, FakeClock
from tests.fakes.memory import MemoryPersistence, MemoryStore
from tests.fakes.refusals import refused
from tests.fakes.statement import assert_balanced, statement_of
from tests.fakes.world import GRANT, World, admin, caller
from tests.unit.application.test_dispatch_ledger import RecordingDoorbell

DAY = timedelta(days=1)
ISSUED = 3 * GRANT.amount


@pytest.fixture
def patient(store: MemoryStore) -> World:
    """A world in which decisions may be withdrawn for a day."""
    return World(MemoryPersistence.over(store), appeal=DAY)


@pytest.fixture(autouse=True)
async def market(patient: World) -> None:
    """Bob holds ten shares of Ann's market; zoe is an admin."""
    for account in ("ann", "bob", "zoe"):
        await patient.open(account)
    await patient.draft("draft", "ann")
    await patient.publish("rain", "ann")
    await patient.buy("bob", "rain", "YES", 10 * MICROS)


async def test_nothing_is_paid_before_its_time(patient: World, store: MemoryStore) -> None:
    """The decision says when it is paid; a ring before that pays nothing, and one at that instant pays all."""
    decided = await patient.resolve("rain", caller("ann"), "YES", "See the weather report.")
    expected = Resolution((MICROS, 0), "See the weather report.", START, START + DAY)
    assert decided.market.resolution == expected
    before = dict(store.records)
    patient.clock.advance(DAY - timedelta(microseconds=1))
    result = await patient.settle("rain")
    assert (result.settled, result.done) == (0, True)
    worker = SettlePositionsRequest("rain", holder_shard("bob"))
    assert await patient.settle_positions.execute(worker) == SettlePositionsResult(0, done=True)
    assert store.records == before
    patient.clock.advance(timedelta(microseconds=1))
    result = await patient.settle("rain")
    assert (result.settled, result.done) == (1, True)
    assert (await patient.see("rain")).market.status is MarketStatus.RESOLVED
    assert_balanced(statement_of(store), ISSUED)


async def test_what_is_due_is_rung_for(patient: World, store: MemoryStore) -> None:
    """What is stale is rung for from the time on at which it is paid, and not before."""
    doorbell = RecordingDoorbell()
    ring_stale = RingStale(patient.ports.markets, doorbell, patient.clock)
    await patient.resolve("rain", caller("ann"), "YES")
    patient.clock.advance(DAY - timedelta(microseconds=1))
    assert (await ring_stale.execute(RingStaleRequest())).rings == 0
    patient.clock.advance(timedelta(microseconds=1))
    assert (await ring_stale.execute(RingStaleRequest())).rings == 1
    assert [[ring.market for ring in rings] for rings in doorbell.calls] == [["rain"]]


@pytest.mark.parametrize("by", [caller("ann"), admin("zoe")])
async def test_a_decision_is_taken_back(patient: World, store: MemoryStore, by: Caller) -> None:
    """Market and book are closed again, undecided, in an event; and what is decided then is paid in its time."""
    decided = await patient.resolve("rain", caller("ann"), "YES")
    patient.clock.advance(timedelta(hours=1))
    withdrawn = await patient.withdraw("rain", by)
    assert withdrawn.market == replace(
        decided.market, status=MarketStatus.CLOSED, resolution=None, revision=3, withdrawals=1
    )
    assert withdrawn.book == replace(decided.book, status=MarketStatus.CLOSED, revision=3)
    assert (await patient.found(key_for(Market, "rain")), await patient.found(key_for(Book, "rain"))) == withdrawn
    event = store.every(MarketChanged)[-1]
    assert (event.type, event.status, event.resolution, event.actor) == (
        EventType.WITHDRAWN,
        MarketStatus.CLOSED,
        None,
        by.account,
    )
    patient.clock.advance(2 * DAY)
    assert (await patient.settle("rain")).settled == 0
    await patient.resolve("rain", caller("ann"), "NO")
    patient.clock.advance(DAY)
    assert (await patient.settle("rain")).done
    settled = (await patient.see("rain")).market
    assert (settled.status, settled.resolution and settled.resolution.payouts) == (MarketStatus.RESOLVED, (0, MICROS))
    assert_balanced(statement_of(store), ISSUED)


async def test_decided_and_withdrawn_at_one_instant(patient: World, store: MemoryStore) -> None:
    """Decisions are told apart by their number, not by their time: the second is paid."""
    await patient.resolve("rain", caller("ann"), "YES")
    await patient.withdraw("rain", caller("ann"))
    await patient.resolve("rain", caller("ann"), "NO")
    patient.clock.advance(DAY)
    assert (await patient.settle("rain")).settled == 1
    assert [(verdict.number, verdict.stands) for verdict in store.every(Verdict)] == [(0, False), (1, True)]


async def test_a_void_is_taken_back(patient: World, store: MemoryStore) -> None:
    """A void waits for appeals too, and may be withdrawn; a market that was closed may be opened again."""
    voided = await patient.void("rain", admin("zoe"))
    assert voided.market.resolution == Resolution(None, "No umpire came.", START, START + DAY)
    assert (await patient.settle("rain")).settled == 0
    await patient.withdraw("rain", admin("zoe"))
    await patient.reopen("rain", caller("ann"))
    await patient.buy("bob", "rain", "NO", MICROS)
    assert_balanced(statement_of(store), ISSUED)


@pytest.mark.parametrize(
    ("by", "slug", "error"),
    [
        (caller("bob"), "rain", ForbiddenError),
        (caller("zoe"), "rain", ForbiddenError),
        (caller("ann"), "snow", MarketNotFoundError),
        (caller("ann"), "draft", MarketNotOpenError),
        (caller("ann"), "rain", MarketNotOpenError),
    ],
)
async def test_refusals(patient: World, store: MemoryStore, by: Caller, slug: str, error: type[DomainError]) -> None:
    """Those who may not resolve it may not withdraw either; and what is not decided cannot be withdrawn."""
    with refused(store, error):
        await patient.withdraw(slug, by)


async def test_an_interested_creator_does_not_withdraw(patient: World, store: MemoryStore) -> None:
    """A creator who has held shares may not undo what an admin has decided."""
    await patient.buy("ann", "rain", "NO", MICROS)
    await patient.resolve("rain", admin("zoe"), "YES")
    with refused(store, ForbiddenError):
        await patient.withdraw("rain", caller("ann"))


@pytest.mark.parametrize("is_paid", [False, True])
async def test_from_its_time_on_it_stands(patient: World, store: MemoryStore, is_paid: bool) -> None:
    """From settles_at on the decision stands, paid already or not."""
    await patient.resolve("rain", caller("ann"), "YES")
    patient.clock.advance(DAY)
    if is_paid:
        await patient.settle("rain")
    with refused(store, AlreadyResolvedError):
        await patient.withdraw("rain", admin("zoe"))


async def test_without_appeals_it_stands_at_once(patient: World, store: MemoryStore) -> None:
    """Where the setting is 0 a decision cannot be withdrawn, not even by somebody whose clock is behind."""
    hasty = replace(patient, appeal=timedelta())
    await hasty.resolve("rain", caller("ann"), "YES")
    hasty.clock.advance(-timedelta(seconds=5))
    with refused(store, AlreadyResolvedError):
        await hasty.withdraw("rain", caller("ann"))


async def test_payouts_and_a_clock_that_is_behind(patient: World, store: MemoryStore) -> None:
    """Once payouts have begun nothing is withdrawn, whatever somebody's clock says."""
    await patient.resolve("rain", caller("ann"), "YES")
    patient.clock.advance(DAY)
    await patient.settle("rain")
    settling = replace(
        await patient.found(key_for(Market, "rain")), status=MarketStatus.SETTLING
    )  # as it was while somebody paid
    store.put(settling)
    patient.clock.advance(-timedelta(hours=1))
    with refused(store, AlreadyResolvedError):
        await patient.withdraw("rain", caller("ann"))


async def test_a_withdrawal_meets_the_payouts(patient: World, store: MemoryStore) -> None:
    """Of a withdrawal by a clock that is behind and the first payout one happens, and money is exact."""
    await patient.resolve("rain", caller("ann"), "YES")
    late = replace(patient, clock=FakeClock())  # whose clock stands at the decision still
    patient.clock.advance(DAY)
    request = WithdrawResolutionRequest(caller("ann"), "rain", patient.fresh())
    settled, withdrawn = await asyncio.gather(
        patient.settle("rain"), late.withdraw_resolution.execute(request), return_exceptions=True
    )
    (verdict,) = store.every(Verdict)
    assert verdict.stands is isinstance(withdrawn, AlreadyResolvedError)
    status = (await patient.see("rain")).market.status
    assert status is (MarketStatus.RESOLVED if verdict.stands else MarketStatus.CLOSED)
    assert not isinstance(settled, BaseException)
    assert settled.settled == verdict.stands
    assert_balanced(statement_of(store), ISSUED)


async def test_asked_twice(patient: World) -> None:
    """The same key gets the same answer again, also after another decision."""
    await patient.resolve("rain", caller("ann"), "YES")
    request = WithdrawResolutionRequest(caller("ann"), "rain", patient.fresh())
    first = await patient.withdraw_resolution.execute(request)
    await patient.resolve("rain", caller("ann"), "NO")
    again = await patient.withdraw_resolution.execute(request)
    assert (again.listing, again.replayed) == (first.listing, True)
