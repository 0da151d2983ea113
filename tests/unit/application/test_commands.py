from datetime import datetime

import pytest

from domain.application.shared.commands import Commands, Reply, command_key, remember
from domain.model.kernel.command import RECOVERED, Idempotency, Refusal
from domain.model.kernel.errors import DomainError, IdempotencyKeyReusedError, InsufficientFundsError, SlugTakenError
from domain.model.kernel.money import Money
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account, OpenedAccount
from domain.model.trading.order import Order
from domain.port.out.store import Decision, Insert, Need, Outcome, View
from tests.fakes.clock import START, FakeClock, LowestRandom
from tests.fakes.memory import MemoryPersistence, MemoryStore

ANN = Account("ann", Money(5), 1, 0, START)
OPENED = OpenedAccount(ANN, created=True)
KEY = Idempotency("key", "request")
ANN_KEY = key_for(Account, "ann")


def _commands(store: MemoryStore) -> Commands:
    return Commands(MemoryPersistence.over(store).store(FakeClock(), LowestRandom()))


def _open(view: View, _: datetime) -> Decision[OpenedAccount]:
    if view.get(ANN_KEY):
        raise SlugTakenError("ann")
    return Outcome(OPENED, (Insert(ANN),))


async def test_a_key_is_done_once() -> None:
    """The same request again gets the first answer, as a replay, and decides nothing."""
    store = MemoryStore()
    commands = _commands(store)
    assert await commands.run("ann", KEY, OpenedAccount, [ANN_KEY], _open) == Reply(OPENED, replayed=False)
    after = store.copy()
    assert await commands.run("ann", KEY, OpenedAccount, [ANN_KEY], _open) == Reply(OPENED, replayed=True)
    assert store == after


async def test_another_request_may_not_have_the_key() -> None:
    """One key with another fingerprint is a mistake of the caller."""
    commands = _commands(MemoryStore())
    await commands.run("ann", KEY, OpenedAccount, [ANN_KEY], _open)
    with pytest.raises(IdempotencyKeyReusedError):
        await commands.run("ann", Idempotency("key", "another request"), OpenedAccount, [ANN_KEY], _open)


async def test_an_answer_of_another_kind_is_a_bug() -> None:
    """One fingerprint with an answer of another use case is no answer."""
    store = MemoryStore()
    store.apply([remember(command_key("ann", KEY), KEY, OPENED, START)])
    with pytest.raises(TypeError, match="OpenedAccount, not a Order"):
        await _commands(store).run("ann", KEY, Order, [ANN_KEY], lambda *_: Need(()))


async def test_a_key_whose_request_nobody_knows() -> None:
    """A command that was made of the ledger answers what it holds, and is another request's for everything else."""
    store = MemoryStore()
    store.apply([remember(command_key("ann", KEY), Idempotency("key", RECOVERED), OPENED, START)])
    commands = _commands(store)
    assert await commands.run("ann", KEY, OpenedAccount, [ANN_KEY], _open) == Reply(OPENED, replayed=True)
    with pytest.raises(IdempotencyKeyReusedError):
        await commands.run("ann", KEY, Order, [ANN_KEY], lambda *_: Need(()))


async def test_a_refusal_is_not_remembered_by_itself() -> None:
    """What a decision refuses changes nothing, and the key may be used again."""
    store = MemoryStore()
    store.put(ANN)
    before = store.copy()
    with pytest.raises(SlugTakenError):
        await _commands(store).run("ann", KEY, OpenedAccount, [ANN_KEY], _open)
    assert store == before


async def test_a_remembered_refusal_is_the_answer() -> None:
    """A refusal kept under the key is raised again, with its code, title, category and words."""
    store = MemoryStore()
    error = InsufficientFundsError("Too little.")
    store.apply([remember(command_key("ann", KEY), KEY, Refusal.of(error), START)])
    with pytest.raises(DomainError, match=r"^Too little\.$") as caught:
        await _commands(store).run("ann", KEY, OpenedAccount, [ANN_KEY], _open)
    again = caught.value
    assert (again.code, again.title, again.category) == (error.code, error.title, error.category)


def test_command_keys_belong_to_accounts() -> None:
    """Two accounts may use one key; one account's two keys are two commands."""
    keys = {
        command_key(account, Idempotency(name, "request")) for account in ("ann", "bob") for name in ("key", "other")
    }
    assert len({key.values[1] for key in keys}) == 4
    assert command_key("ann", KEY) in keys
