import asyncio
from dataclasses import replace

import pytest

from domain.application.ledger.open_account import OpenAccountRequest, OpenAccountResult
from domain.model.kernel.errors import BalanceLimitExceededError, ForbiddenError
from domain.model.kernel.money import BALANCE_LIMIT, MICROS, ZERO, Money
from domain.model.ledger.account import Account
from domain.model.ledger.journal import EntryKind, JournalEntry, Posting
from tests.fakes.clock import START
from tests.fakes.memory import MemoryStore
from tests.fakes.refusals import refused
from tests.fakes.statement import assert_balanced, statement_of
from tests.fakes.world import GRANT, World, caller


async def _open(world: World, account: str) -> OpenAccountResult:
    return await world.open_account.execute(OpenAccountRequest(caller(account), world.fresh()))


async def test_a_new_account_holds_the_grant(world: World, store: MemoryStore) -> None:
    """The house issues the starting grant, as the account's first journal entry."""
    result = await _open(world, "ann")
    assert result.opened.created
    assert result.opened.account == Account("ann", GRANT, seq=1, markets_held=0, created_at=START)
    (entry,) = store.every(JournalEntry)
    assert (entry.account, entry.seq, entry.kind, entry.balance_after) == ("ann", 1, EntryKind.STARTING_GRANT, GRANT)
    assert entry.postings == (Posting("ann", GRANT), Posting("house", Money(-GRANT.amount)))
    assert_balanced(statement_of(store), issued=GRANT.amount)


async def test_an_account_is_opened_once(world: World, store: MemoryStore) -> None:
    """Under a new key the account is found as it is now, and no second grant is issued."""
    await world.open("ann")
    await world.publish("rain", "ann")
    present = next(account for account in store.every(Account))
    result = await _open(world, "ann")
    assert not result.opened.created
    assert not result.replayed
    assert result.opened.account == present
    assert present.balance.amount < GRANT.amount
    assert_balanced(statement_of(store), issued=GRANT.amount)


async def test_two_at_once_open_one_account(world: World, store: MemoryStore) -> None:
    """Two requests with two keys at the same time: one opens the account, the other finds it open."""
    both = await asyncio.gather(_open(world, "ann"), _open(world, "ann"))
    assert sorted(result.opened.created for result in both) == [False, True]
    assert_balanced(statement_of(store), issued=GRANT.amount)


async def test_many_at_once_open_their_own(world: World, store: MemoryStore) -> None:
    """Accounts do not get into each other's way."""
    await asyncio.gather(*(world.open(f"trader-{number}") for number in range(50)))
    assert {account.id for account in store.every(Account)} == {f"trader-{number}" for number in range(50)}
    assert_balanced(statement_of(store), issued=50 * GRANT.amount)


async def test_a_grant_of_nothing_opens_an_account(world: World, store: MemoryStore) -> None:
    """An instance may give nothing to start with; the account then exists all the same."""
    account = await replace(world, grant=ZERO).open("ann")
    assert account.balance == ZERO
    assert_balanced(statement_of(store), issued=0)


async def test_the_largest_grant(world: World, store: MemoryStore) -> None:
    """The grant may be just what a balance may be."""
    assert (await replace(world, grant=BALANCE_LIMIT).open("ann")).balance == BALANCE_LIMIT
    assert_balanced(statement_of(store), issued=1_000_000_000 * MICROS)


@pytest.mark.parametrize("too_much", [1, MICROS])
async def test_no_grant_over_the_limit(world: World, store: MemoryStore, too_much: int) -> None:
    """A grant over the largest balance is refused and opens nothing."""
    generous = replace(world, grant=Money(BALANCE_LIMIT.amount + too_much))
    with refused(store, BalanceLimitExceededError):
        await generous.open("ann")


@pytest.mark.parametrize(
    "name",
    ["house", "", "market:rain", "Ann", "ann@example.org", "-ann", "ann-", "a" * 65, "a#b", "a b", "ann\n", "é"],
)
async def test_names_that_no_account_may_have(world: World, store: MemoryStore, name: str) -> None:
    """The ledger's own posting names, and whatever is not a slug, open nothing."""
    with refused(store, ForbiddenError):
        await world.open(name)


@pytest.mark.parametrize("name", ["a", "houses", "house-1", "market-rain", "0", "a" * 64])
async def test_names_that_an_account_may_have(world: World, store: MemoryStore, name: str) -> None:
    """Every slug but `house` names an account."""
    assert (await world.open(name)).id == name
    assert_balanced(statement_of(store), issued=GRANT.amount)
