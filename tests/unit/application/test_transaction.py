from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from domain.model.kernel.record import key_for
from domain.port.out.store import Insert
from domain.application.shared.transaction import (
    ATTEMPTS,
    Proposal,
    Reply,
    Transaction,
    command_key,
    recall,
    remember,
)
from domain.model.kernel.errors import ContentionError, IdempotencyKeyReusedError, SlugTakenError
from domain.model.kernel.money import Money
from domain.model.ledger.account import Account, OpenedAccount
from domain.model.kernel.command import Idempotency
from domain.model.trading.order import Order
from domain.port.out.turns import NoTurns
from tests.fakes.clock import START, FakeClock, HighestRandom, LowestRandom
from tests.fakes.faults import Fault, FaultyUnitOfWork, Hook, KilledError
from tests.fakes.memory import MemoryRecords, MemoryStore, MemoryUnitOfWork

ANN = Account("ann", Money(5), 1, 0, START)
KEY = Idempotency("key", "request")


class Decision:
    """Opens one account, the way a use case does: answer from the record when it is there."""

    def __init__(self, store: MemoryStore) -> None:
        self._records = MemoryRecords(store)
        self.decided = 0

    async def __call__(self) -> Proposal[str] | Reply[str]:
        self.decided += 1
        if (await self._records.read(key_for(Account, "ann"))).get(key_for(Account, "ann")):
            return Reply("ann", replayed=True)
        return Proposal((Insert(ANN),), "ann")


class RefusingDecision(Decision):
    """Proposes at first and refuses every time after that."""

    async def __call__(self) -> Proposal[str] | Reply[str]:
        if self.decided:
            raise SlugTakenError("rain")
        return await super().__call__()


def _transaction(store: MemoryStore, *faults: Fault, clock: FakeClock | None = None) -> Transaction:
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), faults)
    return Transaction(unit_of_work, clock or FakeClock(), LowestRandom(), NoTurns())


def _opening(store: MemoryStore) -> Hook:
    """Somebody else opens the account."""

    async def open_it() -> None:
        store.put(ANN)

    return open_it


@pytest.fixture
def store() -> MemoryStore:
    """Nothing yet."""
    return MemoryStore()


@pytest.fixture
def opened() -> MemoryStore:
    """A store in which the account is open."""
    store = MemoryStore()
    store.put(ANN)
    return store


async def test_a_commit_answers_what_was_proposed(store: MemoryStore, opened: MemoryStore) -> None:
    """What is committed at once is answered once, after one decision, and is no replay."""
    decision = Decision(store)
    assert await _transaction(store).run("subject", decision) == Reply("ann", replayed=False)
    assert store == opened
    assert decision.decided == 1


async def test_a_reply_commits_nothing(opened: MemoryStore) -> None:
    """A decision that already knows the answer writes nothing."""
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(opened))
    reply = await Transaction(unit_of_work, FakeClock(), LowestRandom(), NoTurns()).run("subject", Decision(opened))
    assert reply == Reply("ann", replayed=True)
    assert unit_of_work.commits == []


@pytest.mark.parametrize("failures", range(ATTEMPTS))
async def test_fewer_failures_than_attempts_succeed(store: MemoryStore, opened: MemoryStore, failures: int) -> None:
    """As long as one attempt is left the transaction decides afresh and commits."""
    decision = Decision(store)
    reply = await _transaction(store, *[Fault.CONDITION_FAILED] * failures).run("subject", decision)
    assert reply == Reply("ann", replayed=False)
    assert store == opened
    assert decision.decided == failures + 1


async def test_eight_failures_are_contention(store: MemoryStore) -> None:
    """Eight commits that meet others end in ContentionError, with nothing written and no ninth attempt."""
    decision = Decision(store)
    with pytest.raises(ContentionError):
        await _transaction(store, *[Fault.CONDITION_FAILED] * 8).run("subject", decision)
    assert store == MemoryStore()
    assert decision.decided == 8


async def test_lost_requests_are_repeated(store: MemoryStore, opened: MemoryStore) -> None:
    """Where reading shows that nothing was written, the transaction commits again."""
    assert await _transaction(store, *[Fault.REQUEST_LOST] * 7).run("subject", Decision(store)) == Reply("ann")
    assert store == opened


async def test_eight_lost_requests_are_contention(store: MemoryStore) -> None:
    """When no request arrives at all, the answer is contention: safe to repeat, and nothing was written."""
    with pytest.raises(ContentionError):
        await _transaction(store, *[Fault.REQUEST_LOST] * 8).run("subject", Decision(store))
    assert store == MemoryStore()


@pytest.mark.parametrize("earlier", range(ATTEMPTS))
async def test_a_lost_answer_is_found_by_reading(store: MemoryStore, opened: MemoryStore, earlier: int) -> None:
    """Whichever attempt was written without an answer, even the last, reading finds it: as done now, not replayed."""
    faults = [*[Fault.CONDITION_FAILED] * earlier, Fault.ANSWER_LOST]
    assert await _transaction(store, *faults).run("subject", Decision(store)) == Reply("ann", replayed=False)
    assert store == opened


async def test_a_reply_after_failures_is_a_replay(store: MemoryStore, opened: MemoryStore) -> None:
    """What is found after a commit that surely failed was done by another: that is a replay."""
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [Fault.CONDITION_FAILED], [_opening(store)])
    reply = await Transaction(unit_of_work, FakeClock(), LowestRandom(), NoTurns()).run("subject", Decision(store))
    assert reply == Reply("ann", replayed=True)
    assert store == opened


async def test_a_refusal_passes_while_nothing_is_in_doubt(store: MemoryStore) -> None:
    """A refusal after commits that surely failed is the refusal."""
    with pytest.raises(SlugTakenError):
        await _transaction(store, Fault.CONDITION_FAILED).run("subject", RefusingDecision(store))


@pytest.mark.parametrize("fault", [Fault.REQUEST_LOST, Fault.ANSWER_LOST])
async def test_a_refusal_in_doubt_is_contention(store: MemoryStore, fault: Fault) -> None:
    """After an unknown outcome a refusal may be wrong, so the caller is asked to repeat."""
    with pytest.raises(ContentionError) as caught:
        await _transaction(store, fault).run("subject", RefusingDecision(store))
    assert isinstance(caught.value.__cause__, SlugTakenError)


async def test_doubt_outlasts_later_failures(store: MemoryStore) -> None:
    """A commit in doubt stays so when a later one surely failed: the refusal after both is still contention."""

    class RefusingLater(Decision):
        async def __call__(self) -> Proposal[str] | Reply[str]:
            if self.decided == 2:
                raise SlugTakenError("rain")
            return await super().__call__()

    with pytest.raises(ContentionError):
        await _transaction(store, Fault.REQUEST_LOST, Fault.CONDITION_FAILED).run("subject", RefusingLater(store))


async def test_the_last_reading_refuses_as_contention(store: MemoryStore) -> None:
    """When the eighth outcome is unknown and the last reading refuses, that too is contention."""

    class RefusingAtLast(Decision):
        async def __call__(self) -> Proposal[str] | Reply[str]:
            if self.decided == ATTEMPTS:
                raise SlugTakenError("rain")
            return await super().__call__()

    faults = [*[Fault.CONDITION_FAILED] * 7, Fault.REQUEST_LOST]
    with pytest.raises(ContentionError):
        await _transaction(store, *faults).run("subject", RefusingAtLast(store))


@pytest.mark.parametrize("fault", [Fault.KILLED_BEFORE, Fault.KILLED_AFTER])
async def test_an_adapter_failure_is_not_retried(store: MemoryStore, fault: Fault) -> None:
    """What the adapter raises comes out as it is, after one attempt."""
    decision = Decision(store)
    with pytest.raises(KilledError):
        await _transaction(store, fault).run("subject", decision)
    assert decision.decided == 1


async def test_waits_grow_up_to_half_a_second(store: MemoryStore) -> None:
    """Full jitter: the longest wait doubles from 20 ms and is never over half a second."""
    clock = FakeClock()
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [Fault.CONDITION_FAILED] * 8)
    with pytest.raises(ContentionError):
        await Transaction(unit_of_work, clock, HighestRandom(), NoTurns()).run("subject", Decision(store))
    assert clock.slept == [0.02, 0.04, 0.08, 0.16, 0.32, 0.5, 0.5, 0.5]
    assert clock.now() == START + timedelta(seconds=2.12)


async def test_recall_knows_the_request_again(store: MemoryStore) -> None:
    """A remembered answer comes back as a replay; without one there is none; another request is a reused key."""
    key = command_key("ann", KEY)
    answer = OpenedAccount(ANN, created=True)
    empty = await MemoryRecords(store).read(key)
    assert recall(empty, key, KEY, OpenedAccount) is None
    store.apply([remember(key, KEY, answer, START)])
    snapshot = await MemoryRecords(store).read(key)
    assert recall(snapshot, key, KEY, OpenedAccount) == Reply(answer, replayed=True)
    with pytest.raises(IdempotencyKeyReusedError):
        recall(snapshot, key, Idempotency("key", "another request"), OpenedAccount)


async def test_recall_refuses_an_answer_of_another_kind(store: MemoryStore) -> None:
    """One fingerprint with an answer of another use case is a bug, not an answer."""
    key = command_key("ann", KEY)
    store.apply([remember(key, KEY, OpenedAccount(ANN, created=True), START)])
    snapshot = await MemoryRecords(store).read(key)
    with pytest.raises(TypeError, match="OpenedAccount, not a Order"):
        recall(snapshot, key, KEY, Order)


def test_command_keys_belong_to_accounts() -> None:
    """Two accounts may use one key; one account's two keys are two commands."""
    keys = {
        command_key(account, Idempotency(name, "request")) for account in ("ann", "bob") for name in ("key", "other")
    }
    assert len({key.id for key in keys}) == 4
    assert command_key("ann", KEY) in keys


class WitnessedTurns:
    """Turns that tell what happened in which order."""

    def __init__(self, witnessed: list[str]) -> None:
        self._witnessed = witnessed

    @asynccontextmanager
    async def take(self, subject: str) -> AsyncIterator[None]:
        self._witnessed.append(f"take {subject}")
        yield
        self._witnessed.append(f"leave {subject}")


class WitnessedClock(FakeClock):
    """A clock that tells when somebody waits."""

    def __init__(self, witnessed: list[str]) -> None:
        super().__init__()
        self._witnessed = witnessed

    async def sleep(self, seconds: float) -> None:
        self._witnessed.append("wait")
        await super().sleep(seconds)


async def test_nobody_waits_with_a_turn_taken(store: MemoryStore) -> None:
    """Each attempt takes the subject's turn and leaves it before it waits for the next."""
    witnessed: list[str] = []
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [Fault.CONDITION_FAILED])
    transaction = Transaction(unit_of_work, WitnessedClock(witnessed), LowestRandom(), WitnessedTurns(witnessed))
    assert await transaction.run("rain", Decision(store)) == Reply("ann")
    assert witnessed == ["take rain", "leave rain", "wait", "take rain", "leave rain"]
