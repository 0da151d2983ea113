"""What callers may still ask, in DynamoDB: moto's, since one write after another is what has to be right."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from functions.adapter.out.dynamodb.allowance import DynamoAllowance
from functions.adapter.out.dynamodb.tables import create_callers_table
from tests.fakes.clock import FakeClock
from tests.fakes.dynamodb import connect
from tests.unit.adapter.test_allowance import Meddled, taken

TABLE = "callers"


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Of a DynamoDB with an empty table of callers; tests take callers of their own."""
    with mock_aws():
        client = connect()
        create_callers_table(client, TABLE)
        yield client


def test_all_of_a_minute_s_worth_is_there(client: Any) -> None:
    """At once or spread out; what is refused takes nothing, and waiting as told is enough."""
    clock = FakeClock()
    allowance = DynamoAllowance(client, TABLE, 60, clock)
    assert [taken(allowance, "bob", 10) for _ in range(8)] == [0] * 6 + [10, 10]
    assert taken(allowance, "cem", 60) == 0
    assert taken(allowance, "cem", 1) == 1
    assert taken(allowance, "cem", 60) == 60
    clock.advance(timedelta(seconds=10))
    assert [taken(allowance, "bob", 10) for _ in range(2)] == [0, 10]
    clock.advance(timedelta(seconds=60))
    assert taken(allowance, "bob", 60) == 0


def test_two_take_the_last_one(client: Any) -> None:
    """One of them gets it."""
    clock = FakeClock()
    allowance = DynamoAllowance(client, TABLE, 2, clock)
    assert taken(allowance, "dan", 1) == 0
    meddled, got = Meddled(client), list[int]()
    meddled.others = [lambda: got.append(taken(allowance, "dan", 1)), lambda: None]
    mine: Any = meddled
    got.append(taken(DynamoAllowance(mine, TABLE, 2, clock), "dan", 1))
    assert sorted(got) == [0, 30]


def test_it_costs_one_write(client: Any) -> None:
    """Of who asks slowly, and of who is refused; two of who asks faster than the rate and has some left."""
    clock, meddled = FakeClock(), Meddled(client)
    mine: Any = meddled
    allowance = DynamoAllowance(mine, TABLE, 60, clock)
    for requests, writes in ((30, 1), (30, 2), (1, 1)):
        meddled.writes = 0
        taken(allowance, "eve", requests)
        assert meddled.writes == writes


def test_items_expire(client: Any) -> None:
    """After two minutes, when nobody can owe anything."""
    clock = FakeClock()
    taken(DynamoAllowance(client, TABLE, 600, clock), "fay", 10)
    item = client.get_item(TableName=TABLE, Key={"caller": {"S": "fay"}})["Item"]
    assert int(item["expires_at"]["N"]) == int(clock.now().timestamp()) + 120


def test_a_table_that_fails_stops_nobody(client: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The log says why."""
    allowance = DynamoAllowance(client, "no-such-table", 600, FakeClock())
    with caplog.at_level(logging.WARNING):
        assert taken(allowance, "gus", 10) == 0
    assert "ResourceNotFoundException" in caplog.text
