"""What every use case that writes promises about its idempotency key, whatever happens to its commit."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from domain.application.ledger.grant_credits import GrantCreditsRequest
from domain.application.ledger.open_account import OpenAccountRequest
from domain.application.trading.clarify_market import ClarifyMarketRequest
from domain.application.trading.close_market import CloseMarketRequest
from domain.application.trading.create_market import CreateMarketRequest
from domain.application.trading.place_order import PlaceOrderRequest
from domain.application.trading.publish_market import PublishMarketRequest
from domain.application.trading.reopen_market import ReopenMarketRequest
from domain.application.trading.resolve_market import ResolveMarketRequest
from domain.application.trading.void_market import VoidMarketRequest
from domain.application.trading.withdraw_resolution import WithdrawResolutionRequest
from domain.model.kernel.command import Command, Idempotency
from domain.model.kernel.errors import ContentionError, IdempotencyKeyReusedError
from domain.model.kernel.money import MICROS, Money
from domain.model.kernel.record import Key
from domain.model.trading.order import OrderTerms
from domain.model.trading.trade import Side
from domain.port.out.store import ATTEMPTS, RecordReader, Snapshot
from tests.fakes.clock import LowestRandom
from tests.fakes.faults import Fault, FaultyUnitOfWork, KilledError
from tests.fakes.memory import (
    MemoryPersistence,
    MemoryStore,
    MemoryUnitOfWork,
)
from tests.fakes.refusals import refused
from tests.fakes.statement import assert_balanced, statement_of
from tests.fakes.world import DEFINITION, World, admin, caller

KEY = Idempotency("the key", "this request")
ANOTHER_REQUEST = Idempotency("the key", "another request")


@dataclass(frozen=True)
class Answered:
    """What a use case said."""

    answer: object
    replayed: bool


type Performance = Callable[[World, Idempotency], Awaitable[Answered]]


async def _open_account(world: World, idempotency: Idempotency) -> Answered:
    result = await world.open_account.execute(OpenAccountRequest(caller("new"), idempotency))
    return Answered(result.opened, result.replayed)


async def _open_account_again(world: World, idempotency: Idempotency) -> Answered:
    result = await world.open_account.execute(OpenAccountRequest(caller("bob"), idempotency))
    return Answered(result.opened, result.replayed)


async def _create_market(world: World, idempotency: Idempotency) -> Answered:
    request = CreateMarketRequest(caller("ann"), "snow", DEFINITION, idempotency)
    result = await world.create_market.execute(request)
    return Answered(result.listing, result.replayed)


async def _publish_market(world: World, idempotency: Idempotency) -> Answered:
    result = await world.publish_market.execute(PublishMarketRequest(caller("ann"), "draft", idempotency))
    return Answered(result.listing, result.replayed)


def _order(terms: OrderTerms) -> Performance:
    async def place_order(world: World, idempotency: Idempotency) -> Answered:
        result = await world.place_order.execute(PlaceOrderRequest(caller("bob"), "rain", terms, idempotency))
        return Answered(result.order, result.replayed)

    return place_order


async def _resolve_market(world: World, idempotency: Idempotency) -> Answered:
    request = ResolveMarketRequest(caller("ann"), "rain", "YES", idempotency)
    result = await world.resolve_market.execute(request)
    return Answered(result.listing, result.replayed)


async def _close_market(world: World, idempotency: Idempotency) -> Answered:
    result = await world.close_market.execute(CloseMarketRequest(caller("ann"), "rain", idempotency))
    return Answered(result.listing, result.replayed)


async def _reopen_market(world: World, idempotency: Idempotency) -> Answered:
    request = ReopenMarketRequest(caller("ann"), "closed", None, idempotency)
    result = await world.reopen_market.execute(request)
    return Answered(result.listing, result.replayed)


async def _void_market(world: World, idempotency: Idempotency) -> Answered:
    request = VoidMarketRequest(admin("ann"), "rain", "No umpire came.", idempotency)
    result = await world.void_market.execute(request)
    return Answered(result.listing, result.replayed)


async def _clarify_market(world: World, idempotency: Idempotency) -> Answered:
    request = ClarifyMarketRequest(caller("ann"), "rain", "Snow counts.", idempotency)
    result = await world.clarify_market.execute(request)
    return Answered(result.listing, result.replayed)


async def _withdraw_resolution(world: World, idempotency: Idempotency) -> Answered:
    result = await world.withdraw_resolution.execute(WithdrawResolutionRequest(caller("ann"), "decided", idempotency))
    return Answered(result.listing, result.replayed)


def _grant_to(account: str) -> Performance:
    async def grant_credits(world: World, idempotency: Idempotency) -> Answered:
        request = GrantCreditsRequest(admin("ann"), account, Money(7 * MICROS), "Won the quiz.", idempotency)
        result = await world.grant_credits.execute(request)
        return Answered(result.entry, result.replayed)

    return grant_credits


EVERY_WRITE = pytest.mark.parametrize(
    "perform",
    [
        pytest.param(_open_account, id="open_account"),
        pytest.param(_open_account_again, id="open_account-existing"),
        pytest.param(_create_market, id="create_market"),
        pytest.param(_publish_market, id="publish_market"),
        pytest.param(_order(OrderTerms("YES", Side.BUY, quantity=3 * MICROS)), id="place_order-buy"),
        pytest.param(_order(OrderTerms("NO", Side.BUY, spend=3 * MICROS)), id="place_order-spend"),
        pytest.param(_order(OrderTerms("YES", Side.SELL, quantity=3 * MICROS)), id="place_order-sell"),
        pytest.param(_resolve_market, id="resolve_market"),
        pytest.param(_close_market, id="close_market"),
        pytest.param(_reopen_market, id="reopen_market"),
        pytest.param(_void_market, id="void_market"),
        pytest.param(_clarify_market, id="clarify_market"),
        pytest.param(_withdraw_resolution, id="withdraw_resolution"),
        pytest.param(_grant_to("bob"), id="grant_credits"),
        pytest.param(_grant_to("ann"), id="grant_credits-to_oneself"),
    ],
)


@pytest.fixture
async def lived(world: World) -> World:
    """A world with two accounts, a draft, a closed and a decided market, and one in which one of them holds shares."""
    await world.open("ann")
    await world.open("bob")
    await world.draft("draft", "ann")
    await world.publish("closed", "ann")
    await world.close("closed", caller("ann"))
    await world.publish("decided", "ann")
    await replace(world, appeal=timedelta(days=1)).resolve("decided", caller("ann"), "YES")
    await world.publish("rain", "ann")
    await world.buy("bob", "rain", "YES", 5 * MICROS)
    return world


def _faulty(world: World, store: MemoryStore, *faults: Fault) -> World:
    return world.with_faults(FaultyUnitOfWork(MemoryUnitOfWork(store), faults))


async def _done_once(store: MemoryStore, perform: Performance) -> tuple[MemoryStore, Answered]:
    """What the store and the answer are when nothing goes wrong."""
    copy = store.copy()
    answered = await perform(World(MemoryPersistence.over(copy), random=LowestRandom()), KEY)
    assert copy != store
    return copy, answered


@EVERY_WRITE
async def test_the_first_answer_is_kept(lived: World, store: MemoryStore, perform: Performance) -> None:
    """The answer is stored with the writes, under the caller's key, and is no replay."""
    before = set(store.records)
    answered = await perform(lived, KEY)
    assert not answered.replayed
    commands = [command for command in store.every(Command) if command.fingerprint == KEY.fingerprint]
    assert [command.answer for command in commands] == [answered.answer]
    assert set(store.records) > before
    assert_balanced(statement_of(store))


@EVERY_WRITE
async def test_a_repetition_gets_the_first_answer(lived: World, store: MemoryStore, perform: Performance) -> None:
    """The same key and request again: the same answer, marked as a replay, and nothing is written."""
    first = await perform(lived, KEY)
    before = store.copy()
    assert await perform(lived, KEY) == Answered(first.answer, replayed=True)
    assert store == before


@EVERY_WRITE
async def test_a_key_serves_one_request(lived: World, store: MemoryStore, perform: Performance) -> None:
    """The same key with another request is refused and changes nothing."""
    await perform(lived, KEY)
    with refused(store, IdempotencyKeyReusedError):
        await perform(lived, ANOTHER_REQUEST)


@EVERY_WRITE
async def test_two_at_once_are_done_once(lived: World, store: MemoryStore, perform: Performance) -> None:
    """Two requests with one key at the same time: one is done, both get its answer."""
    expected, once = await _done_once(store, perform)
    both = await asyncio.gather(perform(lived, KEY), perform(lived, KEY))
    assert [answered.answer for answered in both] == [once.answer] * 2
    assert sorted(answered.replayed for answered in both) == [False, True]
    assert store == expected


@EVERY_WRITE
async def test_a_lost_answer_is_recovered(lived: World, store: MemoryStore, perform: Performance) -> None:
    """Written without an answer: the use case answers as committed, done exactly once, and no replay."""
    expected, once = await _done_once(store, perform)
    assert await perform(_faulty(lived, store, Fault.ANSWER_LOST), KEY) == once
    assert store == expected


@EVERY_WRITE
async def test_a_lost_answer_at_the_last_attempt(lived: World, store: MemoryStore, perform: Performance) -> None:
    """The eighth attempt is written without an answer: one last reading finds it."""
    expected, once = await _done_once(store, perform)
    faults = [*[Fault.CONDITION_FAILED] * (ATTEMPTS - 1), Fault.ANSWER_LOST]
    assert await perform(_faulty(lived, store, *faults), KEY) == once
    assert store == expected


@EVERY_WRITE
async def test_a_lost_request_is_sent_again(lived: World, store: MemoryStore, perform: Performance) -> None:
    """Not written and not answered: the use case does it again, exactly once."""
    expected, once = await _done_once(store, perform)
    assert await perform(_faulty(lived, store, Fault.REQUEST_LOST), KEY) == once
    assert store == expected


@EVERY_WRITE
@pytest.mark.parametrize("fault", [Fault.CONDITION_FAILED, Fault.REQUEST_LOST])
async def test_eight_failures_are_contention(
    lived: World, store: MemoryStore, perform: Performance, fault: Fault
) -> None:
    """Eight commits that fail end in ContentionError and change nothing; the same key then goes through."""
    expected, once = await _done_once(store, perform)
    with refused(store, ContentionError):
        await perform(_faulty(lived, store, *[fault] * ATTEMPTS), KEY)
    assert await perform(lived, KEY) == once
    assert store == expected


@EVERY_WRITE
async def test_seven_failures_are_not(lived: World, store: MemoryStore, perform: Performance) -> None:
    """The eighth attempt may still succeed."""
    expected, once = await _done_once(store, perform)
    assert await perform(_faulty(lived, store, *[Fault.CONDITION_FAILED] * 7), KEY) == once
    assert store == expected


@EVERY_WRITE
async def test_a_refusal_in_doubt_is_contention(lived: World, store: MemoryStore, perform: Performance) -> None:
    """A request is lost while another takes its key: that is busy, not a rejection, since it may still arrive."""
    unit_of_work = FaultyUnitOfWork(
        MemoryUnitOfWork(store), [Fault.REQUEST_LOST], [lambda: perform(lived, ANOTHER_REQUEST)]
    )
    with pytest.raises(ContentionError) as caught:
        await perform(lived.with_faults(unit_of_work), KEY)
    assert isinstance(caught.value.__cause__, IdempotencyKeyReusedError)
    assert_balanced(statement_of(store))


@EVERY_WRITE
async def test_a_refusal_without_doubt_is_itself(lived: World, store: MemoryStore, perform: Performance) -> None:
    """When another takes the key between reading and writing, the commit fails and the refusal is plain."""
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [], [lambda: perform(lived, ANOTHER_REQUEST)])
    with pytest.raises(IdempotencyKeyReusedError):
        await perform(lived.with_faults(unit_of_work), KEY)
    assert len(unit_of_work.commits) == 1


@EVERY_WRITE
async def test_killed_before_the_commit(lived: World, store: MemoryStore, perform: Performance) -> None:
    """A process that dies before its commit leaves nothing, and the same key goes through afterwards."""
    expected, once = await _done_once(store, perform)
    with pytest.raises(KilledError):
        await perform(_faulty(lived, store, Fault.KILLED_BEFORE), KEY)
    assert await perform(lived, KEY) == once
    assert store == expected


@EVERY_WRITE
async def test_killed_after_the_commit(lived: World, store: MemoryStore, perform: Performance) -> None:
    """A process that dies after its commit leaves everything, and the same key gets the answer."""
    expected, once = await _done_once(store, perform)
    with pytest.raises(KilledError):
        await perform(_faulty(lived, store, Fault.KILLED_AFTER), KEY)
    assert store == expected
    assert await perform(lived, KEY) == Answered(once.answer, replayed=True)
    assert store == expected


class TornReader:
    """A reader whose first batch was read just before the request's twin committed its command, and the rest after."""

    def __init__(self, records: RecordReader) -> None:
        self._records = records
        self._is_torn = True

    async def read(self, *keys: Key[Any]) -> Snapshot:
        """Find the records; of the first batch all but commands."""
        snapshot = await self._records.read(*keys)
        if not self._is_torn:
            return snapshot
        self._is_torn = False
        return Snapshot({key: None if key.kind is Command else record for key, record in snapshot.found.items()})


def _torn(store: MemoryStore) -> MemoryPersistence:
    """The ports over a store whose first read is torn."""
    whole = MemoryPersistence.over(store)
    return replace(whole, records=TornReader(whole.records))


@EVERY_WRITE
async def test_a_twin_is_never_refused(lived: World, store: MemoryStore, perform: Performance) -> None:
    """A batch read is no snapshot: who sees the effects of its twin before its command still gets the twin's answer."""
    first = await perform(lived, KEY)
    before = store.copy()
    torn = World(_torn(store), clock=lived.clock, random=LowestRandom())
    assert await perform(torn, KEY) == Answered(first.answer, replayed=True)
    assert store == before
