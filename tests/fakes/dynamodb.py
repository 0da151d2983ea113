"""DynamoDB for tests: clients of local endpoints, tables of their own, and what is in the ledger."""

import copy
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from moto import mock_aws
from moto.dynamodb.models.table import Table

from domain.event.market_events import MarketChanged
from domain.model.ledger.journal import JournalEntry
from functions.adapter.out.dynamodb.gateway import create_client
from functions.adapter.out.dynamodb.items import decode
from functions.adapter.out.dynamodb.tables import PARTITION, SORT, Client, Tables, create_tables

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-west-1",
}


def connect(endpoint: str | None = None) -> Client:
    """The very client that production makes, of an endpoint; without one, of AWS, which moto then stands in for."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        if endpoint is not None:
            patch.setenv("AWS_ENDPOINT_URL", endpoint)
        return create_client()


@contextmanager
def mocked_aws() -> Iterator[None]:
    """A DynamoDB inside this process, for one task at a time."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setattr(Table, "__deepcopy__", _snapshot, raising=False)
        yield


def _snapshot(table: Table, _: dict[int, Any]) -> Table:
    """What moto puts back when a transaction fails: it takes it before each item of each transaction.

    moto would copy every item and the whole stream, so that a transaction takes ever longer. Transactions here put and
    delete items and never change one, so the items themselves can be shared.
    """
    taken = copy.copy(table)
    taken.items = defaultdict(dict, {partition: dict(items) for partition, items in table.items.items()})
    if table.stream_shard is not None:
        taken.stream_shard = copy.copy(table.stream_shard)
        taken.stream_shard.table, taken.stream_shard.items = taken, list(table.stream_shard.items)
    return taken


@contextmanager
def temporary_tables(client: Client) -> Iterator[Tables]:
    """Two empty tables that nobody else uses, for as long as they are needed."""
    name = uuid.uuid4().hex
    tables = Tables(core=f"core-{name}", ledger=f"ledger-{name}")
    create_tables(client, tables)
    yield tables
    for table in tables:
        client.delete_table(TableName=table)


def every_item(client: Client, table: str) -> list[dict[str, Any]]:
    """All items of a table, in the order of their keys."""
    items: list[dict[str, Any]] = []
    for page in client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        items += page["Items"]
    return sorted(items, key=lambda item: (item[PARTITION]["S"], item[SORT]["S"]))


@dataclass(frozen=True)
class DynamoLedger:
    """The append-only records of a ledger table."""

    client: Client
    table: str

    async def entries(self) -> list[JournalEntry]:
        return [decode(JournalEntry, item) for item in self._every("E#")]

    async def events(self) -> list[MarketChanged]:
        return [decode(MarketChanged, item) for item in self._every("V#")]

    def _every(self, prefix: str) -> Iterator[dict[str, Any]]:
        return (item for item in every_item(self.client, self.table) if item[SORT]["S"].startswith(prefix))
