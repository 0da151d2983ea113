"""The adapter over a DynamoDB whose calls are recorded and whose answers a test decides."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from functions.adapter.out.dynamodb.tables import Client, Tables
from functions.config.dynamodb import dynamodb_persistence
from functions.config.ports import Persistence
from tests.fakes.clock import FakeClock, HighestRandom
from tests.fakes.dynamodb import connect, mocked_aws, temporary_tables
from tests.fakes.world import World
from tests.integration.dynamodb.recording import RecordingClient


@dataclass
class Bench:
    """The adapter, and what can be seen of it from outside."""

    client: RecordingClient
    tables: Tables
    clock: FakeClock = field(default_factory=FakeClock)

    @property
    def persistence(self) -> Persistence:
        """All ports."""
        client: Any = self.client
        return dynamodb_persistence(client, self.tables, self.clock, HighestRandom())

    @property
    def world(self) -> World:
        """Every use case over them."""
        return World(self.persistence, self.clock)


@pytest.fixture(scope="session")
def moto_client() -> Client:
    """The client of moto's DynamoDB, for as long as a test mocks AWS."""
    return connect()


@pytest.fixture
def bench(moto_client: Client) -> Iterator[Bench]:
    """The adapter over empty tables of moto's."""
    with mocked_aws(), temporary_tables(moto_client) as tables:
        yield Bench(RecordingClient(moto_client), tables)


@pytest.fixture(scope="session")
def ministack_client(ministack: str) -> Client:
    """The client of a DynamoDB in a process of its own."""
    return connect(ministack)
