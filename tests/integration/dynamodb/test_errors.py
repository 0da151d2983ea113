"""Every way a call can fail, told apart."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, ParamValidationError

from domain.application.trading.place_order import PlaceOrderRequest
from domain.model.kernel.errors import ContentionError
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import Key, key_for
from domain.model.ledger.account import Account
from domain.model.trading.book import Book
from domain.model.trading.market import Market
from domain.model.trading.order import OrderTerms
from domain.model.trading.trade import Side
from domain.port.out.store import Insert, Replace
from domain.port.out.trading import MarketFilter
from domain.port.out.unit_of_work import Committed, ConditionFailed, OutcomeUnknown
from functions.adapter.out.dynamodb.items import place_of
from tests.fakes.clock import START
from tests.fakes.samples import ANN, RAIN, RAIN_BOOK
from tests.fakes.world import World, caller
from tests.integration.dynamodb.conftest import Bench
from tests.integration.dynamodb.recording import Call, Failure, cancelled, service_error, timed_out

TAGGED = replace(RAIN, tags=("cup", "sport", "weather"))
WRITES = (Insert(ANN), Insert(TAGGED), Insert(RAIN_BOOK))
"""Six items: the account, the market and its three tags, the book."""
CONTENDED = ("ConditionalCheckFailed", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded")
BUSY = (
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
    "TransactionInProgressException",
)


@pytest.mark.parametrize("reason", CONTENDED)
@pytest.mark.parametrize(
    ("places", "failed"),
    [([0], [0]), ([1], [1]), ([2], [1]), ([4], [1]), ([5], [2]), ([1, 3], [1]), ([0, 4, 5], [0, 1, 2])],
)
async def test_the_writes_that_failed(bench: Bench, reason: str, places: list[int], failed: list[int]) -> None:
    """A cancelled transaction names the writes whose items failed, each once, a market also for a tag's row."""
    reasons = [reason if place in places else None for place in range(6)]
    bench.client.plan("transact_write_items", Failure(cancelled(*reasons)))
    outcome = await bench.persistence.unit_of_work.commit(WRITES)
    assert outcome == ConditionFailed(tuple(WRITES[number] for number in failed))


async def test_the_rows_of_tags_that_change(bench: Bench) -> None:
    """A replaced market writes its new tags and deletes its former ones: any of those items is that market's write."""
    unit_of_work = bench.persistence.unit_of_work
    assert await unit_of_work.commit(WRITES) == Committed()
    edit = Replace(replace(TAGGED, tags=("sport", "new"), revision=2), read=TAGGED)
    for place in range(4):
        reasons = ["TransactionConflict" if place == number else None for number in range(4)]
        bench.client.plan("transact_write_items", Failure(cancelled(*reasons)))
        assert await unit_of_work.commit([edit]) == ConditionFailed((edit,))
        assert len(bench.client.calls[-1].parameters["TransactItems"]) == 4


@pytest.mark.parametrize("code", BUSY)
async def test_a_busy_service_wrote_nothing(bench: Bench, code: str) -> None:
    """A transaction that was not let in is refused as a whole, after one call and no wait."""
    bench.client.plan("transact_write_items", Failure(service_error(code)))
    assert await bench.persistence.unit_of_work.commit(WRITES) == ConditionFailed(WRITES)
    assert bench.client.operations() == ["transact_write_items"]
    assert bench.clock.slept == []


@pytest.mark.parametrize(
    "error",
    [
        cancelled("ValidationError", None, None, None, None, None),
        cancelled(None, "ConditionalCheckFailed", "ItemCollectionSizeLimitExceeded", None, None, None),
        service_error("AccessDeniedException"),
        service_error("ValidationException"),
        service_error("ResourceNotFoundException"),
    ],
)
async def test_what_will_never_succeed_is_raised(bench: Bench, error: ClientError) -> None:
    """A mistake of ours, in one item or in the whole request, comes out as it is, after one call."""
    bench.client.plan("transact_write_items", Failure(error))
    with pytest.raises(ClientError) as caught:
        await bench.persistence.unit_of_work.commit(WRITES)
    assert caught.value is error
    assert len(bench.client.calls) == 1


LOST = (service_error("InternalServerError"), service_error("ServiceUnavailable"), timed_out())


@pytest.mark.parametrize("is_done", [False, True])
@pytest.mark.parametrize("error", LOST, ids=str)
async def test_an_answer_that_was_lost(bench: Bench, error: Exception, is_done: bool) -> None:
    """A failing service and a time-out leave it unknown whether the transaction was done; nothing is repeated here."""
    bench.client.plan("transact_write_items", Failure(error, is_done))
    assert await bench.persistence.unit_of_work.commit(WRITES) == OutcomeUnknown()
    assert bench.client.operations() == ["transact_write_items"]
    found = (await bench.persistence.records.read(key_for(Account, "ann"))).get(key_for(Account, "ann"))
    assert found == (ANN if is_done else None)


@pytest.mark.parametrize("code", ["500", "502", "503", "504"])
async def test_a_failure_without_a_body(bench: Bench, code: str) -> None:
    """A failure without DynamoDB's own code, of something before it, leaves a transaction in doubt, too."""
    bench.client.plan("transact_write_items", Failure(service_error(code)))
    assert await bench.persistence.unit_of_work.commit(WRITES) == OutcomeUnknown()


@pytest.mark.parametrize("error", [ParamValidationError(report="made up"), NoCredentialsError()], ids=str)
async def test_what_was_never_sent_is_raised(bench: Bench, error: Exception) -> None:
    """A transaction that boto3 itself refuses to send was surely not done: that is no doubt but a mistake of ours."""
    bench.client.plan("transact_write_items", Failure(error))
    with pytest.raises(type(error)):
        await bench.persistence.unit_of_work.commit(WRITES)


async def _traders(world: World) -> PlaceOrderRequest:
    for account in ("ann", "bob"):
        await world.open(account)
    await world.publish("rain", "ann")
    return PlaceOrderRequest(caller("bob"), "rain", OrderTerms("YES", Side.BUY, quantity=MICROS), world.fresh())


@pytest.mark.parametrize("is_done", [False, True])
@pytest.mark.parametrize("error", LOST, ids=str)
async def test_an_order_in_doubt_is_done_once(bench: Bench, error: Exception, is_done: bool) -> None:
    """An order whose answer is lost is found by its command, or sent again: it trades once, and is no replay."""
    world = bench.world
    request = await _traders(world)
    bench.client.calls.clear()
    bench.client.plan("transact_write_items", Failure(error, is_done))
    result = await world.place_order.execute(request)
    assert not result.replayed
    again = await world.place_order.execute(request)
    assert (again.order, again.replayed) == (result.order, True)
    assert (await world.found(key_for(Book, "rain"))).version == 1
    assert bench.client.operations().count("transact_write_items") == (1 if is_done else 2)


@pytest.mark.parametrize("failures", range(1, 5))
@pytest.mark.parametrize(
    "error",
    [*(service_error(code) for code in BUSY), *LOST, EndpointConnectionError(endpoint_url="http://127.0.0.1")],
    ids=str,
)
async def test_reads_are_repeated(bench: Bench, error: Exception, failures: int) -> None:
    """A read is tried four times, each time after a longer wait; then the store is too busy."""
    await bench.persistence.unit_of_work.commit(WRITES)
    bench.client.plan("batch_get_item", *[Failure(error)] * failures)
    if failures < 4:
        snapshot = await bench.persistence.records.read(key_for(Account, "ann"), key_for(Market, "rain"))
        assert (snapshot.get(key_for(Account, "ann")), snapshot.get(key_for(Market, "rain"))) == (ANN, TAGGED)
    else:
        with pytest.raises(ContentionError) as caught:
            await bench.persistence.records.read(key_for(Account, "ann"))
        assert caught.value.__cause__ is error
    assert bench.client.operations().count("batch_get_item") == min(failures + 1, 4)
    assert bench.clock.slept == [0.025, 0.05, 0.1, 0.2][:failures]


async def test_queries_are_repeated(bench: Bench) -> None:
    """Lists, holders and portfolios are tried as often."""
    await bench.persistence.unit_of_work.commit(WRITES)
    busy = Failure(service_error("ThrottlingException"))
    markets, positions = bench.persistence.markets, bench.persistence.positions
    bench.client.plan("query", *[busy] * 3)
    assert (await markets.find_all(MarketFilter(START), 5)).items == (TAGGED,)
    bench.client.plan("query", *[busy] * 3)
    assert await positions.find_by_account("ann") is not None
    bench.client.plan("query", *[busy] * 4)
    with pytest.raises(ContentionError):
        await positions.find_holders("rain", 0, 5)


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException", "ResourceNotFoundException"])
async def test_reads_that_will_never_succeed(bench: Bench, code: str) -> None:
    """A read that DynamoDB refuses for good is raised at once."""
    error = service_error(code)
    bench.client.plan("batch_get_item", Failure(error))
    with pytest.raises(ClientError) as caught:
        await bench.persistence.records.read(key_for(Account, "ann"))
    assert caught.value is error
    assert (len(bench.client.calls), bench.clock.slept) == (1, [])


def _unprocessed(bench: Bench, *left: Key[Account] | Key[Market] | Key[Book]) -> dict[str, object]:
    """An answer that found nothing and leaves these keys for later."""
    keys = [place_of(key).attributes() for key in left]
    return {"Responses": {}, "UnprocessedKeys": {bench.tables.core: {"Keys": keys, "ConsistentRead": True}}}


async def test_keys_left_for_later(bench: Bench) -> None:
    """What a batch did not look up is asked for again, and nothing else is, with the same consistency."""
    await bench.persistence.unit_of_work.commit(WRITES)
    bench.client.plan("batch_get_item", _unprocessed(bench, key_for(Account, "ann")))
    snapshot = await bench.persistence.records.read(key_for(Account, "ann"))
    assert snapshot.get(key_for(Account, "ann")) == ANN
    asked = [call.parameters["RequestItems"][bench.tables.core] for call in _reads(bench)]
    assert asked[0] == asked[1]
    assert bench.clock.slept == [0.025]


async def test_keys_left_for_ever(bench: Bench) -> None:
    """A batch that never gets through is contention, not absence."""
    bench.client.plan("batch_get_item", *[_unprocessed(bench, key_for(Account, "ann"))] * 4)
    with pytest.raises(ContentionError):
        await bench.persistence.records.read(key_for(Account, "ann"), key_for(Book, "rain"))
    assert [len(call.parameters["RequestItems"][bench.tables.core]["Keys"]) for call in _reads(bench)] == [2, 1, 1, 1]


def _reads(bench: Bench) -> Iterator[Call]:
    return (call for call in bench.client.calls if call.operation == "batch_get_item")
