from datetime import datetime, timedelta

import pytest

from domain.application.shared.commands import Reply
from domain.model.kernel.errors import ContentionError, SlugTakenError
from domain.model.kernel.money import Money
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.port.out.store import ATTEMPTS, Decision, Insert, Need, Outcome, View
from functions.adapter.out.optimistic import OptimisticStore
from tests.fakes.clock import START, FakeClock, HighestRandom, LowestRandom
from tests.fakes.faults import Fault, FaultyUnitOfWork, Hook, KilledError
from tests.fakes.memory import MemoryRecords, MemoryStore, MemoryUnitOfWork

ANN = Account("ann", Money(5), 1, 0, START)
ANN_KEY = key_for(Account, "ann")


class Opening:
    """Opens one account, the way a use case does: answer from the record when it is there."""

    def __init__(self) -> None:
        self.decided = 0

    def __call__(self, view: View, _: datetime) -> Decision[Reply[str]]:
        self.decided += 1
        if view.get(ANN_KEY):
            return Outcome(Reply("ann", replayed=not view.is_in_doubt))
        return Outcome(Reply("ann"), (Insert(ANN),))


class RefusingDecision(Opening):
    """Proposes at first and refuses every time after that."""

    def __call__(self, view: View, now: datetime) -> Decision[Reply[str]]:
        if self.decided:
            raise SlugTakenError("rain")
        return super().__call__(view, now)


def _store(store: MemoryStore, *faults: Fault) -> OptimisticStore:
    return _over(store, FaultyUnitOfWork(MemoryUnitOfWork(store), faults))


def _over(store: MemoryStore, unit_of_work: FaultyUnitOfWork, clock: FakeClock | None = None) -> OptimisticStore:
    return OptimisticStore(MemoryRecords(store), unit_of_work, clock or FakeClock(), LowestRandom())


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
    decision = Opening()
    assert await _store(store).transact([ANN_KEY], decision) == Reply("ann", replayed=False)
    assert store == opened
    assert decision.decided == 1


async def test_a_reply_commits_nothing(opened: MemoryStore) -> None:
    """A decision that already knows the answer writes nothing."""
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(opened))
    reply = await _over(opened, unit_of_work).transact([ANN_KEY], Opening())
    assert reply == Reply("ann", replayed=True)
    assert unit_of_work.commits == []


@pytest.mark.parametrize("failures", range(ATTEMPTS))
async def test_fewer_failures_than_attempts_succeed(store: MemoryStore, opened: MemoryStore, failures: int) -> None:
    """As long as one attempt is left the transaction decides afresh and commits."""
    decision = Opening()
    reply = await _store(store, *[Fault.CONDITION_FAILED] * failures).transact([ANN_KEY], decision)
    assert reply == Reply("ann", replayed=False)
    assert store == opened
    assert decision.decided == failures + 1


async def test_eight_failures_are_contention(store: MemoryStore) -> None:
    """Eight commits that meet others end in ContentionError, with nothing written and no ninth attempt."""
    decision = Opening()
    with pytest.raises(ContentionError):
        await _store(store, *[Fault.CONDITION_FAILED] * 8).transact([ANN_KEY], decision)
    assert store == MemoryStore()
    assert decision.decided == 8


async def test_lost_requests_are_repeated(store: MemoryStore, opened: MemoryStore) -> None:
    """Where reading shows that nothing was written, the transaction commits again."""
    assert await _store(store, *[Fault.REQUEST_LOST] * 7).transact([ANN_KEY], Opening()) == Reply("ann")
    assert store == opened


async def test_eight_lost_requests_are_contention(store: MemoryStore) -> None:
    """When no request arrives at all, the answer is contention: safe to repeat, and nothing was written."""
    with pytest.raises(ContentionError):
        await _store(store, *[Fault.REQUEST_LOST] * 8).transact([ANN_KEY], Opening())
    assert store == MemoryStore()


@pytest.mark.parametrize("earlier", range(ATTEMPTS))
async def test_a_lost_answer_is_found_by_reading(store: MemoryStore, opened: MemoryStore, earlier: int) -> None:
    """Whichever attempt was written without an answer, even the last, reading finds it: as done now, not replayed."""
    faults = [*[Fault.CONDITION_FAILED] * earlier, Fault.ANSWER_LOST]
    assert await _store(store, *faults).transact([ANN_KEY], Opening()) == Reply("ann", replayed=False)
    assert store == opened


async def test_a_reply_after_failures_is_a_replay(store: MemoryStore, opened: MemoryStore) -> None:
    """What is found after a commit that surely failed was done by another: that is a replay."""
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [Fault.CONDITION_FAILED], [_opening(store)])
    reply = await _over(store, unit_of_work).transact([ANN_KEY], Opening())
    assert reply == Reply("ann", replayed=True)
    assert store == opened


async def test_a_refusal_passes_while_nothing_is_in_doubt(store: MemoryStore) -> None:
    """A refusal after commits that surely failed is the refusal."""
    with pytest.raises(SlugTakenError):
        await _store(store, Fault.CONDITION_FAILED).transact([ANN_KEY], RefusingDecision())


@pytest.mark.parametrize("fault", [Fault.REQUEST_LOST, Fault.ANSWER_LOST])
async def test_a_refusal_in_doubt_is_contention(store: MemoryStore, fault: Fault) -> None:
    """After an unknown outcome a refusal may be wrong, so the caller is asked to repeat."""
    with pytest.raises(ContentionError) as caught:
        await _store(store, fault).transact([ANN_KEY], RefusingDecision())
    assert isinstance(caught.value.__cause__, SlugTakenError)


async def test_doubt_outlasts_later_failures(store: MemoryStore) -> None:
    """A commit in doubt stays so when a later one surely failed: the refusal after both is still contention."""

    class RefusingLater(Opening):
        def __call__(self, view: View, now: datetime) -> Decision[Reply[str]]:
            if self.decided == 2:
                raise SlugTakenError("rain")
            return super().__call__(view, now)

    with pytest.raises(ContentionError):
        await _store(store, Fault.REQUEST_LOST, Fault.CONDITION_FAILED).transact([ANN_KEY], RefusingLater())


async def test_the_last_reading_refuses_as_contention(store: MemoryStore) -> None:
    """When the eighth outcome is unknown and the last reading refuses, that too is contention."""

    class RefusingAtLast(Opening):
        def __call__(self, view: View, now: datetime) -> Decision[Reply[str]]:
            if self.decided == ATTEMPTS:
                raise SlugTakenError("rain")
            return super().__call__(view, now)

    faults = [*[Fault.CONDITION_FAILED] * 7, Fault.REQUEST_LOST]
    with pytest.raises(ContentionError):
        await _store(store, *faults).transact([ANN_KEY], RefusingAtLast())


@pytest.mark.parametrize("fault", [Fault.KILLED_BEFORE, Fault.KILLED_AFTER])
async def test_an_adapter_failure_is_not_retried(store: MemoryStore, fault: Fault) -> None:
    """What the adapter raises comes out as it is, after one attempt."""
    decision = Opening()
    with pytest.raises(KilledError):
        await _store(store, fault).transact([ANN_KEY], decision)
    assert decision.decided == 1


async def test_waits_grow_up_to_half_a_second(store: MemoryStore) -> None:
    """Full jitter: the longest wait doubles from 20 ms and is never over half a second."""
    clock = FakeClock()
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [Fault.CONDITION_FAILED] * 8)
    with pytest.raises(ContentionError):
        await OptimisticStore(MemoryRecords(store), unit_of_work, clock, HighestRandom()).transact([ANN_KEY], Opening())
    assert clock.slept == [0.02, 0.04, 0.08, 0.16, 0.32, 0.5, 0.5, 0.5]
    assert clock.now() == START + timedelta(seconds=2.12)


async def test_a_decision_reads_what_it_needs(store: MemoryStore, opened: MemoryStore) -> None:
    """Keys that a decision asks for are read after the first ones, and it is called again with all of them."""
    bob = key_for(Account, "bob")
    seen: list[bool] = []

    def decide(view: View, _: datetime) -> Decision[Account | None]:
        seen.append(view.has_read(bob))
        return Outcome(view.get(ANN_KEY)) if view.has_read(bob) else Need((bob,))

    assert await _store(opened).transact([ANN_KEY], decide) == ANN
    assert seen == [False, True]


async def test_asking_for_what_is_there_is_a_bug(store: MemoryStore) -> None:
    """A decision that asks for a key it has would never end."""
    with pytest.raises(LookupError):
        await _store(store).transact([ANN_KEY], lambda *_: Need((ANN_KEY,)))


async def test_what_was_not_read_cannot_be_seen(store: MemoryStore) -> None:
    """Nothing there, and not looked for, are two things."""
    snapshot = await MemoryRecords(store).read(ANN_KEY)
    assert snapshot.get(ANN_KEY) is None
    with pytest.raises(LookupError):
        snapshot.get(key_for(Account, "bob"))
