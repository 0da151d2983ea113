"""The event functions as Lambda has them: their real handlers, over the tables and the queue of a local AWS."""

import asyncio
import importlib
import io
import json
import os
import sys
import threading
from collections import defaultdict
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import boto3
import msgspec
import pytest
from botocore.exceptions import ClientError

from domain.event.market_events import MarketChanged
from domain.model.kernel.record import key_for, type_of
from domain.model.ledger.account import Account
from domain.model.ledger.journal import JournalEntry
from domain.model.settlement.settlement import Tally
from domain.model.trading.book import Book
from domain.model.trading.market import Market
from functions.adapter.in_.lambda_.observability import LOGGER
from functions.adapter.out.dynamodb.items import decode, place_of_record
from functions.adapter.out.dynamodb.layout.events import is_lifecycle_item
from functions.adapter.out.dynamodb.layout.item import SCHEMA, Item
from functions.adapter.out.dynamodb.tables import PARTITION, SORT, Tables, create_tables
from functions.adapter.out.sqs import doorbell
from functions.config import dynamodb
from functions.config.dynamodb import dynamodb_persistence
from functions.registry import DOORBELLS, FUNCTION_OF, WEBHOOK_DELIVERIES
from tests.fakes.clock import FakeClock, LowestRandom
from tests.fakes.doorbells import doorbell_variables
from tests.fakes.layouts import every_layout
from tests.fakes.statement import Statement, assert_balanced
from tests.fakes.world import World
from tests.integration.events.shapes import REGION, Handler, Json, context, schedule_event

# The local AWS is everybody's: each process has names of its own.
TABLES = Tables(core=f"hunch-core-{os.getpid()}", ledger=f"hunch-ledger-{os.getpid()}")
QUEUE = f"hunch-settlement-{os.getpid()}.fifo"
HOOKS_QUEUE = f"hunch-webhooks-{os.getpid()}.fifo"
CREDENTIALS = {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
}
NAMES = (
    "dispatch_ledger",
    "settle_positions",
    "project_price_history",
    "audit_ledger",
    "close_expired_markets",
    "ring_stale",
    "welcome_user",
)
_BATCH = 25


class ProcessKilledError(BaseException):
    """The process that was here is gone; nothing in it may catch this."""


@dataclass
class SharedClient:
    """A client of DynamoDB for which threads wait in line, so that its calls can be counted.

    Its process can be killed at one of its calls; from then on no call goes through.

    Args:
        inner: the real client.
        dies_at: the call, counted from 1, at which the process is killed; None for never.
        is_done: whether that call still takes effect.
        empty_index: an index that shows nothing, since it trails behind; None when all are up to date.
    """

    inner: Any
    dies_at: int | None = None
    is_done: bool = False
    empty_index: str | None = None
    calls: list[str] = field(default_factory=list)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def batch_get_item(self, **parameters: Any) -> Any:
        return self._call("batch_get_item", parameters)

    def query(self, **parameters: Any) -> Any:
        if self.empty_index is not None and parameters.get("IndexName") == self.empty_index:
            return {"Items": []}
        return self._call("query", parameters)

    def scan(self, **parameters: Any) -> Any:
        return self._call("scan", parameters)

    def transact_write_items(self, **parameters: Any) -> Any:
        return self._call("transact_write_items", parameters)

    def _call(self, operation: str, parameters: Json) -> Any:
        with self._turn:
            self.calls.append(operation)
            is_last = len(self.calls) == self.dies_at
            if self.dies_at is not None and len(self.calls) >= self.dies_at and not (is_last and self.is_done):
                raise ProcessKilledError
            answer = getattr(self.inner, operation)(**parameters)
            if is_last:
                raise ProcessKilledError
            return answer


@dataclass
class SharedQueue:
    """A queue, and what was sent to it.

    Args:
        client: the real client.
        url: the queue's.
        refused: groups whose messages the queue refuses.
        sent: the messages that were.
        requests: how many requests sent them.
        shown_in: when messages are to come again, in seconds, by their receipts.
    """

    client: Any
    url: str
    refused: set[str] = field(default_factory=set)
    sent: list[Json] = field(default_factory=list)
    requests: int = 0
    shown_in: dict[str, int] = field(default_factory=dict)

    def change_message_visibility(self, **parameters: Any) -> None:
        self.shown_in[parameters["ReceiptHandle"]] = parameters["VisibilityTimeout"]

    def send_message_batch(self, **parameters: Any) -> Any:
        self.requests += 1
        entries = parameters["Entries"]
        taken = [entry for entry in entries if entry["MessageGroupId"] not in self.refused]
        self.sent += taken
        answer = self.client.send_message_batch(**{**parameters, "Entries": taken}) if taken else {}
        failed = [
            {"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"}
            for entry in entries
            if entry not in taken
        ]
        return {**answer, **({"Failed": failed} if failed else {})}

    def receive(self) -> list[Json]:
        """Take all messages that wait, in the shape in which boto3 has them."""
        received: list[Json] = []
        while messages := self._receive_some():
            received += messages
            for message in messages:
                self.client.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return received

    def _receive_some(self) -> list[Json]:
        answer = self.client.receive_message(QueueUrl=self.url, AttributeNames=["All"], MaxNumberOfMessages=10)
        messages: list[Json] = answer.get("Messages", [])
        return messages

    def rings(self) -> list[str]:
        """Take all messages that wait, and tell which markets they ring for."""
        return [json.loads(message["Body"])["market"] for message in self.receive()]


class QueueClient:
    """The client of all queues."""

    def __init__(self, *queues: SharedQueue) -> None:
        self._queues = {queue.url: queue for queue in queues}

    def send_message_batch(self, **parameters: Any) -> Any:
        return self._queues[parameters["QueueUrl"]].send_message_batch(**parameters)

    def change_message_visibility(self, **parameters: Any) -> None:
        self._queues[parameters["QueueUrl"]].change_message_visibility(**parameters)


@dataclass
class InvokedFunctions:
    """The functions that are invoked, and what with.

    Args:
        refused: the functions that cannot be.
        payloads: what each was invoked with.
    """

    refused: set[str] = field(default_factory=set)
    payloads: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))

    def invoke(self, *, FunctionName: str, InvocationType: str, Payload: str) -> None:  # noqa: N803 -- boto3's names
        assert InvocationType == "Event"
        if FunctionName in self.refused:
            raise ClientError({"Error": {"Code": "ServiceException"}}, "Invoke")
        self.payloads[FunctionName].append(json.loads(Payload))

    def rings(self, function: str) -> list[str]:
        """Which markets a function was rung for since the last time."""
        return [payload["market"] for payload in self.payloads.pop(function, [])]


@dataclass
class Cloud:
    """Two tables, a queue, and whoever lives over them.

    Args:
        client: the client that the functions share.
        queue: the queue that they ring for settlement.
        functions: the functions that they ring without a queue.
        clock: everybody's time.
        world: the use cases that people call.
        runner: the loop in which people call them.
    """

    client: SharedClient
    queue: SharedQueue
    functions: "InvokedFunctions"
    clock: FakeClock
    world: World
    runner: asyncio.Runner

    def live[R](self, life: Coroutine[Any, Any, R]) -> R:
        """Do what people do."""
        return self.runner.run(life)

    def start(self, name: str) -> Handler:
        """The handler of a function, in an environment started anew."""
        dynamodb.ports.cache_clear()
        module = FUNCTION_OF[name].module("handler")
        sys.modules.pop(module, None)
        handler: Handler = importlib.import_module(module).handler
        return handler

    def run_schedule(self, name: str) -> int:
        """Invoke a scheduled function once; what it says it has done."""
        answer = json.loads(json.dumps(self.start(name)(schedule_event(name, self.clock.now()), context(name))))
        assert answer.keys() == {"done"}
        done: int = answer["done"]
        return done

    def items(self, table: str) -> list[Item]:
        """All items of a table."""
        pages = self.client.inner.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]

    def state(self) -> tuple[list[Item], list[Item]]:
        """Everything there is, to compare."""
        core, ledger = (sorted(self.items(table), key=_place) for table in TABLES)
        return core, ledger

    def records(self) -> list[object]:
        """All records of both tables."""
        found = [_core_record(item) for item in self.items(TABLES.core) if not _is_row(item)]
        found += [_ledger_record(item) for item in self.items(TABLES.ledger)]
        return found

    def every[R](self, kind: type[R]) -> list[R]:
        """All records of one type."""
        return of_kind(kind, self.records())

    def market(self, slug: str) -> Market:
        """A market that is there."""
        return self.live(self.world.found(key_for(Market, slug)))

    def assert_balanced(self, issued: int) -> None:
        """No money was made or lost."""
        assert_all_there(self.records(), issued)

    def restore(self, state: tuple[Sequence[Item], Sequence[Item]]) -> None:
        """Put everything back to where it was."""
        for table, wanted in zip(TABLES, state, strict=True):
            kept = {_place(item) for item in wanted}
            gone = [item for item in self.items(table) if _place(item) not in kept]
            requests: list[Json] = [{"PutRequest": {"Item": item}} for item in wanted]
            requests += [{"DeleteRequest": {"Key": {key: item[key] for key in (PARTITION, SORT)}}} for item in gone]
            for start in range(0, len(requests), _BATCH):
                self.client.inner.batch_write_item(RequestItems={table: requests[start : start + _BATCH]})


def _place(item: Item) -> tuple[str, str]:
    return item[PARTITION]["S"], item[SORT]["S"]


def _core_record(item: Item) -> object:
    """The record of an item of the core table: that of the one kind whose records of this content are there."""
    found: list[object] = []
    for kind in [layout.kind for layout in every_layout()]:
        with suppress(msgspec.ValidationError, KeyError):
            record = decode(kind, item)
            if not type_of(kind).in_ledger and place_of_record(record) == _place(item):
                found.append(record)
    (only,) = found
    return only


def _ledger_record(item: Item) -> object:
    return decode(MarketChanged, item) if is_lifecycle_item(item) else decode(JournalEntry, item)


def _is_row(item: Item) -> bool:
    """Whether an item only follows from a record, such as a market's under a tag: records carry a schema number."""
    return SCHEMA not in item


def of_kind[R](kind: type[R], records: Iterable[object]) -> list[R]:
    """Those of one type."""
    return [record for record in records if isinstance(record, kind)]


def assert_all_there(records: Sequence[object], issued: int) -> None:
    """No money was made or lost."""
    statement = Statement(
        tuple(of_kind(Account, records)),
        tuple(of_kind(Book, records)),
        tuple(of_kind(Tally, records)),
        tuple(of_kind(JournalEntry, records)),
    )
    assert_balanced(statement, issued)


@pytest.fixture(scope="session")
def clients(ministack: str) -> dict[str, Any]:
    """Clients of the local AWS; one takes long to make."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (CREDENTIALS | {"AWS_ENDPOINT_URL": ministack}).items():
            patch.setenv(name, value)
        return {service: boto3.client(service) for service in ("dynamodb", "dynamodbstreams", "sqs")}


@contextmanager
def new_cloud(clients: dict[str, Any]) -> Iterator[Cloud]:
    """Empty tables and an empty queue, in which the functions find the world's own time and clients."""
    database, queues = clients["dynamodb"], clients["sqs"]
    with pytest.MonkeyPatch.context() as patch, asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        create_tables(database, TABLES)
        url = queues.create_queue(QueueName=QUEUE, Attributes={"FifoQueue": "true"})["QueueUrl"]
        hooks_url = queues.create_queue(QueueName=HOOKS_QUEUE, Attributes={"FifoQueue": "true"})["QueueUrl"]
        client, clock = SharedClient(database), FakeClock()
        urls = (url, hooks_url)
        queue, hooks, functions = SharedQueue(queues, url), SharedQueue(queues, hooks_url), InvokedFunctions()
        variables = {
            "CORE_TABLE": TABLES.core,
            "LEDGER_TABLE": TABLES.ledger,
            **doorbell_variables(url),
            DOORBELLS[WEBHOOK_DELIVERIES].variable: hooks_url,
        }
        for name, value in (CREDENTIALS | variables).items():
            patch.setenv(name, value)
        patch.setattr(dynamodb, "create_client", lambda: client)
        patch.setattr(dynamodb, "create_queue_client", lambda: QueueClient(queue, hooks))
        patch.setattr(doorbell, "create_client", lambda: QueueClient(queue, hooks))
        patch.setattr(dynamodb, "create_function_client", lambda: functions)
        patch.setattr(dynamodb, "SystemClock", lambda: clock)
        random = LowestRandom()
        world = World(dynamodb_persistence(database, TABLES, clock, random), clock=clock, random=random)
        yield Cloud(client, queue, functions, clock, world, runner)
        dynamodb.ports.cache_clear()
        for name in NAMES:
            sys.modules.pop(FUNCTION_OF[name].module("handler"), None)
        for table in TABLES:
            database.delete_table(TableName=table)
        for each in urls:
            queues.delete_queue(QueueUrl=each)


@pytest.fixture
def cloud(clients: dict[str, Any]) -> Iterator[Cloud]:
    """A cloud of this test's own."""
    with new_cloud(clients) as made:
        yield made


@dataclass(frozen=True, slots=True)
class Logs:
    """What the functions log during a test."""

    stream: io.StringIO

    @property
    def lines(self) -> list[Json]:
        """Each line, which is a JSON object."""
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.fixture(autouse=True)
def logs(monkeypatch: pytest.MonkeyPatch) -> Logs:
    """The logs of this test."""
    stream = io.StringIO()
    monkeypatch.setattr(LOGGER.registered_handler, "stream", stream)
    return Logs(stream)


@dataclass(frozen=True, slots=True)
class Metrics:
    """What the functions publish during a test."""

    capture: pytest.CaptureFixture[str]

    def published(self) -> list[Json]:
        """Each EMF document since the last time."""
        return [json.loads(line) for line in self.capture.readouterr().out.splitlines()]

    def counts(self) -> list[Json]:
        """What each invocation since the last time counted, by the metrics' names."""
        return [
            {
                metric["Name"]: sum(document[metric["Name"]])
                for directive in document["_aws"]["CloudWatchMetrics"]
                for metric in directive["Metrics"]
                if metric["Unit"] == "Count"
            }
            for document in self.published()
        ]


@pytest.fixture
def metrics(capsys: pytest.CaptureFixture[str]) -> Metrics:
    """The metrics of this test."""
    return Metrics(capsys)
