"""Settlement over each adapter: of many holders, killed anywhere, and raced."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import batched

import pytest

from domain.model.kernel.money import MICROS, Money, sum_money
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.ledger.journal import EntryKind
from domain.model.settlement.settlement import Tally
from domain.model.trading.book import Book
from domain.model.trading.market import Market, MarketDefinition, MarketStatus
from domain.model.trading.position import HOLDER_SHARDS, Position
from domain.port.out.store import Change, Insert, Replace
from domain.port.out.unit_of_work import Committed
from tests.contract.conftest import Adapter
from tests.fakes.faults import Fault, FaultyUnitOfWork, KilledError
from tests.fakes.statement import assert_balanced
from tests.fakes.world import GRANT, World, caller

pytestmark = pytest.mark.ministack

HOLDERS = 2_000
SHARE, SPENT = MICROS, Money(600_000)
PAYOUTS = {"YES": 400_000, "NO": 600_000}
NAMES = tuple(f"holder-{number:04}" for number in range(HOLDERS))


async def fill(adapter: Adapter, world: World) -> None:
    """Give every holder a share, of YES and NO in turn, as if they had bought it: filling by orders takes minutes."""
    book = await world.found(key_for(Book, "rain"))
    start = world.clock.now()
    writes: list[Change] = []
    for number, name in enumerate(NAMES):
        held, spent = [0, 0], [Money(0), Money(0)]
        held[number % 2], spent[number % 2] = SHARE, SPENT
        writes += [
            Insert(Account(name, Money(MICROS), 1, 1, start)),
            Insert(Position(name, "rain", tuple(held), tuple(spent), 1)),
        ]
    for page in batched(writes, 100, strict=False):
        assert await adapter.commit(*page) == Committed()
    staked = Money(HOLDERS * SPENT.amount)
    full = replace(
        book,
        quantities=(HOLDERS * SHARE // 2,) * 2,
        pool=Money(book.subsidy.amount + staked.amount),
        staked=staked,
        holders=HOLDERS,
        version=HOLDERS,
    )
    assert await adapter.commit(Replace(full, book)) == Committed()


async def accounts(adapter: Adapter) -> AsyncIterator[Account]:
    """The holders' accounts."""
    for names in batched(NAMES, 100, strict=False):
        snapshot = await adapter.ports.records.read(*(key_for(Account, name) for name in names))
        for name in names:
            account = snapshot.get(key_for(Account, name))
            assert account is not None
            yield account


@pytest.mark.emulated(0)
async def test_two_thousand_holders(adapter: Adapter) -> None:
    """Killed on the way and then settled by two at once, each is paid once, and the three equalities end it."""
    world = World(adapter.ports)
    await world.open("ann")
    await world.publish("rain", "ann")
    await fill(adapter, world)
    await world.resolve("rain", caller("ann"), PAYOUTS)
    frozen = await world.found(key_for(Book, "rain"))
    killed = FaultyUnitOfWork(adapter.ports.unit_of_work, [*[Fault.NONE] * 20, Fault.KILLED_AFTER])
    with pytest.raises(KilledError):
        await world.with_faults(killed).settle("rain")
    results = await asyncio.gather(world.settle("rain"), world.settle("rain"))
    assert any(result.done for result in results)
    assert (await world.found(key_for(Market, "rain"))).status is MarketStatus.RESOLVED
    tallies = [await world.found(key_for(Tally, "rain", shard)) for shard in range(HOLDER_SHARDS)]
    assert sum(tally.settled for tally in tallies) == frozen.holders == HOLDERS
    assert tuple(map(sum, zip(*(tally.quantities for tally in tallies), strict=True))) == frozen.quantities
    assert sum_money(tally.spent for tally in tallies).amount == frozen.pool.amount - frozen.subsidy.amount
    number = 0
    async for account in accounts(adapter):
        assert account.balance.amount == MICROS + PAYOUTS["YES" if number % 2 == 0 else "NO"]
        assert (account.seq, account.markets_held) == (2, 0)
        number += 1
    paid = sum_money(tally.paid for tally in tallies).amount
    assert paid == HOLDERS // 2 * MICROS
    assert await world.balance("ann") == GRANT.amount - frozen.subsidy.amount + frozen.pool.amount - paid


SMALL = MarketDefinition("Will it rain?", liquidity=10 * MICROS)


async def decided(world: World, slug: str) -> None:
    """A market with three holders that is decided."""
    await world.publish(slug, "ann", SMALL)
    for account, outcome in (("bob", "YES"), ("cid", "NO"), ("dee", "YES")):
        await world.buy(account, slug, outcome, 3 * MICROS)
    await world.resolve(slug, caller("ann"), "YES")


@pytest.mark.emulated(0)
@pytest.mark.parametrize("fault", [Fault.KILLED_BEFORE, Fault.KILLED_AFTER])
async def test_killed_at_any_commit(adapter: Adapter, fault: Fault) -> None:
    """Whoever comes after one that was killed, just before or after any commit, pays the rest, and nobody twice."""
    world, everybody = World(adapter.ports), ("ann", "bob", "cid", "dee")
    for account in everybody:
        await world.open(account)
    slugs: list[str] = []
    while True:
        slugs.append(f"market-{len(slugs)}")
        await decided(world, slugs[-1])
        killed = FaultyUnitOfWork(adapter.ports.unit_of_work, [*[Fault.NONE] * (len(slugs) - 1), fault])
        try:
            result = await world.with_faults(killed).settle(slugs[-1])
        except KilledError:
            assert_balanced(await adapter.statement(everybody, slugs), 4 * GRANT.amount)
            assert (await world.settle(slugs[-1])).done
        else:
            assert result.done
            break
    assert len(slugs) > 3
    statement = await adapter.statement(everybody, slugs)
    assert_balanced(statement, 4 * GRANT.amount)
    paid = [(entry.account, entry.market) for entry in statement.entries if entry.kind is EntryKind.PAYOUT]
    assert sorted(paid) == sorted((account, slug) for slug in slugs for account in ("bob", "cid", "dee"))
