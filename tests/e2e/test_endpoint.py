"""The local endpoint does what the other tests of this folder rely on."""

import io
import json
import time
import zipfile
from pathlib import Path

from tests.e2e.deployment import Deployment
from tests.e2e.people import PATIENCE_SECONDS, PAUSE_SECONDS
from tests.fakes.ministack import Ministack

_HANDLER = """
import json, os

def handler(event, context):
    calls = os.environ["CALLS"]
    with open(calls, "a") as file:
        file.write(json.dumps([record["dynamodb"]["Keys"]["PK"]["S"] for record in event["Records"]]) + "\\n")
    if len(open(calls).readlines()) > 1:
        return {"batchItemFailures": []}
    return {"batchItemFailures": [{"itemIdentifier": event["Records"][0]["dynamodb"]["SequenceNumber"]}]}
"""


def test_records_at_which_a_function_has_failed_come_again(aws: Ministack, tmp_path: Path) -> None:
    """As on AWS, where the function reports them; and so rings that are lost are rung again."""
    here, calls = Deployment(aws, tmp_path), tmp_path / "calls"
    functions, database = here.client("lambda"), here.client("dynamodb")
    table = database.create_table(
        TableName="endpoint",
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]
    functions.create_function(
        FunctionName="endpoint",
        Runtime="python3.13",
        Role="arn:aws:iam::000000000000:role/endpoint",
        Handler="failing.handler",
        Code={"ZipFile": _zipped("failing.py", _HANDLER)},
        Environment={"Variables": {"CALLS": str(calls)}},
    )
    mapping = functions.create_event_source_mapping(
        EventSourceArn=table["LatestStreamArn"],
        FunctionName="endpoint",
        StartingPosition="TRIM_HORIZON",
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
    database.put_item(TableName="endpoint", Item={"PK": {"S": "one"}})
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not calls.exists() or len(calls.read_text().splitlines()) < 2:
        assert time.monotonic() < deadline, "the record never came again"
        time.sleep(PAUSE_SECONDS)
    assert [json.loads(line) for line in calls.read_text().splitlines()] == [["one"], ["one"]]
    functions.delete_event_source_mapping(UUID=mapping["UUID"])
    functions.delete_function(FunctionName="endpoint")
    database.delete_table(TableName="endpoint")


def _zipped(name: str, source: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as bundle:
        bundle.writestr(name, source)
    return content.getvalue()
