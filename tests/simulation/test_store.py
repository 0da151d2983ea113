from random import Random
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.adapter.out.dynamodb.items import to_item
from functions.adapter.out.dynamodb.layout.item import number
from functions.adapter.out.dynamodb.layout.trading import holders_partition
from functions.adapter.out.dynamodb.tables import PARTITION, SORT
from tests.fakes.samples import ANN, ANNS_ENTRY, ANNS_RAIN
from tests.simulation.expressions import UnknownRequestError
from tests.simulation.faults import Chance, Fault, Plan
from tests.simulation.network import Network, NetworkClient
from tests.simulation.store import MOST_ITEMS, Store
from tests.simulation.virtual_loop import Steps, create_virtual_loop

NAMES = {"#partition": PARTITION}
HOLDERS_QUERY: dict[str, Any] = {
    "TableName": "core",
    "IndexName": "holders",
    "KeyConditionExpression": "#partition = :partition",
    "ExpressionAttributeNames": {"#partition": "holders_of"},
}


def put(sort: str, condition: str | None = None, **members: Any) -> dict[str, Any]:
    """A write of a small item."""
    conditional = {"ConditionExpression": condition, "ExpressionAttributeNames": NAMES} if condition else {}
    key = {PARTITION: {"S": "A#ann"}, SORT: {"S": sort}}
    return {"Put": {"TableName": "core", "Item": {**key, **members}, **conditional}}


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    """What DynamoDB calls it."""
    return error.value.response["Error"]["Code"]


def test_reasons_are_in_the_order_of_the_items() -> None:
    """A transaction with one condition that does not hold writes nothing, and says which it was."""
    store = Store()
    store.transact_write_items(TransactItems=[put("b")])
    writes = [put("a"), put("b", "attribute_not_exists(#partition)"), put("c")]
    with pytest.raises(ClientError) as refused:
        store.transact_write_items(TransactItems=writes)
    reasons = refused.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed", "None"]
    assert [place[2] for place in store.items] == ["b"]


@pytest.mark.parametrize(
    "writes",
    [
        [],
        [put(f"{place}") for place in range(MOST_ITEMS + 1)],
        [put("a"), put("a", name={"S": "twice"})],
        [put("")],
        [put("a" * 1025)],
        [put("a", text={"S": "x" * 410_000})],
        [put(f"{place}", text={"S": "x" * 300_000}) for place in range(15)],
        [put("a", "attribute_not_exists(#other)")],
        [put("a", "attribute_not_exists(#partition) AND #partition = :missing")],
    ],
    ids=["none", "101", "one item twice", "no key", "long key", "400 KB", "4 MB", "unknown name", "missing value"],
)
def test_what_breaks_a_rule_is_refused(writes: list[Any]) -> None:
    """As by DynamoDB, with a ValidationException, and nothing is written."""
    store = Store()
    with pytest.raises(ClientError) as refused:
        store.transact_write_items(TransactItems=writes)
    assert code_of(refused) == "ValidationException"
    assert store.items == {}


@pytest.mark.parametrize(
    "request_",
    [
        {"TransactItems": [{"Update": {"TableName": "core"}}]},
        {"TransactItems": [put("a", "size(#partition) > :one")]},
        {"TransactItems": [put("a")], "ClientRequestToken": "x"},
    ],
)
def test_what_it_does_not_know_fails(request_: dict[str, Any]) -> None:
    """A request that it was not made for is no silent success."""
    with pytest.raises(UnknownRequestError):
        Store().transact_write_items(**request_)


def test_an_index_trails_behind_and_keeps_the_order() -> None:
    """What is written shows when its time has come, and an older change never comes last."""
    time, lag = [0.0], [5.0]
    store = Store(lambda: time[0], lambda: lag[0])
    item = to_item(ANNS_RAIN)
    query = {**HOLDERS_QUERY, "ExpressionAttributeValues": {":partition": item["holders_of"]}}
    assert item["holders_of"]["S"].startswith(holders_partition("rain", 0)[:7])
    store.transact_write_items(TransactItems=[{"Put": {"TableName": "core", "Item": item}}])
    assert store.query(**query)["Items"] == []
    key, lag[0] = {name: item[name] for name in (PARTITION, SORT)}, 1.0
    store.transact_write_items(TransactItems=[{"Delete": {"TableName": "core", "Key": key}}])
    time[0] = 4.9
    assert store.query(**query)["Items"] == []
    time[0] = 60.0
    assert store.query(**query)["Items"] == []


def test_a_page_may_be_short() -> None:
    """A query that stops early says where to go on, and going on gives every item once."""
    store = Store(page=lambda: 1)
    writes = [put(f"P#{slug}") for slug in "abc"]
    store.transact_write_items(TransactItems=writes)
    query: dict[str, Any] = {
        "TableName": "core",
        "KeyConditionExpression": "#partition = :partition AND begins_with(#sort, :prefix)",
        "ExpressionAttributeNames": {**NAMES, "#sort": SORT},
        "ExpressionAttributeValues": {":partition": {"S": "A#ann"}, ":prefix": {"S": "P#"}},
    }
    found: list[str] = []
    for _ in range(4):
        page = store.query(**query)
        found += [item[SORT]["S"] for item in page["Items"]]
        if "LastEvaluatedKey" not in page:
            break
        query["ExclusiveStartKey"] = page["LastEvaluatedKey"]
    assert found == ["P#a", "P#b", "P#c"]


def test_transactions_that_meet_are_cancelled() -> None:
    """While a transaction is under way, another one that touches its items is cancelled, and says where they met."""
    network, client = _network(Fault.CONFLICT)
    slow = client.transact_write_items(TransactItems=[put("a"), put("b")])
    while not network.locked:
        next(slow)
    other = client.transact_write_items(TransactItems=[put("c"), put("b")])
    with pytest.raises(ClientError) as refused:
        list(other)
    reasons = refused.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "TransactionConflict"]
    for _ in slow:
        pass
    assert [place[2] for place in network.store.items] == ["a", "b"]


def test_a_torn_read_sees_two_instants() -> None:
    """A batch may have one item as it was before a transaction, and another as it was after it."""
    network, client = _network(Fault.TORN_READ)
    records = [to_item(record) for record in (ANN, ANNS_RAIN)]
    writes = [{"Put": {"TableName": "core", "Item": item}} for item in records]
    keys = [{name: item[name] for name in (PARTITION, SORT)} for item in records]
    read = client.batch_get_item(RequestItems={"core": {"Keys": keys, "ConsistentRead": True}})
    next(read)
    next(read)
    network.store.transact_write_items(TransactItems=writes)
    answers: list[Any] = []

    def collect() -> Steps[None]:
        answers.append((yield from read))

    list(collect())
    assert [len(answer["Responses"]["core"]) for answer in answers] == [1]


def test_numbers_are_sorted_by_size() -> None:
    """The index of trades is in the order of their versions, 9 before 10."""
    store = Store()
    for version in (10, 9, 100):
        item = {**to_item(ANNS_ENTRY), SORT: {"S": f"E#{version}"}, "trades_of": {"S": "rain"}}
        item["trade_version"] = number(version)
        store.transact_write_items(TransactItems=[{"Put": {"TableName": "ledger", "Item": item}}])
    query = {**HOLDERS_QUERY, "TableName": "ledger", "IndexName": "trades"}
    query |= {"ExpressionAttributeNames": {"#partition": "trades_of"}}
    query |= {"ExpressionAttributeValues": {":partition": {"S": "rain"}}, "ScanIndexForward": True}
    assert [item["trade_version"]["N"] for item in store.query(**query)["Items"]] == ["9", "10", "100"]


def _network(fault: Fault) -> tuple[Network, NetworkClient]:
    """A network on which just this always happens, and a client of it."""
    chance = Chance(Plan(0))
    chance.heal()
    chance._often[fault] = 1.0
    loop = create_virtual_loop()
    network = Network(Store(), chance, Random(0), lambda *_: None, loop.begin)
    return network, NetworkClient(network, lambda: None, lambda: True)
