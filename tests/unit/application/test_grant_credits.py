import asyncio

import pytest

from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import AccountNotFoundError, BalanceLimitExceededError, DomainError, ForbiddenError
from domain.model.kernel.money import BALANCE_LIMIT, MICROS, Money
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.ledger.journal import EntryKind, JournalEntry, Posting
from tests.fakes.clock import START
from tests.fakes.faults import Fault, FaultyUnitOfWork
from tests.fakes.memory import MemoryStore, MemoryUnitOfWork
from tests.fakes.refusals import refused
from tests.fakes.statement import assert_balanced, statement_of
from tests.fakes.world import GRANT, World, admin, caller


@pytest.fixture(autouse=True)
async def accounts(world: World) -> None:
    """Ann and bob have accounts; zoe is an admin."""
    for account in ("ann", "bob", "zoe"):
        await world.open(account)


@pytest.mark.parametrize("to", ["bob", "zoe"])
@pytest.mark.parametrize("amount", [1, 250 * MICROS, BALANCE_LIMIT.amount - GRANT.amount])
async def test_the_house_issues_it(world: World, store: MemoryStore, to: str, amount: int) -> None:
    """The account has that much more, from the house, with the reason in its journal; the admin's own may be it."""
    entry = await world.give(to, amount, admin("zoe"), "Won the quiz.")
    assert entry == JournalEntry(
        account=to,
        seq=2,
        kind=EntryKind.GRANT,
        postings=(Posting(to, Money(amount)), Posting("house", Money(-amount))),
        balance_after=Money(GRANT.amount + amount),
        market=None,
        reason="Won the quiz.",
        created_at=START,
        trade=None,
    )
    assert store.every(JournalEntry)[-1] == entry
    assert (await world.found(key_for(Account, to))).balance == entry.balance_after
    assert_balanced(statement_of(store), 3 * GRANT.amount + amount)


@pytest.mark.parametrize(
    ("by", "to", "error"),
    [
        (caller("nobody"), "bob", AccountNotFoundError),
        (admin("nobody"), "bob", AccountNotFoundError),
        (admin("nobody"), "nobody", AccountNotFoundError),
        (caller("ann"), "bob", ForbiddenError),
        (caller("ann"), "ann", ForbiddenError),
        (caller("zoe"), "bob", ForbiddenError),
        (caller("ann"), "nobody", ForbiddenError),
        (admin("zoe"), "nobody", AccountNotFoundError),
        (admin("zoe"), "house", AccountNotFoundError),
        (admin("zoe"), "market:rain", AccountNotFoundError),
        (admin("zoe"), "", AccountNotFoundError),
    ],
)
async def test_refusals(world: World, store: MemoryStore, by: Caller, to: str, error: type[DomainError]) -> None:
    """Only an admin grants, and only to an account that was opened; the house and the pools are none."""
    with refused(store, error):
        await world.give(to, MICROS, by)


async def test_the_largest_balance(world: World, store: MemoryStore) -> None:
    """A balance may come to the limit, and not one micro-credit over it."""
    rest = BALANCE_LIMIT.amount - GRANT.amount
    with refused(store, BalanceLimitExceededError):
        await world.give("bob", rest + 1, admin("zoe"))
    await world.give("bob", rest, admin("zoe"))
    with refused(store, BalanceLimitExceededError):
        await world.give("bob", 1, admin("zoe"))


async def test_many_at_once(world: World, store: MemoryStore) -> None:
    """Grants to one account at the same time all arrive, one after the other."""
    entries = await asyncio.gather(*(world.give("bob", MICROS, admin("zoe")) for _ in range(4)))
    assert sorted(entry.seq for entry in entries) == [2, 3, 4, 5]
    assert await world.balance("bob") == GRANT.amount + 4 * MICROS
    assert_balanced(statement_of(store), 3 * GRANT.amount + 4 * MICROS)


async def test_the_receiver_spends_meanwhile(world: World, store: MemoryStore) -> None:
    """Money that moves between reading and writing is not overwritten."""
    await world.publish("rain", "ann")
    unit_of_work = FaultyUnitOfWork(
        MemoryUnitOfWork(store), [Fault.NONE], [lambda: world.spend("bob", "rain", "YES", 9 * MICROS)]
    )
    await world.with_faults(unit_of_work).give("bob", MICROS, admin("zoe"))
    assert len(unit_of_work.commits) == 2
    assert await world.balance("bob") == GRANT.amount - 8 * MICROS
    assert_balanced(statement_of(store), 3 * GRANT.amount + MICROS)
