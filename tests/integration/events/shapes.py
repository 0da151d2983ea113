"""Events as AWS makes them: stream records, queue messages and schedules; and what AWS makes of the answers."""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from aws_lambda_powertools.utilities.batch.exceptions import BatchProcessingError

from functions.adapter.out.dynamodb.items import place_of_record, to_item
from tests.fakes.clock import START

type Json = dict[str, Any]
type Handler = Callable[[Json, Any], Json]

REGION = "eu-west-1"
ACCOUNT = "123456789012"


def stream_record(record: object, sequence: int = 1, **changes: Any) -> Json:
    """The stream record of a new item of the ledger table.

    Args:
        record: what the item holds.
        sequence: its place in the stream.
        changes: attributes of the item that are not what they should be; None for one that is missing.
    """
    image = {name: value for name, value in (to_item(record) | changes).items() if value is not None}
    return raw_stream_record(place_of_record(record).attributes(), image, sequence)


def raw_stream_record(keys: Json, image: Json, sequence: int) -> Json:
    """The stream record of any new item."""
    return {
        "eventID": hashlib.md5(str(sequence).encode(), usedforsecurity=False).hexdigest(),
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "dynamodb": {
            "ApproximateCreationDateTime": int(START.timestamp()),
            "Keys": keys,
            "NewImage": image,
            "SequenceNumber": sequence_number(sequence),
            "SizeBytes": len(json.dumps(image)),
            "StreamViewType": "NEW_IMAGE",
        },
        "eventSourceARN": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/hunch-ledger/stream/2026-11-01T00:00:00.000",
    }


def sequence_number(sequence: int) -> str:
    """A place in the stream as the stream writes it."""
    return f"{sequence:021d}00000000000000001"


def stream_record_as_delivered(record: Mapping[str, Any]) -> Json:
    """A record that boto3 read from a stream, in the shape in which Lambda passes it on."""
    change = dict(record["dynamodb"])
    change["ApproximateCreationDateTime"] = int(change["ApproximateCreationDateTime"].timestamp())
    return {**record, "dynamodb": change, "eventSourceARN": "arn:aws:dynamodb:::table/ledger/stream/now"}


def queue_record(body: str, group: str, number: int = 1, received: int = 1) -> Json:
    """A message of the settlement queue.

    Args:
        body: what it says.
        group: its message group, which is a market's slug.
        number: its place in the queue.
        received: how often it was delivered, this time included.
    """
    milliseconds = str(int(START.timestamp() * 1000))
    return {
        "messageId": message_id(group, number),
        "receiptHandle": f"AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a-{group}-{number}-{received}",
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": str(received),
            "SentTimestamp": milliseconds,
            "SequenceNumber": f"{18849496460467696128 + number}",
            "MessageGroupId": group,
            "SenderId": "AIDAIO23YVJENQZJOL4VO",
            "MessageDeduplicationId": hashlib.sha256(f"{group}{number}".encode()).hexdigest(),
            "ApproximateFirstReceiveTimestamp": milliseconds,
        },
        "messageAttributes": {},
        "md5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:hunch-settlement.fifo",
        "awsRegion": REGION,
    }


def message_id(group: str, number: int = 1) -> str:
    """The id of a message of the queue."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{group}#{number}"))


def ring_record(slug: str, number: int = 1, received: int = 1) -> Json:
    """A message that rings for a market."""
    return queue_record(json.dumps({"market": slug}), slug, number, received)


def queue_record_as_delivered(message: Mapping[str, Any]) -> Json:
    """A message that boto3 received, in the shape in which Lambda passes it on."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message["Attributes"]),
        "messageAttributes": {},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:hunch-settlement.fifo",
        "awsRegion": REGION,
    }


def schedule_event(rule: str, at: datetime = START) -> Json:
    """What an EventBridge rule sends every minute."""
    return {
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/Hunch-{rule}"],
        "detail": {},
    }


def context(name: str) -> Any:
    """What Lambda passes beside the event."""
    return SimpleNamespace(
        function_name=f"Hunch-{name}",
        function_version="$LATEST",
        invoked_function_arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:Hunch-{name}",
        memory_limit_in_mb=512,
        aws_request_id="8f507cfc-xmpl-4697-b07a-ac58fc914c95",
        log_group_name=f"/aws/lambda/Hunch-{name}",
        log_stream_name="2026/11/23/[$LATEST]58419525dade4d17a495dceeeed44708",
        get_remaining_time_in_millis=lambda: 9000,
    )


def deliver(handler: Handler, records: Iterable[Json]) -> list[str]:
    """Invoke a function with a batch, as Lambda does, and tell which records come again, in the batch's order.

    Those are the ones that the answer names, or all of them when the invocation fails. The answer must be JSON and may
    name nothing that is not in the batch: Lambda would then deliver the whole batch again.
    """
    batch: list[Json] = json.loads(json.dumps(list(records)))
    known = [_identifier(record) for record in batch]
    try:
        answer = handler({"Records": batch}, context("event"))
    except BatchProcessingError:
        return known
    failed = [failure["itemIdentifier"] for failure in json.loads(json.dumps(answer))["batchItemFailures"]]
    assert set(failed) <= set(known)
    return failed


def _identifier(record: Json) -> str:
    identifier: str = record["messageId"] if "messageId" in record else record["dynamodb"]["SequenceNumber"]
    return identifier
