import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count, islice

import pytest

from domain.application.record.project_records import ProjectRecordsRequest
from domain.application.settlement.settle_positions import (
    PAGE,
    SettlePositions,
    SettlePositionsRequest,
    SettlePositionsResult,
)
from domain.event.market_events import EventType, MarketChanged, market_changed
from domain.model.kernel.errors import MarketNotFoundError
from domain.model.kernel.money import BALANCE_LIMIT, MICROS, ZERO, Money
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.ledger.journal import EntryKind, JournalEntry
from domain.model.record.fold import RecordFold
from domain.model.settlement import settlement
from domain.model.settlement.settlement import CROWD, Tally, amount_owed
from domain.model.trading.book import Book
from domain.model.trading.market import Market, MarketStatus
from domain.model.trading.position import HOLDER_SHARDS, Position, holder_shard
from domain.port.out.store import Change, Remove, Replace
from domain.port.out.unit_of_work import CommitOutcome
from tests.fakes.clock import FakeClock, LowestRandom
from tests.fakes.faults import Fault, FaultyUnitOfWork, KilledError, TrailingPositions
from tests.fakes.memory import MemoryPersistence, MemoryPositions, MemoryStore, MemoryUnitOfWork
from tests.fakes.refusals import refused
from tests.fakes.statement import assert_balanced, statement_of
from tests.fakes.world import DEFINITION, GRANT, RecordedRings, World, admin, caller

SETTLED_KINDS = {EntryKind.PAYOUT, EntryKind.REFUND}


@pytest.fixture
async def small(world: World, store: MemoryStore) -> World:
    """Ann's market: Bob holds 10 YES, Cid 4 NO and 1 YES, Dee has sold out."""
    for account in ("ann", "bob", "cid", "dee"):
        await world.open(account)
    await world.publish("rain", "ann")
    await world.buy("bob", "rain", "YES", 10 * MICROS)
    await world.buy("cid", "rain", "NO", 4 * MICROS)
    await world.buy("dee", "rain", "NO", 3 * MICROS)
    await world.buy("cid", "rain", "YES", MICROS)
    await world.sell("dee", "rain", "NO", 3 * MICROS)
    assert_balanced(statement_of(store), 4 * GRANT.amount)
    return world


def _accounts_of_shard(shard: int, many: int) -> list[str]:
    names = (f"trader-{number}" for number in count())
    return list(islice((name for name in names if holder_shard(name) == shard), many))


@dataclass(frozen=True)
class Crowd:
    """A settling market with more than a hundred holders, 40 of them in one shard."""

    store: MemoryStore
    owed: dict[str, int]
    sold_out: set[str]
    lanes: settlement.Crowd = CROWD

    def world(self) -> tuple[World, MemoryStore]:
        """The market as it was decided, in a world of its own."""
        store = self.store.copy()
        return World(MemoryPersistence.over(store), random=LowestRandom(), crowd=self.lanes, keys=count(1000)), store

    def assert_paid_once(self, store: MemoryStore) -> None:
        """Everybody has got what they were owed, once, and the market is final."""
        paid = [entry for entry in store.every(JournalEntry) if entry.kind in SETTLED_KINDS]
        assert {entry.account for entry in paid} == self.owed.keys() - self.sold_out
        assert len(paid) == len(self.owed) - len(self.sold_out)
        assert {entry.account: entry.amount.amount for entry in paid} == {
            account: owed for account, owed in self.owed.items() if account not in self.sold_out
        }
        assert store.every(Position) == []
        assert {account.markets_held for account in store.every(Account)} == {0}
        assert [market.status for market in store.every(Market)] == [MarketStatus.RESOLVED]
        assert [book.pool for book in store.every(Book)] == [ZERO]
        assert_balanced(statement_of(store), (len(self.owed) + 1) * GRANT.amount)


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    """Built once: every test settles a copy."""
    return asyncio.run(_gather_crowd())


async def _gather_crowd() -> Crowd:
    store = MemoryStore()
    world = World(MemoryPersistence.over(store), random=LowestRandom())
    await world.open("ann")
    await world.publish("rain", "ann", replace(DEFINITION, outcomes=("A", "B", "C")))
    one_shard = _accounts_of_shard(3, 40)
    others = [f"other-{number}" for number in range(80)]
    for number, account in enumerate([*one_shard, *others]):
        await world.open(account)
        await world.buy(account, "rain", "ABC"[number % 3], MICROS + 7 * number)
    sold_out = {one_shard[5], others[7], others[8]}
    for number, account in enumerate([*one_shard, *others]):
        if account in sold_out:
            await world.sell(account, "rain", "ABC"[number % 3], MICROS + 7 * number)
    listing = await world.resolve("rain", caller("ann"), {"A": 333_333, "B": 666_667, "C": 0})
    resolution = listing.market.resolution
    assert resolution is not None
    owed = {
        position.account: amount_owed(listing.book, resolution, position).amount for position in store.every(Position)
    }
    assert_balanced(statement_of(store), 121 * GRANT.amount)
    return Crowd(store, owed, sold_out)


async def test_winners_are_paid_a_credit_a_share(small: World, store: MemoryStore) -> None:
    """Each winning share pays one credit, in proportion to the shares; who sold out gets no entry."""
    before = {account.id: account.balance.amount for account in store.every(Account)}
    await small.resolve("rain", caller("ann"), "YES")
    result = await small.settle("rain")
    assert (result.settled, result.done) == (3, True)
    paid = {entry.account: entry for entry in store.every(JournalEntry) if entry.kind is EntryKind.PAYOUT}
    assert {account: entry.amount.amount for account, entry in paid.items()} == {"bob": 10 * MICROS, "cid": MICROS}
    assert all(entry.market == "rain" for entry in paid.values())
    assert await small.balance("bob") == before["bob"] + 10 * MICROS
    assert await small.balance("dee") == before["dee"]
    assert_balanced(statement_of(store), 4 * GRANT.amount)


async def test_losers_get_nothing_and_are_free_again(small: World, store: MemoryStore) -> None:
    """A loser's shares are gone, the balance is what it was, and the market no longer counts as held."""
    before = await small.balance("bob")
    await small.resolve("rain", caller("ann"), "NO")
    await small.settle("rain")
    bob = await small.found(key_for(Account, "bob"))
    assert (bob.balance.amount, bob.markets_held) == (before, 0)
    assert store.every(Position) == []
    assert_balanced(statement_of(store), 4 * GRANT.amount)


async def test_a_partial_resolution(small: World, store: MemoryStore) -> None:
    """A position is paid ⌊Σ r_i q_i⌋: 10 YES at .333333 and 4 NO at .666667 with 1 YES."""
    await small.resolve("rain", caller("ann"), {"YES": 333_333, "NO": 666_667})
    await small.settle("rain")
    paid = {entry.account: entry.amount.amount for entry in store.every(JournalEntry) if entry.kind is EntryKind.PAYOUT}
    assert paid == {"bob": 3_333_330, "cid": 4 * 666_667 + 333_333}
    assert_balanced(statement_of(store), 4 * GRANT.amount)


async def test_the_leftover_goes_to_the_creator(small: World, store: MemoryStore) -> None:
    """What the pool keeps after all payouts is one last entry, and the pool is empty."""
    listing = await small.resolve("rain", caller("ann"), "YES")
    before = await small.balance("ann")
    await small.settle("rain")
    (entry,) = [entry for entry in store.every(JournalEntry) if entry.kind is EntryKind.SUBSIDY_RETURN]
    assert (entry.account, entry.amount.amount) == ("ann", listing.book.pool.amount - 11 * MICROS)
    assert await small.balance("ann") == before + entry.amount.amount
    assert (await small.found(key_for(Book, "rain"))).pool == ZERO
    assert_balanced(statement_of(store), 4 * GRANT.amount)


async def test_a_market_becomes_final(small: World, store: MemoryStore) -> None:
    """Market and book are RESOLVED at one revision more, with a lifecycle record by nobody in particular."""
    await small.resolve("rain", caller("ann"), "YES")
    await small.settle("rain")
    market, book = await small.found(key_for(Market, "rain")), await small.found(key_for(Book, "rain"))
    assert (market.status, market.revision) == (MarketStatus.RESOLVED, 3)
    assert (book.status, book.revision, book.version) == (MarketStatus.RESOLVED, 3, 5)
    assert store.every(MarketChanged)[-1] == market_changed(
        market, EventType.RESOLVED, None, small.clock.now(), version=5
    )


async def test_a_market_without_trades(world: World, store: MemoryStore) -> None:
    """Where nobody traded the creator gets the whole subsidy back."""
    await world.open("ann")
    await world.publish("rain", "ann")
    await world.resolve("rain", caller("ann"), "YES")
    result = await world.settle("rain")
    assert (result.settled, result.done) == (0, True)
    assert await world.balance("ann") == GRANT.amount
    assert_balanced(statement_of(store), GRANT.amount)


async def _sure_thing(world: World) -> None:
    """A market all of whose pool but one micro-credit is owed to Bob."""
    await world.open("ann")
    await world.open("bob")
    await world.publish("rain", "ann", replace(DEFINITION, liquidity=MICROS))
    await world.buy("bob", "rain", "YES", 200 * MICROS)
    await world.resolve("rain", caller("ann"), "YES")


async def test_a_single_micro_credit_is_left_over(world: World, store: MemoryStore) -> None:
    """Even that goes back to the creator."""
    await _sure_thing(world)
    assert (await world.settle("rain")).done
    returned = [entry.amount for entry in store.every(JournalEntry) if entry.kind is EntryKind.SUBSIDY_RETURN]
    assert returned == [Money(1)]
    assert_balanced(statement_of(store), 2 * GRANT.amount)


async def test_nothing_is_left_over(world: World, store: MemoryStore) -> None:
    """A pool that the payouts use up exactly returns nothing: no entry, and the market is final all the same."""
    await _sure_thing(world)
    book = await world.found(key_for(Book, "rain"))
    store.put(replace(book, pool=Money(book.pool.amount - 1), subsidy=Money(book.subsidy.amount - 1)))
    before = await world.balance("ann")
    assert (await world.settle("rain")).done
    assert await world.balance("ann") == before
    assert [entry for entry in store.every(JournalEntry) if entry.kind is EntryKind.SUBSIDY_RETURN] == []
    assert (await world.found(key_for(Market, "rain"))).status is MarketStatus.RESOLVED


async def test_what_is_owed_is_paid_over_the_limit(world: World, store: MemoryStore) -> None:
    """A payout may lift a balance over what requests may."""
    rich = replace(world, grant=BALANCE_LIMIT)
    await world.open("ann")
    await rich.open("midas")
    await world.publish("rain", "ann")
    await world.buy("midas", "rain", "YES", MICROS)
    await world.resolve("rain", caller("ann"), "YES")
    assert (await world.settle("rain")).done
    assert await world.balance("midas") > BALANCE_LIMIT.amount
    assert_balanced(statement_of(store), GRANT.amount + BALANCE_LIMIT.amount)


async def test_a_void_refunds_stakes(small: World, store: MemoryStore) -> None:
    """Voided, everybody gets back what they put in and did not take out, whether or not shares are left."""
    book = (await small.void("rain", admin("ann"))).book
    stakes = {position.account: position.staked.amount for position in store.every(Position)}
    assert book.pool.amount - book.subsidy.amount == sum(stakes.values()) == book.staked.amount
    assert (await small.settle("rain")).done
    refunds = {
        entry.account: entry.amount.amount for entry in store.every(JournalEntry) if entry.kind is EntryKind.REFUND
    }
    assert refunds == {account: stake for account, stake in stakes.items() if stake}
    assert (await small.found(key_for(Market, "rain"))).status is MarketStatus.VOIDED
    assert await small.balance("ann") == GRANT.amount
    assert_balanced(statement_of(store), 4 * GRANT.amount)


async def test_a_void_after_somebody_won(small: World, store: MemoryStore) -> None:
    """Where a trader took a profit out, the others share what is there in one ratio, and nobody is clawed back."""
    await small.buy("ann", "rain", "YES", 100 * MICROS)
    await small.sell("bob", "rain", "YES", 10 * MICROS)
    book = (await small.void("rain", admin("ann"))).book
    collected = book.pool.amount - book.subsidy.amount
    stakes = {position.account: position.staked.amount for position in store.every(Position)}
    assert stakes["bob"] == 0
    assert collected < book.staked.amount == sum(stakes.values())
    before = await small.balance("bob")
    assert (await small.settle("rain")).done
    refunds = {
        entry.account: entry.amount.amount for entry in store.every(JournalEntry) if entry.kind is EntryKind.REFUND
    }
    assert refunds == {account: stake * collected // book.staked.amount for account, stake in stakes.items() if stake}
    assert await small.balance("bob") == before
    assert_balanced(statement_of(store), 4 * GRANT.amount)


@pytest.mark.parametrize("slug", ["snow", "draft"])
async def test_no_market_to_settle(small: World, store: MemoryStore, slug: str) -> None:
    """No market, or a draft, cannot be settled."""
    await small.draft("draft", "ann")
    with refused(store, MarketNotFoundError):
        await small.settle(slug)


async def test_an_undecided_market_is_left_alone(small: World, store: MemoryStore) -> None:
    """Of an open market nothing is left to settle, and nothing is touched."""
    before = store.copy()
    result = await small.settle("rain")
    assert (result.settled, result.done) == (0, True)
    assert store == before


async def test_a_final_market_is_left_alone(small: World, store: MemoryStore) -> None:
    """A settled market is done, and nothing is paid again."""
    await small.resolve("rain", caller("ann"), "YES")
    await small.settle("rain")
    before = store.copy()
    result = await small.settle("rain")
    assert (result.settled, result.done) == (0, True)
    assert store == before


async def test_a_crowd_is_paid_once(crowd: Crowd) -> None:
    """More than a hundred holders, one shard of more than a page: each is paid, in pages of bounded size."""
    world, store = crowd.world()
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store))
    result = await world.with_faults(unit_of_work).settle("rain")
    assert (result.settled, result.done) == (120, True)
    assert max(sum(isinstance(write, Remove) for write in writes) for writes in unit_of_work.commits) == PAGE
    assert max(map(len, unit_of_work.commits)) <= 100
    assert len({tally.shard for tally in store.every(Tally)}) == HOLDER_SHARDS
    crowd.assert_paid_once(store)


async def _commits_of(crowd: Crowd) -> int:
    world, store = crowd.world()
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store))
    await world.with_faults(unit_of_work).settle("rain")
    return len(unit_of_work.commits)


@pytest.mark.parametrize("fault", [Fault.KILLED_BEFORE, Fault.KILLED_AFTER])
async def test_killed_anywhere_it_resumes(crowd: Crowd, fault: Fault) -> None:
    """Killed just before or just after any of its commits and run again, it ends as if nothing had happened."""
    for commit in range(await _commits_of(crowd)):
        world, store = crowd.world()
        faults = [*[Fault.NONE] * commit, fault]
        with pytest.raises(KilledError):
            await world.with_faults(FaultyUnitOfWork(MemoryUnitOfWork(store), faults)).settle("rain")
        assert_balanced(statement_of(store), 121 * GRANT.amount)
        assert (await world.settle("rain")).done
        crowd.assert_paid_once(store)


async def test_killed_again_and_again_it_ends(crowd: Crowd) -> None:
    """A settlement that dies in the middle of every run ends after a few, and pays once."""
    world, store = crowd.world()
    runs = 0
    while store.every(Position):
        runs += 1
        with pytest.raises(KilledError):
            await world.with_faults(FaultyUnitOfWork(MemoryUnitOfWork(store), [Fault.KILLED_AFTER])).settle("rain")
        assert_balanced(statement_of(store), 121 * GRANT.amount)
        assert runs <= HOLDER_SHARDS
    assert (await world.settle("rain")).done
    crowd.assert_paid_once(store)


@pytest.mark.parametrize("fault", [Fault.CONDITION_FAILED, Fault.ANSWER_LOST, Fault.REQUEST_LOST])
async def test_a_fault_at_any_commit_goes_unnoticed(crowd: Crowd, fault: Fault) -> None:
    """A refused commit, a lost answer or a lost request at any commit: the same run still ends, paying once."""
    for commit in range(await _commits_of(crowd)):
        world, store = crowd.world()
        faults = [*[Fault.NONE] * commit, fault]
        result = await world.with_faults(FaultyUnitOfWork(MemoryUnitOfWork(store), faults)).settle("rain")
        assert result.done
        crowd.assert_paid_once(store)


@pytest.mark.parametrize("runs", [2, 5])
async def test_several_at_once_pay_once(crowd: Crowd, runs: int) -> None:
    """Any number of runs at the same time pay each holder once, and each position is counted by one of them."""
    world, store = crowd.world()
    results = await asyncio.gather(*(world.settle("rain") for _ in range(runs)))
    assert all(result.done for result in results)
    assert sum(result.settled for result in results) == 120
    crowd.assert_paid_once(store)


async def test_one_run_inside_another(crowd: Crowd) -> None:
    """A whole run between another's reading and its first commit: whatever is left for the other, all is paid once."""
    world, store = crowd.world()
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [], [lambda: world.settle("rain")])
    result = await world.with_faults(unit_of_work).settle("rain")
    assert result.done
    assert result.settled < 120
    crowd.assert_paid_once(store)


async def test_holders_not_listed_yet(crowd: Crowd) -> None:
    """While the list of holders lacks even one, the market is not final; once it has them all, it ends."""
    for forgotten in sorted(crowd.owed)[::17] + sorted(crowd.sold_out)[:1]:
        world, store = crowd.world()
        positions = TrailingPositions(MemoryPositions(store), forgotten=[forgotten])
        trailing = world.with_positions(positions)
        for _ in range(2):
            assert not (await trailing.settle("rain")).done
        assert [position.account for position in store.every(Position)] == [forgotten]
        assert (await world.found(key_for(Market, "rain"))).status is MarketStatus.SETTLING
        assert_balanced(statement_of(store), 121 * GRANT.amount)
        result = await world.settle("rain")
        assert (result.settled, result.done) == (1, True)
        crowd.assert_paid_once(store)


async def test_holders_listed_still(crowd: Crowd) -> None:
    """A list that still names settled holders, or strangers, neither pays them again nor ends early."""
    world, store = crowd.world()
    lingering = {shard: [name for name in crowd.owed if holder_shard(name) == shard][:32] for shard in range(16)}
    lingering[0].append("stranger")
    positions = TrailingPositions(MemoryPositions(store), [min(crowd.owed)], lingering)
    trailing = world.with_positions(positions)
    assert not (await trailing.settle("rain")).done
    result = await trailing.settle("rain")
    assert (result.settled, result.done) == (0, False)
    assert_balanced(statement_of(store), 121 * GRANT.amount)
    assert (await world.with_positions(TrailingPositions(MemoryPositions(store), (), lingering)).settle("rain")).done
    crowd.assert_paid_once(store)


def _removals(writes: Sequence[Change]) -> list[str]:
    removed = [write.read for write in writes if isinstance(write, Remove)]
    return [position.account for position in removed if isinstance(position, Position)]


async def test_busy_holders_are_settled_in_halves(crowd: Crowd) -> None:
    """Where no more than two holders at a time can be settled, pages are halved until they go through."""
    world, store = crowd.world()
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), busy=lambda writes: len(_removals(writes)) > 2)
    result = await world.with_faults(unit_of_work).settle("rain")
    assert (result.settled, result.done) == (120, True)
    assert {len(_removals(writes)) for writes in unit_of_work.commits} >= {19, 9, 4, 2}
    crowd.assert_paid_once(store)


async def test_one_holder_who_is_always_busy(crowd: Crowd) -> None:
    """A single holder who cannot be settled is left for a later run, and all the others are paid; everybody once."""
    world, store = crowd.world()
    busy = next(name for name in crowd.owed if holder_shard(name) == 3)
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), busy=lambda writes: busy in _removals(writes))
    result = await world.with_faults(unit_of_work).settle("rain")
    assert (result.settled, result.done) == (119, False)
    assert [position.account for position in store.every(Position)] == [busy]
    assert_balanced(statement_of(store), 121 * GRANT.amount)
    later = await world.settle("rain")
    assert (later.settled, later.done) == (1, True)
    crowd.assert_paid_once(store)


async def test_holders_trade_elsewhere_meanwhile(crowd: Crowd) -> None:
    """A holder who trades in another market between reading and paying keeps both the trade and the payout."""
    world, store = crowd.world()
    holder = next(name for name in crowd.owed if name not in crowd.sold_out and crowd.owed[name])
    await world.publish("snow", "ann")

    async def trade() -> None:
        await world.buy(holder, "snow", "YES", MICROS)

    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [], [trade] * 20)
    assert (await world.with_faults(unit_of_work).settle("rain")).done
    account = await world.found(key_for(Account, holder))
    assert account.markets_held == 1
    paid = [e for e in store.every(JournalEntry) if e.account == holder and e.kind is EntryKind.PAYOUT]
    assert [entry.amount.amount for entry in paid] == [crowd.owed[holder]]
    assert_balanced(statement_of(store), 121 * GRANT.amount)


async def test_the_creator_trades_while_it_ends(small: World, store: MemoryStore) -> None:
    """A creator whose balance changes between reading and the last commit gets the leftover on top of it."""
    await small.publish("snow", "ann")
    await small.resolve("rain", caller("ann"), "YES")

    class TradingAtTheEnd(MemoryUnitOfWork):
        ended = False

        async def commit(self, writes: Sequence[Change]) -> CommitOutcome:
            if not self.ended and any(isinstance(w, Replace) and isinstance(w.record, Market) for w in writes):
                self.ended = True
                await small.buy("ann", "snow", "YES", MICROS)
            return await super().commit(writes)

    assert (await small.with_faults(TradingAtTheEnd(store)).settle("rain")).done
    assert_balanced(statement_of(store), 4 * GRANT.amount)


async def test_holders_are_told_apart_by_market(small: World, store: MemoryStore) -> None:
    """Settling one market leaves the same accounts' shares of another alone."""
    await small.publish("snow", "ann")
    bought = await small.buy("bob", "snow", "NO", 2 * MICROS)
    await small.resolve("rain", caller("ann"), "YES")
    await small.settle("rain")
    (left,) = store.every(Position)
    assert (left.account, left.market, left.quantities) == ("bob", "snow", (0, 2 * MICROS))
    assert (left.spent, left.version) == ((ZERO, bought.amount), 1)
    assert (await small.found(key_for(Account, "bob"))).markets_held == 1
    assert_balanced(statement_of(store), 4 * GRANT.amount)


@pytest.fixture
def crowded(crowd: Crowd) -> Crowd:
    """The same market, as one of very many holders is settled."""
    return replace(crowd, lanes=CROWD._replace(holders=120))


async def test_lanes_of_a_shard_have_tallies_of_their_own(crowded: Crowd) -> None:
    """Each position is counted in the tally of its shard and lane, and everybody is paid once in bounded pages."""
    world, store = crowded.world()
    holders = [position.account for position in store.every(Position)]
    book = await world.found(key_for(Book, "rain"))
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store))
    assert (await world.with_faults(unit_of_work).settle("rain")).done
    assert max(map(len, unit_of_work.commits)) <= 100
    counted = Counter(crowded.lanes.tally_number(book, holder) for holder in holders)
    assert {tally.shard: tally.settled for tally in store.every(Tally)} == counted
    assert max(counted) >= 2 * HOLDER_SHARDS
    assert set(counted) <= set(crowded.lanes.tally_numbers(book))
    crowded.assert_paid_once(store)


@pytest.mark.parametrize("fault", [Fault.KILLED_BEFORE, Fault.KILLED_AFTER])
async def test_killed_anywhere_its_lanes_resume(crowded: Crowd, fault: Fault) -> None:
    """As without lanes, and no page of the others is left running."""
    for commit in range(0, await _commits_of(crowded), 5):
        world, store = crowded.world()
        faults = [*[Fault.NONE] * commit, fault]
        with pytest.raises(KilledError):
            await world.with_faults(FaultyUnitOfWork(MemoryUnitOfWork(store), faults)).settle("rain")
        assert len(asyncio.all_tasks()) == 1
        assert_balanced(statement_of(store), 121 * GRANT.amount)
        assert (await world.settle("rain")).done
        crowded.assert_paid_once(store)


async def test_where_a_lane_fails_the_others_end_their_pages(crowded: Crowd) -> None:
    """A page that is under way is waited for, so that nothing is written once the worker has answered."""
    world, store = crowded.world()

    class OneFails(MemoryUnitOfWork):
        failed, under_way = False, 0

        async def commit(self, writes: Sequence[Change]) -> CommitOutcome:
            if not self.failed:
                self.failed = True
                raise KilledError
            self.under_way += 1
            for _ in range(20):
                await asyncio.sleep(0)
            outcome = await super().commit(writes)
            self.under_way -= 1
            return outcome

    unit_of_work = OneFails(store)
    with pytest.raises(KilledError):
        await world.with_faults(unit_of_work).settle_positions.execute(SettlePositionsRequest("rain", 3))
    assert unit_of_work.under_way == 0
    assert len(asyncio.all_tasks()) == 1


def _with_workers(crowd: Crowd, store: MemoryStore, rung: RecordedRings) -> SettlePositions:
    persistence = MemoryPersistence.over(store)
    clock = FakeClock()
    made = persistence.store(clock, LowestRandom())
    return SettlePositions(made, persistence.positions, clock, rung, crowd=crowd.lanes)


async def test_a_crowd_is_settled_by_workers(crowded: Crowd) -> None:
    """The market's ring pays nobody and rings for each shard; a worker pays its own, and whoever is last ends it."""
    _, store = crowded.world()
    use_case = _with_workers(crowded, store, rung := RecordedRings())
    assert await use_case.execute(SettlePositionsRequest("rain")) == SettlePositionsResult(0, done=True)
    subjects = [ring.subject for ring in rung.take()]
    assert subjects == [str(shard) for shard in range(HOLDER_SHARDS)]
    for subject in reversed(subjects):
        held = [each.account for each in store.every(Position) if holder_shard(each.account) == int(subject)]
        result = await use_case.execute(SettlePositionsRequest("rain", int(subject)))
        assert (result.settled, result.done) == (len(held), subject == "0" or not held)
        assert not [each for each in store.every(Position) if holder_shard(each.account) == int(subject)]
    assert rung.rings == []
    crowded.assert_paid_once(store)


async def test_a_worker_whose_shard_is_empty_is_done(crowded: Crowd) -> None:
    """It need not come again while others work; one whose holder is busy has to."""
    world, store = crowded.world()
    use_case = _with_workers(crowded, store, RecordedRings())
    assert not (await use_case.execute(SettlePositionsRequest("rain", 3))).done
    assert await use_case.execute(SettlePositionsRequest("rain", 3)) == SettlePositionsResult(0, done=True)
    busy = FaultyUnitOfWork(MemoryUnitOfWork(store), busy=lambda writes: bool(_removals(writes)))
    request = SettlePositionsRequest("rain", 4)
    assert await world.with_faults(busy).settle_positions.execute(request) == SettlePositionsResult(0, done=False)


async def test_workers_at_once_pay_once(crowded: Crowd) -> None:
    """All of them, each twice, beside one who settles the whole market."""
    world, store = crowded.world()
    use_case = _with_workers(crowded, store, RecordedRings())
    requests = [SettlePositionsRequest("rain", shard) for shard in range(HOLDER_SHARDS)] * 2
    await asyncio.gather(world.settle("rain"), *(use_case.execute(request) for request in requests))
    crowded.assert_paid_once(store)


async def test_few_holders_need_no_workers(crowd: Crowd) -> None:
    """Below a crowd the ring itself pays, in sixteen tallies at the most."""
    _, store = crowd.world()
    use_case = _with_workers(crowd, store, rung := RecordedRings())
    assert (await use_case.execute(SettlePositionsRequest("rain"))).settled == 120
    assert rung.rings == []
    assert max(tally.shard for tally in store.every(Tally)) < HOLDER_SHARDS
    crowd.assert_paid_once(store)


async def test_records_count_what_all_lanes_have_recorded(crowded: Crowd) -> None:
    """No trade is replayed where every lane has left exact results."""
    world, store = crowded.world()
    await world.settle("rain")
    assert sum(tally.recorded for tally in store.every(Tally)) == 120
    assert (await world.project_records.execute(ProjectRecordsRequest("rain"))).folded > 0
    assert not any(fold.is_replayed for fold in store.every(RecordFold))
