"""From an order to a payout, through the real stream of the ledger and the real queue, in environments of their own."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from tests.fakes.ministack import Ministack
from tests.integration.events.conftest import CREDENTIALS, NAMES, TABLES, Cloud
from tests.integration.events.environment import PATIENCE_SECONDS, environment
from tests.integration.events.shapes import (
    Json,
    deliver,
    queue_record_as_delivered,
    ring_record,
    stream_record_as_delivered,
)
from tests.integration.events.test_settle_positions import assert_paid_once, decide

ROOT = Path(__file__).parents[3]
FOREIGN = {"fastapi", "mangum", "starlette", "uvicorn", "sqlite3"}
LOADED = """
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(f"functions.events.{name}.handler")
print(json.dumps(sorted(sys.modules)))
"""


def variables(cloud: Cloud, aws: Ministack) -> dict[str, str]:
    """What a function finds in its environment."""
    return {
        **CREDENTIALS,
        "AWS_ENDPOINT_URL": aws.endpoint,
        "CORE_TABLE": TABLES.core,
        "LEDGER_TABLE": TABLES.ledger,
        "SETTLEMENT_QUEUE_URL": cloud.queue.url,
        "PRICE_HISTORY_QUEUE_URL": cloud.prices.url,
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


def test_two_environments_at_once(cloud: Cloud, aws: Ministack) -> None:
    """Two workers that are rung for the same markets at the same moment pay everybody once between them."""
    slugs = [f"market-{number}" for number in range(8)]
    cloud.live(decide(cloud, *slugs))
    environ = variables(cloud, aws)
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


async def test_event_functions_load_no_web_framework() -> None:
    """Nor the embedded database, all of them together: a cold start is short, and the bundle small."""
    environ = {**CREDENTIALS, "CORE_TABLE": "core", "LEDGER_TABLE": "ledger", "SETTLEMENT_QUEUE_URL": "https://queue"}
    environ["PRICE_HISTORY_QUEUE_URL"] = "https://queue"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", LOADED, *NAMES),
        env={**environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
    assert process.returncode == 0, errors.decode()
    loaded = {module.partition(".")[0] for module in json.loads(out)}
    assert "boto3" in loaded
    assert not loaded & FOREIGN
