"""From an order to a payout, through the real stream of the ledger and the real queue, in environments of their own."""

import sys
from typing import Any

import pytest

from domain.model.settlement.settlement import Crowd
from domain.model.trading.position import HOLDER_SHARDS, Position
from tests.integration.events.conftest import CREDENTIALS, TABLES, Cloud
from tests.integration.events.environment import environment
from tests.integration.events.shapes import (
    Json,
    deliver,
    queue_record_as_delivered,
    ring_record,
    stream_record_as_delivered,
)
from tests.integration.events.test_settle_positions import assert_paid_once, decide, start_without_patience


def variables(cloud: Cloud, ministack: str) -> dict[str, str]:
    """What a function finds in its environment."""
    return {
        **CREDENTIALS,
        "AWS_ENDPOINT_URL": ministack,
        "CORE_TABLE": TABLES.core,
        "LEDGER_TABLE": TABLES.ledger,
        "SETTLEMENT_QUEUE_URL": cloud.queue.url,
    }


def stream_of(clients: dict[str, Any]) -> list[Json]:
    """All records of the ledger table's stream."""
    streams = clients["dynamodbstreams"]
    arn = clients["dynamodb"].describe_table(TableName=TABLES.ledger)["Table"]["LatestStreamArn"]
    records: list[Json] = []
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        start = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        records += streams.get_records(ShardIterator=streams.get_shard_iterator(**start)["ShardIterator"])["Records"]
    return [stream_record_as_delivered(record) for record in records]


def test_from_an_order_to_a_payout(cloud: Cloud, clients: dict[str, Any]) -> None:
    """What orders and a decision wrote to the ledger comes out of its stream, rings, and pays everybody once."""
    cloud.live(decide(cloud, "rain", "snow"))
    records = stream_of(clients)
    assert len(records) == len(cloud.items(TABLES.ledger))
    assert deliver(cloud.start("dispatch_ledger"), records) == []
    messages = [queue_record_as_delivered(message) for message in cloud.queue.receive()]
    assert {message["attributes"]["MessageGroupId"] for message in messages} == {"rain", "snow"}
    assert len(messages) == 2
    assert deliver(cloud.start("settle_positions"), messages) == []
    assert_paid_once(cloud, "rain", "snow")
    later = stream_of(clients)[len(records) :]
    assert deliver(cloud.start("dispatch_ledger"), later) == []
    assert cloud.queue.receive() == []


def test_a_crowd_is_paid_by_workers(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """The market's ring becomes one in a group of its own for each shard; answered in any order, they pay once."""
    cloud.live(decide(cloud, "rain"))
    handler = start_without_patience(cloud)
    settling = sys.modules["functions.events.settlement.settle_positions.handler"].__dict__["_settle_positions"]
    monkeypatch.setattr(settling, "_crowd", Crowd(holders=2, lanes=3))
    assert deliver(handler, [ring_record("rain")]) == []
    assert len(cloud.every(Position)) == 3
    messages = [queue_record_as_delivered(message) for message in cloud.queue.receive()]
    assert len({message["attributes"]["MessageGroupId"] for message in messages}) == len(messages) == HOLDER_SHARDS
    for message in reversed(messages):
        assert deliver(handler, [message]) == []
    assert_paid_once(cloud, "rain")


def test_two_environments_at_once(cloud: Cloud, ministack: str) -> None:
    """Two workers that are rung for the same markets at the same moment pay everybody once between them."""
    slugs = [f"market-{number}" for number in range(8)]
    cloud.live(decide(cloud, *slugs))
    environ = variables(cloud, ministack)
    with environment("settle_positions", environ) as one, environment("settle_positions", environ) as other:
        assert [one.receive(), other.receive()] == ["ready", "ready"]
        for slug in slugs:
            for worker in (one, other):
                worker.send({"Records": [ring_record(slug), ring_record("rain", 2)]})
            for worker in (one, other):
                # Nothing is there under "rain": the other record of the batch fails, and the market's is done.
                failed = worker.receive()["batchItemFailures"]
                assert failed == [{"itemIdentifier": ring_record("rain", 2)["messageId"]}]
    assert_paid_once(cloud, *slugs)
