"""What alarms and the dashboard look at is what the functions publish: the same names, dimensions and units."""

import importlib
import json
import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from domain.application.trading.place_order import PlaceOrder
from domain.model.kernel.errors import ContentionError
from domain.port.out.unit_of_work import ConditionFailed
from functions.adapter.out.dynamodb.records import DynamoRecords
from functions.adapter.out.dynamodb.tables import create_tables
from functions.config.dynamodb import ports
from functions.registry import FUNCTIONS, Invocation, LedgerStream, Queue, Schedule, SignUp
from tests.fakes.dynamodb import mocked_aws
from tests.infra.conftest import Json, Template
from tests.integration.events.shapes import context, queue_record, raw_stream_record, ring_record, schedule_event
from tests.integration.lambda_.conftest import TABLES, VARIABLES, cold_start
from tests.integration.lambda_.gateway import Service, authorizer

type Metric = tuple[str, str]
"""A name, and the function that is its only dimension."""

KEYS = {"PK": {"S": "M#rain"}, "SK": {"S": "E#1"}}
NAMESPACE = "Hunch/hunch"
HTTP = ("open_account", "create_market", "publish_market", "place_order")


def read_metrics(template: Template, other: Template) -> set[Metric]:
    """The metrics of our own that alarms, and the dashboard where there is one, name."""
    alarms = template.of_type("AWS::CloudWatch::Alarm").values()
    found = {
        (alarm["MetricName"], alarm["Dimensions"][0]["Value"])
        for alarm in alarms
        if alarm.get("Namespace") == NAMESPACE
    }
    for alarm in alarms:
        if alarm.get("Namespace") == NAMESPACE:
            assert [dimension["Name"] for dimension in alarm["Dimensions"]] == ["function"]
    for widget in dashboard(other)["widgets"]:
        for metric in widget["properties"].get("metrics", ()):
            if metric[0] == NAMESPACE:
                _, name, dimension, function, _ = metric
                assert dimension == "function"
                found.add((name, function))
    return found


def dashboard(template: Template) -> Json:
    """The body of the dashboard, in which what is known only later is a word."""
    (dashboard,) = template.of_type("AWS::CloudWatch::Dashboard").values()
    parts = dashboard["DashboardBody"]["Fn::Join"][1]
    body: Json = json.loads("".join(part if isinstance(part, str) else "later" for part in parts))
    return body


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Empty tables, and environments that are started anew."""
    with mocked_aws():
        for name, value in VARIABLES.items():
            monkeypatch.setenv(name, value)
        create_tables(boto3.client("dynamodb"), TABLES)
        ports.cache_clear()
        yield
        ports.cache_clear()


def trade(monkeypatch: pytest.MonkeyPatch) -> None:
    """An order that is filled at the second try, and one that never is."""
    service = Service({name: cold_start(name) for name in HTTP})

    def post(path: str, body: Json) -> int:
        headers = [("Content-Type", "application/json"), ("Idempotency-Key", uuid.uuid4().hex)]
        answer = service.send("POST", path, identity=authorizer("ann"), headers=headers, body=json.dumps(body))
        status: int = answer["statusCode"]
        return status

    assert post("/v1/accounts", {}) == 201
    assert post("/v1/markets", {"name": "Rain?", "slug": "rain", "liquidity": "10"}) == 201
    assert post("/v1/markets/rain/publish", {}) == 200
    commit, tries = DynamoRecords.commit, iter((False,))

    async def fail_once(records: DynamoRecords, writes: Any) -> Any:
        return await commit(records, writes) if next(tries, True) else ConditionFailed(tuple(writes))

    async def contend(*_: object) -> None:
        raise ContentionError

    order = {"outcome": "YES", "side": "buy", "quantity": "1"}
    with monkeypatch.context() as patch:
        patch.setattr(DynamoRecords, "commit", fail_once)
        assert post("/v1/markets/rain/orders", order) == 201
    with monkeypatch.context() as patch:
        patch.setattr(PlaceOrder, "execute", contend)
        assert post("/v1/markets/rain/orders", order | {"quantity": "2"}) == 503


def tamper() -> None:
    """Give somebody a balance that the ledger does not have."""
    boto3.client("dynamodb").update_item(
        TableName=TABLES.core,
        Key={"PK": {"S": "A#ann"}, "SK": {"S": "P"}},
        UpdateExpression="SET balance.amount = :amount",
        ExpressionAttributeValues={":amount": {"N": "1"}},
    )


def call_workers() -> None:
    """Each function that no request calls: with something to do, and where there can be, with something that fails."""
    for function in FUNCTIONS:
        event: Json
        before: list[Json] = []
        match function.trigger:
            case Invocation():
                before, event = [{}], {"market": "rain"}
            case Queue():
                told = queue_record(json.dumps({"market": "rain", "subject": "ann/0"}), "ann/0", 2)
                event = {"Records": [ring_record("rain"), told, queue_record("no ring", "snow", 3)]}
            case LedgerStream():
                removed = raw_stream_record(KEYS, {}, 1) | {"eventName": "REMOVE"}
                event = {"Records": [removed, raw_stream_record(KEYS, KEYS | {"kind": {"S": "none"}}, 2)]}
            case Schedule():
                event = schedule_event(function.name)
            case SignUp():
                event = {"request": {"userAttributes": {}}}
            case _:
                continue
        handler = importlib.reload(importlib.import_module(function.module("handler"))).handler
        for failing in before:
            with pytest.raises(KeyError):
                handler(failing, context(function.name))
        handler(event, context(function.name))


def test_what_is_read_is_published(
    template: Template,
    other: Template,
    aws: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each metric by its own function, which does what it is about; the only times are the lags."""
    for _, properties in template.functions().values():
        told = properties["Environment"]["Variables"]["POWERTOOLS_METRICS_NAMESPACE"]
        monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", told)
    capsys.readouterr()
    trade(monkeypatch)
    tamper()
    call_workers()
    published: dict[Metric, str] = {}
    for line in capsys.readouterr().out.splitlines():
        document = json.loads(line)
        for directive in document.get("_aws", {}).get("CloudWatchMetrics", ()):
            assert (directive["Namespace"], directive["Dimensions"]) == (NAMESPACE, [["function"]])
            published |= {(metric["Name"], document["function"]): metric["Unit"] for metric in directive["Metrics"]}
    read = read_metrics(template, other)
    assert len(read) >= 12
    assert sorted(read - published.keys()) == []
    for name, function in read:
        assert published[name, function] == ("Milliseconds" if name == "lag" else "Count")


def test_the_dashboard_finds_every_code(other: Template) -> None:
    """A search for the first word of `problem-contention`: in quotes it would be for the whole name, which none has."""
    (search,) = (
        metric[0]["expression"]
        for widget in dashboard(other)["widgets"]
        for metric in widget["properties"].get("metrics", ())
        if isinstance(metric[0], dict)
    )
    assert search == f"SEARCH('{{\"{NAMESPACE}\",function}} MetricName=problem', 'Sum')"
