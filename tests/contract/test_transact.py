"""Decisions over each adapter's store: each is committed once, or changes nothing."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from domain.model.kernel.command import Command
from domain.model.kernel.errors import ContentionError, InsufficientFundsError
from domain.model.kernel.money import Money
from domain.model.kernel.record import Key, key_for, key_of
from domain.model.ledger.account import Account
from domain.port.out.store import Decision, Insert, Need, Outcome, Remove, Replace, Store, View
from domain.port.out.unit_of_work import Committed
from functions.adapter.out.system.clock import SystemClock, SystemRandom
from tests.contract.conftest import Adapter
from tests.fakes.clock import FakeClock, SeededRandom
from tests.fakes.samples import ANN, ANNS_COMMAND, INVITED

pytestmark = pytest.mark.ministack

ANNS = key_of(ANN)
BOB = replace(ANN, id="bob")


def _store(adapter: Adapter) -> Store:
    return adapter.ports.store(FakeClock(), SeededRandom())


def _mark(number: int) -> Key[Command]:
    return key_for(Command, "ann", f"{number:032}")


async def _count(store: Store, number: int) -> int:
    """Raise ann's balance by one, once for that number, however often it has to be asked for; answer what it was."""

    def decide(view: View, _: datetime) -> Outcome[int]:
        if (done := view.get(_mark(number))) is not None:
            return Outcome(int(done.fingerprint))
        ann = view.get(ANNS)
        assert ann is not None
        after = replace(ann, balance=Money(ann.balance.amount + 1), seq=ann.seq + 1)
        mark = replace(ANNS_COMMAND, id=f"{number:032}", fingerprint=str(ann.seq))
        return Outcome(ann.seq, (Replace(after, read=ann), Insert(mark)))

    for _ in range(500):
        try:
            return await store.transact((ANNS, _mark(number)), decide)
        except ContentionError:
            await asyncio.sleep(0)
    raise AssertionError("five hundred tries were not enough")


async def test_sixty_four_decisions_on_one_record(adapter: Adapter) -> None:
    """All are committed, each exactly once, and each has seen what those before it left."""
    await adapter.commit(Insert(ANN))
    store = adapter.ports.store(SystemClock(), SystemRandom())  # where many meet they have to wait in earnest
    seen = await asyncio.gather(*(_count(store, number) for number in range(64)))
    assert sorted(seen) == list(range(1, 65))
    found = await store.read(ANNS, *(_mark(number) for number in range(64)))
    ann = found.get(ANNS)
    assert ann == replace(ANN, balance=Money(ANN.balance.amount + 64), seq=65)
    marks = [found.get(_mark(number)) for number in range(64)]
    assert [mark and int(mark.fingerprint) for mark in marks] == seen


async def test_a_decision_that_raises_disturbs_nobody(adapter: Adapter) -> None:
    """A refusal, and a mistake, comes out as it is and changes nothing; those who decide at the same time go on."""
    store, accounts = _store(adapter), [replace(ANN, id=f"trader-{number:02}") for number in range(16)]
    mistake = ZeroDivisionError("made up")

    async def open_one(number: int) -> str:
        def decide(view: View, _: datetime) -> Outcome[str]:
            assert view.get(key_of(accounts[number])) is None
            if number % 8 == 3:
                raise InsufficientFundsError("made up")
            if number % 8 == 5:
                raise mistake
            return Outcome(accounts[number].id, (Insert(accounts[number]),))

        return await store.transact((key_of(accounts[number]),), decide)

    outcomes = await asyncio.gather(*map(open_one, range(16)), return_exceptions=True)
    found = await store.read(*map(key_of, accounts))
    for number, (outcome, account) in enumerate(zip(outcomes, accounts, strict=True)):
        if number % 8 == 3:
            assert isinstance(outcome, InsufficientFundsError)
        elif number % 8 == 5:
            assert outcome is mistake
        else:
            assert outcome == account.id
        assert found.get(key_of(account)) == (None if isinstance(outcome, Exception) else account)


async def test_a_decision_that_needs_more(adapter: Adapter) -> None:
    """Whom a first record names is read on request: the decision sees both, and writes both."""
    command = replace(ANNS_COMMAND, fingerprint="bob")
    assert await adapter.commit(Insert(ANN), Insert(BOB), Insert(command)) == Committed()
    others = key_for(Account, "cid"), key_for(Account, "dee")

    def decide(view: View, _: datetime) -> Decision[str]:
        first = view.get(key_of(command))
        assert first is not None
        named = key_for(Account, first.fingerprint)
        if not view.has_read(named):
            return Need((named,))
        if not view.has_read(*others):
            return Need(others)
        bob = view.get(named)
        assert bob is not None
        assert [view.get(key) for key in others] == [None, None]
        cid = replace(bob, id="cid")
        return Outcome(bob.id, (Replace(replace(bob, seq=2), read=bob), Insert(cid)))

    store = _store(adapter)
    assert await store.transact((key_of(command),), decide) == "bob"
    found = await store.read(key_of(BOB), others[0])
    assert list(found.found.values()) == [replace(BOB, seq=2), replace(BOB, id="cid")]


async def test_a_decision_without_changes(adapter: Adapter) -> None:
    """Its answer stands, and nothing is written."""
    await adapter.commit(Insert(ANN))
    store = _store(adapter)
    balance = await store.transact((ANNS,), lambda view, _: Outcome(view.get(ANNS)))
    assert balance == ANN
    assert (await store.read(ANNS)).get(ANNS) == ANN


async def test_insertion_replacement_and_removal_in_one(adapter: Adapter) -> None:
    """The three kinds of changes of one decision are all done."""
    await adapter.commit(Insert(ANN), Insert(INVITED))
    store, after = _store(adapter), replace(ANN, seq=2)

    def decide(view: View, _: datetime) -> Outcome[None]:
        ann, invited = view.get(ANNS), view.get(key_of(INVITED))
        assert (ann, invited) == (ANN, INVITED)
        return Outcome(None, (Replace(after, read=ann), Remove(invited), Insert(BOB)))

    await store.transact((ANNS, key_of(INVITED)), decide)
    found = await store.read(ANNS, key_of(INVITED), key_of(BOB))
    assert list(found.found.values()) == [after, None, BOB]


async def test_the_time_of_a_decision(adapter: Adapter) -> None:
    """A decision is told the present instant of the store's clock."""
    clock = FakeClock()
    store = adapter.ports.store(clock, SeededRandom())
    assert await store.transact((ANNS,), lambda _, now: Outcome(now)) == clock.instant
