import json
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from domain.event.market_events import EventType, MarketChanged
from domain.model.kernel.money import MICROS
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.market import MarketStatus
from functions.adapter.out.dynamodb.items import place_of_record
from tests.fakes.clock import START
from tests.fakes.samples import ANNS_ENTRY, FULL_ENTRY, RAIN_PUBLISHED
from tests.fakes.world import caller
from tests.integration.events.conftest import QUEUE, TABLES, Cloud, Logs, Metrics
from tests.integration.events.shapes import (
    deliver,
    raw_stream_record,
    sequence_number,
    stream_record,
)


def decided(slug: str, revision: int = 2) -> MarketChanged:
    """The record of a market whose outcome was decided."""
    return MarketChanged(slug, revision, MarketStatus.SETTLING, "ann", START, type=EventType.RESOLVING)


def test_a_decided_market_is_rung_for(cloud: Cloud) -> None:
    """One message, in the market's own group, that says which market and nothing more."""
    assert deliver(cloud.start("dispatch_ledger"), [stream_record(decided("rain"))]) == []
    (message,) = cloud.queue.receive()
    assert json.loads(message["Body"]) == {"market": "rain"}
    assert message["Attributes"]["MessageGroupId"] == "rain"


def test_a_repeated_record_is_one_ring(cloud: Cloud) -> None:
    """Delivered twice in a batch, and again to another environment, it is one message to the queue."""
    record = stream_record(decided("rain"))
    assert deliver(cloud.start("dispatch_ledger"), [record, record]) == []
    assert deliver(cloud.start("dispatch_ledger"), [record]) == []
    assert len(cloud.queue.sent) == 2
    assert len({entry["MessageDeduplicationId"] for entry in cloud.queue.sent}) == 1
    assert cloud.queue.rings() == ["rain"]


def test_a_batch_is_one_request_of_each_queue(cloud: Cloud) -> None:
    """However many markets it concerns, up to the ten messages that a request holds."""
    records = [stream_record(decided(f"market-{number}"), number) for number in range(9)]
    assert deliver(cloud.start("dispatch_ledger"), [*records, stream_record(FULL_ENTRY, 10)]) == []
    assert (len(cloud.queue.rings()), cloud.queue.requests) == (9, 1)
    assert cloud.functions.rings("project_price_history") == [FULL_ENTRY.market]


def test_every_occasion_is_a_ring_of_its_own(cloud: Cloud) -> None:
    """Another market, and in another batch another revision of the same market, are not taken for repetitions."""
    changes = [decided("rain"), decided("snow"), decided("a"), decided("z" * 64, 2**31)]
    records = [stream_record(change, place) for place, change in enumerate(changes)]
    assert deliver(cloud.start("dispatch_ledger"), records) == []
    assert deliver(cloud.start("dispatch_ledger"), [stream_record(decided("rain", 4))]) == []
    assert sorted(cloud.queue.rings()) == ["a", "rain", "rain", "snow", "z" * 64]


@pytest.mark.parametrize("status", [status for status in MarketStatus if status is not MarketStatus.SETTLING])
def test_other_changes_ring_for_nobody(cloud: Cloud, status: MarketStatus) -> None:
    """Publishing, closing and having settled a market concern no worker."""
    record = stream_record(replace(RAIN_PUBLISHED, status=status))
    assert deliver(cloud.start("dispatch_ledger"), [record]) == []
    assert cloud.queue.sent == []


def test_journal_entries(cloud: Cloud) -> None:
    """No entry rings for settlement, and a trade alone for the price history of its market."""
    records = [stream_record(ANNS_ENTRY, 1), stream_record(FULL_ENTRY, 2), stream_record(decided("rain"), 3)]
    assert deliver(cloud.start("dispatch_ledger"), records) == []
    assert cloud.queue.rings() == ["rain"]
    assert cloud.functions.rings("project_price_history") == [FULL_ENTRY.market]


def test_the_life_of_a_market_rings_once(cloud: Cloud) -> None:
    """Of all that opening accounts, publishing, trading and deciding write to the ledger, one record rings."""

    async def live() -> None:
        for account in ("ann", "bob"):
            await cloud.world.open(account)
        await cloud.world.publish("rain", "ann")
        await cloud.world.buy("bob", "rain", "YES", MICROS)
        await cloud.world.resolve("rain", caller("ann"), "YES")

    cloud.live(live())
    items = cloud.items(TABLES.ledger)
    records = [
        raw_stream_record({key: item[key] for key in ("PK", "SK")}, item, place) for place, item in enumerate(items)
    ]
    assert {change.status for change in cloud.every(MarketChanged)} >= {MarketStatus.ACTIVE, MarketStatus.SETTLING}
    assert len(cloud.every(JournalEntry)) == 4
    assert deliver(cloud.start("dispatch_ledger"), records) == []
    assert cloud.queue.rings() == ["rain"]


@pytest.mark.parametrize(
    "changes",
    [
        {"status": {"S": "EXPLODED"}},
        {"revision": None},
        {"revision": {"N": "1.5"}},
        {"revision": {"S": "2"}},
        {"market": {"NULL": True}},
        {"occurred_at": {"S": "yesterday"}},
        {"status": {"B": "U0VUVExJTkc="}},
    ],
    ids=lambda changes: next(iter(changes.items())).__repr__(),
)
def test_a_poison_record_fails_alone(cloud: Cloud, logs: Logs, changes: dict[str, Any]) -> None:
    """A record that cannot be read comes again, and is logged with its reason; those around it are rung for."""
    records = [
        stream_record(decided("rain"), 1),
        stream_record(decided("poison"), 2, **changes),
        stream_record(decided("snow"), 3),
    ]
    assert deliver(cloud.start("dispatch_ledger"), records) == [sequence_number(2)]
    assert sorted(cloud.queue.rings()) == ["rain", "snow"]
    assert [line["level"] for line in logs.lines if "comes again" in line["message"]] == ["ERROR"]
    assert all(line["function"] == "dispatch_ledger" for line in logs.lines)


def test_an_attribute_of_a_later_release(cloud: Cloud) -> None:
    """What a newer function adds to a lifecycle record does not stop an older one."""
    assert deliver(cloud.start("dispatch_ledger"), [stream_record(decided("rain"), mood={"S": "good"})]) == []
    assert cloud.queue.rings() == ["rain"]


def test_a_lost_queue_fails_what_rings(cloud: Cloud, metrics: Metrics) -> None:
    """Without its queue only the records that ring come again; with it, they are rung for."""
    records = [
        stream_record(RAIN_PUBLISHED, 1),
        stream_record(decided("rain"), 2),
        stream_record(ANNS_ENTRY, 3),
        stream_record(decided("snow"), 4),
    ]
    handler = cloud.start("dispatch_ledger")
    cloud.queue.client.delete_queue(QueueUrl=cloud.queue.url)
    with pytest.raises(ClientError):
        cloud.queue.receive()
    assert deliver(handler, records) == [sequence_number(2), sequence_number(4)]
    assert metrics.counts() == [{"done": 2, "failed": 2}]
    cloud.queue.client.create_queue(QueueName=QUEUE, Attributes={"FifoQueue": "true"})
    assert deliver(handler, records) == []
    assert sorted(cloud.queue.rings()) == ["rain", "snow"]
    assert metrics.counts() == [{"done": 4}]


def test_a_refused_message_fails_its_record(cloud: Cloud) -> None:
    """A queue may take a call and refuse a message of it: that record comes again, the others are rung for."""
    cloud.queue.refused.add("snow")
    records = [stream_record(decided(slug), place) for place, slug in enumerate(("rain", "snow", "wind"))]
    handler = cloud.start("dispatch_ledger")
    assert deliver(handler, records) == [sequence_number(1)]
    cloud.queue.refused.clear()
    assert deliver(handler, records[1:2]) == []
    assert sorted(cloud.queue.rings()) == ["rain", "snow", "wind"]


def test_a_function_that_cannot_be_invoked_fails_its_record(cloud: Cloud) -> None:
    """Then the record of a trade comes again, and the others are rung for."""
    records = [stream_record(decided("rain"), 1), stream_record(FULL_ENTRY, 2)]
    handler = cloud.start("dispatch_ledger")
    cloud.functions.refused.add("project_price_history")
    assert deliver(handler, records) == [sequence_number(2)]
    cloud.functions.refused.clear()
    assert deliver(handler, records[1:]) == []
    assert cloud.functions.rings("project_price_history") == [FULL_ENTRY.market]


def test_the_whole_batch_fails(cloud: Cloud) -> None:
    """Where nothing of a batch works all of it comes again, and nothing of that is left in the next invocation."""
    handler = cloud.start("dispatch_ledger")
    poison = [stream_record(decided(slug), place, status=None) for place, slug in enumerate(("rain", "snow"))]
    assert deliver(handler, poison) == [sequence_number(0), sequence_number(1)]
    assert deliver(handler, [stream_record(decided("wind"), 7)]) == []
    assert cloud.queue.rings() == ["wind"]


@pytest.mark.parametrize("change", ["MODIFY", "REMOVE"])
def test_a_changed_ledger_is_noticed(cloud: Cloud, metrics: Metrics, change: str) -> None:
    """Nobody may do that, so there is an alarm on the count."""
    record = stream_record(FULL_ENTRY) | {"eventName": change}
    assert deliver(cloud.start("dispatch_ledger"), [record]) == []
    assert metrics.counts() == [{"modified": 1, "done": 1}]


def test_the_shape_is_the_tables(cloud: Cloud) -> None:
    """What these tests send is what the table stores: the keys of the image are the keys of the record."""
    change = stream_record(decided("rain"))["dynamodb"]
    assert change["Keys"] == place_of_record(decided("rain")).attributes()
    assert change["Keys"].items() <= change["NewImage"].items()
