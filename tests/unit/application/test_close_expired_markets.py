from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.application.trading.close_expired_markets import CloseExpiredMarkets, CloseExpiredMarketsRequest
from domain.event.market_events import EventType, MarketChanged, market_changed
from domain.model.kernel.errors import MarketNotOpenError
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import key_for
from domain.model.trading.book import Book, open_book
from domain.model.trading.market import Market, MarketStatus
from domain.port.out.store import ATTEMPTS, Change, Replace
from domain.port.out.unit_of_work import CommitOutcome, UnitOfWork
from functions.adapter.out.optimistic import OptimisticStore
from tests.fakes.clock import START, FakeClock, LowestRandom
from tests.fakes.faults import Fault, FaultyUnitOfWork
from tests.fakes.memory import MemoryMarkets, MemoryRecords, MemoryStore, MemoryUnitOfWork
from tests.fakes.samples import RAIN
from tests.fakes.statement import assert_balanced, statement_of
from tests.fakes.world import DEFINITION, World, caller

SOON = START + timedelta(hours=1)


class NamingMarkets(MemoryMarkets):
    """A list of expired markets that names whatever it is told to, as one does that trails behind."""

    def __init__(self, store: MemoryStore, slugs: Sequence[str]) -> None:
        super().__init__(store)
        self._slugs = slugs

    async def find_expired(self, now: datetime, limit: int) -> Sequence[str]:
        return self._slugs


def _use_case(
    store: MemoryStore,
    clock: FakeClock,
    unit_of_work: UnitOfWork | None = None,
    markets: MemoryMarkets | None = None,
) -> CloseExpiredMarkets:
    decisions = OptimisticStore(MemoryRecords(store), unit_of_work or MemoryUnitOfWork(store), clock, LowestRandom())
    return CloseExpiredMarkets(decisions, markets or MemoryMarkets(store), clock)


async def _close(use_case: CloseExpiredMarkets) -> int:
    return (await use_case.execute(CloseExpiredMarketsRequest())).closed


def _put(store: MemoryStore, slug: str, closes_at: datetime | None, status: MarketStatus = MarketStatus.ACTIVE) -> None:
    market = replace(RAIN, slug=slug, closes_at=closes_at, status=status)
    store.put(market)
    store.put(open_book(market))


def _statuses(store: MemoryStore) -> dict[str, MarketStatus]:
    return {market.slug: market.status for market in store.every(Market)}


async def test_closes_what_has_expired(store: MemoryStore) -> None:
    """From the very closing time on, and not a microsecond before; what has none stays open."""
    clock, moment = FakeClock(), timedelta(microseconds=1)
    _put(store, "now", START)
    _put(store, "long-ago", START - timedelta(days=5))
    _put(store, "next", START + moment)
    _put(store, "never", None)
    assert await _close(_use_case(store, clock)) == 2
    closed = {slug for slug, status in _statuses(store).items() if status is MarketStatus.CLOSED}
    assert closed == {"now", "long-ago"}
    clock.advance(moment)
    assert await _close(_use_case(store, clock)) == 1
    assert _statuses(store)["next"] is MarketStatus.CLOSED
    assert _statuses(store)["never"] is MarketStatus.ACTIVE


@pytest.mark.parametrize("status", [status for status in MarketStatus if status is not MarketStatus.ACTIVE])
async def test_leaves_other_statuses_alone(store: MemoryStore, status: MarketStatus) -> None:
    """A draft, a closed or a decided market is not touched, whatever its closing time and whatever a list says."""
    _put(store, "rain", START - timedelta(hours=1), status)
    before = store.copy()
    for markets in (MemoryMarkets(store), NamingMarkets(store, ["rain"])):
        assert await _close(_use_case(store, FakeClock(), markets=markets)) == 0
    assert store == before


async def test_market_book_and_record_agree(store: MemoryStore) -> None:
    """Both have the status and one revision more, and one record says that nobody in particular did it."""
    _put(store, "rain", START)
    assert await _close(_use_case(store, FakeClock())) == 1
    market, book = store.every(Market)[0], store.every(Book)[0]
    assert (market.status, market.revision) == (MarketStatus.CLOSED, RAIN.revision + 1)
    assert (book.status, book.revision, book.version) == (MarketStatus.CLOSED, RAIN.revision + 1, 0)
    assert store.every(MarketChanged) == [market_changed(market, EventType.CLOSED, None, START)]


async def test_closing_twice_changes_nothing(store: MemoryStore) -> None:
    """The second time there is nothing to do and nothing is written."""
    _put(store, "rain", START)
    await _close(_use_case(store, FakeClock()))
    before = store.copy()
    assert await _close(_use_case(store, FakeClock())) == 0
    assert store == before


async def test_a_list_may_name_what_is_not_there(store: MemoryStore) -> None:
    """A name without a market, or of one that has moved on, closes nothing and keeps no other one open."""
    _put(store, "rain", START)
    _put(store, "snow", SOON)
    markets = NamingMarkets(store, ["nowhere", "snow", "rain", "rain"])
    assert await _close(_use_case(store, FakeClock(), markets=markets)) == 1
    assert _statuses(store) == {"rain": MarketStatus.CLOSED, "snow": MarketStatus.ACTIVE}


async def test_a_hundred_at_a_time(store: MemoryStore) -> None:
    """One run is bounded; the longest expired come first, and the next run closes the rest."""
    for number in range(130):
        _put(store, f"market-{number}", START - timedelta(minutes=number))
    assert await _close(_use_case(store, FakeClock())) == 100
    still_open = {slug for slug, status in _statuses(store).items() if status is MarketStatus.ACTIVE}
    assert still_open == {f"market-{number}" for number in range(30)}
    assert await _close(_use_case(store, FakeClock())) == 30


async def test_a_busy_market_is_left_for_the_next_time(store: MemoryStore) -> None:
    """A market whose commits always meet others keeps the others no longer than its attempts."""
    for slug in ("rain", "snow", "wind"):
        _put(store, slug, START)

    def is_snow(writes: Sequence[Change]) -> bool:
        return any(
            isinstance(write, Replace) and write.read == store.records[key_for(Market, "snow")] for write in writes
        )

    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), busy=is_snow)
    assert await _close(_use_case(store, FakeClock(), unit_of_work)) == 2
    assert len(unit_of_work.commits) == 2 + ATTEMPTS
    assert _statuses(store)["snow"] is MarketStatus.ACTIVE
    assert await _close(_use_case(store, FakeClock())) == 1


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.REQUEST_LOST, Fault.CONDITION_FAILED])
async def test_an_unknown_outcome(store: MemoryStore, fault: Fault) -> None:
    """Whatever becomes of the first commit, the market is closed once, with one record."""
    _put(store, "rain", START)
    await _close(_use_case(store, FakeClock(), FaultyUnitOfWork(MemoryUnitOfWork(store), [fault])))
    assert _statuses(store) == {"rain": MarketStatus.CLOSED}
    assert [change.revision for change in store.every(MarketChanged)] == [2]


async def test_somebody_resolves_it_meanwhile(world: World, store: MemoryStore) -> None:
    """A market decided between reading and writing keeps its decision, and nobody's money moves."""
    for account in ("ann", "bob"):
        await world.open(account)
    await world.publish("rain", "ann", replace(DEFINITION, closes_at=SOON))
    await world.buy("bob", "rain", "YES", MICROS)
    world.clock.advance(timedelta(hours=1))

    async def resolve() -> None:
        await world.resolve("rain", caller("ann"), "YES")

    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), interruptions=[resolve])
    assert await _close(_use_case(store, world.clock, unit_of_work)) == 0
    assert _statuses(store) == {"rain": MarketStatus.SETTLING}
    noted = [(change.status, change.actor) for change in store.every(MarketChanged)][-2:]
    assert noted == [(MarketStatus.CLOSED, None), (MarketStatus.SETTLING, "ann")]
    assert_balanced(statement_of(store))


async def test_trading_money_stays_where_it_is(world: World, store: MemoryStore) -> None:
    """Closing moves no money and takes no share; the closed market refuses orders as the clock did before."""
    await world.open("ann")
    await world.publish("rain", "ann", replace(DEFINITION, closes_at=SOON))
    await world.buy("ann", "rain", "YES", MICROS)
    before = await world.found(key_for(Book, "rain"))
    world.clock.advance(timedelta(hours=1))
    assert await _close(_use_case(store, world.clock)) == 1
    after = await world.found(key_for(Book, "rain"))
    assert replace(before, status=after.status, revision=after.revision) == after
    with pytest.raises(MarketNotOpenError):
        await world.buy("ann", "rain", "YES", MICROS)
    assert_balanced(statement_of(store))


async def test_an_error_that_nobody_expects_surfaces(store: MemoryStore) -> None:
    """It is one market's alone: the others are closed all the same, and whoever runs the schedule hears of it."""
    clock = FakeClock()
    for slug in ("fog", "rain", "snow"):
        _put(store, slug, SOON)
    clock.advance(timedelta(hours=1))

    class Broken(MemoryUnitOfWork):
        """Cannot write one market, for a reason of its own."""

        async def commit(self, writes: Sequence[Change]) -> CommitOutcome:
            if any(isinstance(write, Replace) and getattr(write.record, "slug", "") == "rain" for write in writes):
                raise LookupError("rain")
            return await super().commit(writes)

    with pytest.raises(LookupError, match="rain"):
        await _close(_use_case(store, clock, Broken(store)))
    closed, active = MarketStatus.CLOSED, MarketStatus.ACTIVE
    assert _statuses(store) == {"fog": closed, "rain": active, "snow": closed}
