import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.application.ledger import audit_ledger
from domain.model.kernel.money import MICROS, Money
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.ledger.audit import NO_AUDIT, AuditWalk
from domain.model.trading.book import Book
from tests.fakes.memory import MemoryStore
from tests.fakes.world import World, admin, caller

PEOPLE = ("ann", "bob", "cyd", "dan")


@pytest.fixture
async def lived(world: World) -> World:
    """Three markets: one open, one paid out, one called off."""
    for account in (*PEOPLE, "admin"):
        await world.open(account)
    for slug in ("rain", "snow", "wind"):
        await world.publish(slug, "ann")
        for number, account in enumerate(PEOPLE[1:], start=1):
            await world.buy(account, slug, "YES" if number % 2 else "NO", number * 3 * MICROS)
    await world.sell("bob", "rain", "YES", MICROS)
    await world.give("dan", 5 * MICROS, admin())
    await world.resolve("snow", caller("ann"), {"YES": 300_000, "NO": 700_000})
    await world.settle("snow")
    await world.void("wind", admin())
    await world.settle("wind")
    return world


async def test_good_books_balance(lived: World) -> None:
    """All that was issued is held by somebody, and every balance is what the ledger adds up to."""
    assert await lived.audit() == NO_AUDIT
    result = await lived.walk()
    assert (result.examined, result.wrong) == (len(PEOPLE) + 4, ())
    audit = await lived.audit()
    assert audit.issued == Money(5005 * MICROS)
    assert audit.balances == Money(sum([await lived.balance(account) for account in (*PEOPLE, "admin")]))
    assert audit.pools == (await lived.see("rain")).book.pool
    assert (audit.difference, audit.as_of) == (Money(0), lived.clock.now())


async def test_it_goes_on_from_what_it_has_added_up(lived: World) -> None:
    """Later walks take in what has happened since."""
    await lived.walk()
    lived.clock.advance(timedelta(hours=1))
    await lived.spend("bob", "rain", "NO", 20 * MICROS)
    await lived.resolve("rain", caller("ann"), "NO")
    for _ in range(2):
        assert (await lived.walk()).wrong == ()
        assert (await lived.audit()).difference == Money(0)
    await lived.settle("rain")
    assert (await lived.walk()).wrong == ()
    assert ((await lived.audit()).pools, (await lived.audit()).difference) == (Money(0), Money(0))


@pytest.mark.parametrize("error", [-1, 1, 7 * MICROS])
@pytest.mark.parametrize("before", [False, True])
async def test_a_planted_balance_shows(lived: World, store: MemoryStore, error: int, *, before: bool) -> None:
    """By exactly as much as it is wrong, however often the books were audited before, until it is put right."""
    if before:
        await lived.walk()
    good = await lived.found(key_for(Account, "cyd"))
    store.put(replace(good, balance=Money(good.balance.amount + error)))
    assert (await lived.walk()).wrong == ("cyd",)
    assert (await lived.audit()).difference == Money(-error)
    store.put(good)
    assert (await lived.walk()).wrong == ()
    assert (await lived.audit()).difference == Money(0)


@pytest.mark.parametrize("slug", ["rain", "snow"])
async def test_a_planted_pool_shows(lived: World, store: MemoryStore, slug: str) -> None:
    """An open market's, and a final one's, which has to be empty."""
    book = await lived.found(key_for(Book, slug))
    store.put(replace(book, pool=Money(book.pool.amount + 5)))
    assert (await lived.walk()).wrong == (f"market:{slug}",)
    assert (await lived.audit()).difference == Money(-5)


async def test_errors_that_cancel_out_are_named(lived: World, store: MemoryStore) -> None:
    """The sums agree, the balances do not."""
    for account, error in (("bob", 9), ("dan", -9)):
        record = await lived.found(key_for(Account, account))
        store.put(replace(record, balance=Money(record.balance.amount + error)))
    assert sorted((await lived.walk()).wrong) == ["bob", "dan"]
    assert (await lived.audit()).difference == Money(0)


async def test_a_missing_entry_shows(lived: World, store: MemoryStore) -> None:
    """An account that says it has more entries than there are is wrong."""
    account = await lived.found(key_for(Account, "bob"))
    store.put(replace(account, seq=account.seq + 1))
    assert (await lived.walk()).wrong == ("bob",)


async def test_people_who_trade_meanwhile(lived: World) -> None:
    """A walk takes its time, and trades on either side of it do not make books that balance look wrong."""

    async def trade() -> None:
        for number in range(1, 40):
            await lived.buy("bob", "rain", "NO", number * 1000)
            await lived.sell("cyd", "rain", "NO", number * 1000)

    async def walk() -> None:
        for _ in range(6):
            assert (await lived.walk()).wrong == ()
            assert (await lived.audit()).difference == Money(0)

    await asyncio.gather(trade(), walk())


async def test_a_walk_in_many_runs(lived: World) -> None:
    """A run ends when its time is up; the next goes on there, and the audit is there when the walk is complete."""
    examined = []
    while await lived.audit() == NO_AUDIT:
        examined.append((await lived.walk(seconds=0)).examined)
    assert examined == [3, 3, 2]
    assert (await lived.audit()).difference == Money(0)


async def test_many_entries(lived: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is added up some at a time is added up all the same."""
    monkeypatch.setattr(audit_ledger, "_ENTRIES", 2)
    assert (await lived.walk()).wrong == ()
    assert (await lived.audit()).difference == Money(0)


async def test_two_walkers(lived: World) -> None:
    """Runs that overlap do not count anything twice."""
    await asyncio.gather(*(lived.walk() for _ in range(3)))
    await lived.walk()
    assert (await lived.audit()).issued == Money(5005 * MICROS)
    assert (await lived.audit()).difference == Money(0)


async def test_what_is_examined(lived: World, store: MemoryStore) -> None:
    """Every account and every book."""
    assert (await lived.walk()).examined == len(store.every(Account)) + len(store.every(Book))


async def test_every_page_is_a_version(lived: World, store: MemoryStore) -> None:
    """The last one of a walk too: of two runs that walk the same page one is left out, whichever page it is."""
    versions = []
    for _ in range(5):
        await lived.walk(seconds=0)
        versions += [walk.version for walk in store.every(AuditWalk)]
    assert versions == [1, 2, 3, 4, 5]
