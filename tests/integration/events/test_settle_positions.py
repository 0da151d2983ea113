import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from domain.model.kernel.money import MICROS
from domain.model.ledger.account import Account
from domain.model.ledger.journal import EntryKind, JournalEntry
from domain.model.trading.market import Market, MarketStatus
from domain.model.trading.position import Position
from functions.adapter.out.dynamodb.tables import HOLDERS
from tests.fakes.world import DEFINITION, GRANT, caller
from tests.integration.events.conftest import Cloud, Logs, Metrics, SharedQueue, assert_all_there, of_kind
from tests.integration.events.shapes import Handler, deliver, message_id, queue_record, ring_record

ACCOUNTS = ("ann", "bob", "cid", "dee")
ISSUED = len(ACCOUNTS) * GRANT.amount


async def trade(cloud: Cloud, slugs: Sequence[str]) -> None:
    """Everybody opens an account; in each market Bob buys 10 YES and Cid 4 NO, and Dee sells what she bought."""
    for account in ACCOUNTS:
        await cloud.world.open(account)
    for slug in slugs:
        await cloud.world.publish(slug, "ann")
        await cloud.world.buy("bob", slug, "YES", 10 * MICROS)
        await cloud.world.buy("cid", slug, "NO", 4 * MICROS)
        await cloud.world.buy("dee", slug, "NO", MICROS)
        await cloud.world.sell("dee", slug, "NO", MICROS)


async def decide(cloud: Cloud, *slugs: str) -> None:
    """Trade in these markets, and decide all of them for YES."""
    await trade(cloud, slugs)
    for slug in slugs:
        await cloud.world.resolve(slug, caller("ann"), "YES")


def assert_paid_once(cloud: Cloud, *slugs: str) -> None:
    """In these markets, and in no other, Bob has got his 10 credits once, Cid nothing, and Ann the rest."""
    records = cloud.records()
    entries = of_kind(JournalEntry, records)
    paid = [(entry.account, entry.market, entry.amount.amount) for entry in entries if entry.kind is EntryKind.PAYOUT]
    owed = {"bob": 10 * MICROS, "cid": 0}
    assert sorted(paid) == sorted((account, slug, amount) for slug in slugs for account, amount in owed.items())
    returned = [(entry.account, entry.market) for entry in entries if entry.kind is EntryKind.SUBSIDY_RETURN]
    assert sorted(returned) == sorted(("ann", slug) for slug in slugs)
    final = {market.slug for market in of_kind(Market, records) if market.status is MarketStatus.RESOLVED}
    assert final == set(slugs)
    assert not [position for position in of_kind(Position, records) if position.market in slugs]
    assert_all_there(records, ISSUED)


def test_a_ring_pays_out(cloud: Cloud, metrics: Metrics) -> None:
    """Winners get a credit a share, the creator the rest, and the market is final."""
    cloud.live(decide(cloud, "rain"))
    assert deliver(cloud.start("settle_positions"), [ring_record("rain")]) == []
    assert_paid_once(cloud, "rain")
    assert {account.markets_held for account in cloud.every(Account)} == {0}
    assert metrics.counts() == [{"done": 1}]


def test_a_batch_of_markets(cloud: Cloud) -> None:
    """Each of the markets of a batch is paid out."""
    slugs = [f"market-{number}" for number in range(5)]
    cloud.live(decide(cloud, *slugs))
    assert deliver(cloud.start("settle_positions"), map(ring_record, slugs)) == []
    assert_paid_once(cloud, *slugs)


def test_repeated_messages_pay_once(cloud: Cloud) -> None:
    """Twice in a batch, redelivered to the same environment, and replayed to a new one: nothing more is written."""
    cloud.live(decide(cloud, "rain"))
    handler, ring = cloud.start("settle_positions"), ring_record("rain")
    assert deliver(handler, [ring, ring, ring_record("rain", 2)]) == []
    assert_paid_once(cloud, "rain")
    settled = cloud.state()
    assert deliver(handler, [ring_record("rain", received=2)]) == []
    assert deliver(cloud.start("settle_positions"), [ring]) == []
    assert cloud.state() == settled


def test_messages_out_of_order(cloud: Cloud) -> None:
    """The rings of several markets pay each of them once, in whatever order they come."""
    cloud.live(decide(cloud, "rain", "snow", "wind"))
    numbered = [("snow", 2), ("rain", 3), ("snow", 1), ("wind", 1), ("rain", 1), ("rain", 2)]
    assert deliver(cloud.start("settle_positions"), [ring_record(*ring) for ring in numbered]) == []
    assert_paid_once(cloud, "rain", "snow", "wind")


BAD = (
    "",
    "rain",
    "null",
    "7",
    "[]",
    '"rain"',
    "{}",
    '{"market": null}',
    '{"market": 7}',
    '{"market": ["rain"]}',
    '{"market": {"S": "rain"}}',
    '{"market": ""}',
    '{"market": "nowhere"}',
    '{"market": "draft"}',
    '{"market": "rain/../snow"}',
    '{"market": "Rain"}',
    '{"market": "rain\\u0000"}',
)
"""Messages that are malformed, or for a market that is not there or not published."""


def test_bad_messages_fail_alone(cloud: Cloud, metrics: Metrics, logs: Logs) -> None:
    """Every bad message comes again, each with an error in the log, and the good ones among them are done."""
    cloud.live(decide(cloud, "rain", "snow"))
    cloud.live(cloud.world.draft("draft", "ann"))
    bad = [queue_record(body, f"bad-{number}") for number, body in enumerate(BAD)]
    records = [ring_record("rain"), *bad, ring_record("snow")]
    assert deliver(cloud.start("settle_positions"), records) == [record["messageId"] for record in bad]
    assert_paid_once(cloud, "rain", "snow")
    assert metrics.counts() == [{"done": 2, "failed": len(BAD)}]
    errors = [line for line in logs.lines if "comes again" in line["message"]]
    assert [line["level"] for line in errors] == ["ERROR"] * len(BAD)


def test_what_follows_a_failure_waits(cloud: Cloud) -> None:
    """A failed message keeps those behind it in its own group, and nobody else's; next time nothing is held back."""
    cloud.live(decide(cloud, "rain", "snow"))
    ring = json.dumps({"market": "rain"})
    records = [queue_record("{", "rain", 1), ring_record("snow"), queue_record(ring, "rain", 2)]
    handler = cloud.start("settle_positions")
    assert deliver(handler, records) == [message_id("rain", 1), message_id("rain", 2)]
    assert_paid_once(cloud, "snow")
    assert deliver(handler, [queue_record(ring, "rain", 2, received=2)]) == []
    assert_paid_once(cloud, "rain", "snow")


def start_without_patience(cloud: Cloud) -> Handler:
    """The function, which waits for no list of holders that trails."""
    handler = cloud.start("settle_positions")
    sys.modules["functions.events.settlement.settle_positions.handler"].__dict__["TRAIL_SECONDS"] = 0.0
    return handler


def test_unfinished_work_comes_again(cloud: Cloud, metrics: Metrics) -> None:
    """While the list of holders trails behind, the market waits, and its message comes until everybody is paid."""
    cloud.live(decide(cloud, "rain"))
    cloud.live(cloud.world.publish("snow", "ann"))
    handler = start_without_patience(cloud)
    cloud.client.empty_index = HOLDERS.name
    for received in (1, 2):
        records = [ring_record("rain", received=received), ring_record("snow")]
        assert deliver(handler, records) == [message_id("rain")]
        assert cloud.queue.shown_in.pop(records[0]["receiptHandle"]) == 5
        assert cloud.queue.shown_in == {}
        assert cloud.market("rain").status is MarketStatus.SETTLING
        assert len(cloud.every(Position)) == 3
        assert metrics.counts() == [{"done": 1, "unfinished": 1}]
        cloud.assert_balanced(ISSUED)
    cloud.client.empty_index = None
    assert deliver(handler, [ring_record("rain", received=3)]) == []
    assert_paid_once(cloud, "rain")


def test_an_unfinished_message_alone_comes_again(cloud: Cloud) -> None:
    """Also when it is all there is in a batch, and without an error in the log: waiting is no failure."""
    cloud.live(decide(cloud, "rain"))
    handler = start_without_patience(cloud)
    cloud.client.empty_index = HOLDERS.name
    assert deliver(handler, [ring_record("rain")]) == [message_id("rain")]
    cloud.client.empty_index = None
    assert deliver(handler, [ring_record("rain", received=2)]) == []
    assert_paid_once(cloud, "rain")


def test_a_message_that_cannot_come_sooner_comes_later(
    cloud: Cloud, logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the queue does not answer, its message is unfinished all the same, and the log says what will take long."""
    cloud.live(decide(cloud, "rain"))
    handler = start_without_patience(cloud)
    cloud.client.empty_index = HOLDERS.name

    def refuse(*_: object, **__: object) -> None:
        raise ClientError({"Error": {"Code": "ReceiptHandleIsInvalid"}}, "ChangeMessageVisibility")

    monkeypatch.setattr(SharedQueue, "change_message_visibility", refuse)
    assert deliver(handler, [ring_record("rain")]) == [message_id("rain")]
    assert [line["level"] for line in logs.lines if "later" in line["message"]] == ["WARNING"]


def test_an_undecided_market_is_left_alone(cloud: Cloud) -> None:
    """A ring for an open market, or for one that is closed, is answered and does nothing."""
    cloud.live(trade(cloud, ["rain"]))
    definition = replace(DEFINITION, closes_at=cloud.clock.now() + timedelta(hours=1))
    cloud.live(cloud.world.publish("snow", "ann", definition))
    cloud.clock.advance(timedelta(hours=2))
    assert cloud.run_schedule("close_expired_markets") == 1
    before = cloud.state()
    handler = cloud.start("settle_positions")
    assert deliver(handler, [ring_record("rain"), ring_record("snow")]) == []
    assert cloud.state() == before
    cloud.live(cloud.world.resolve("rain", caller("ann"), "YES"))
    assert deliver(handler, [ring_record("rain", 2)]) == []
    assert_paid_once(cloud, "rain")


def test_a_final_market_is_left_alone(cloud: Cloud) -> None:
    """A ring for a market that is paid out reads what it is, and neither looks for holders nor writes."""
    cloud.live(decide(cloud, "rain"))
    deliver(cloud.start("settle_positions"), [ring_record("rain")])
    before = cloud.state()
    cloud.client.calls.clear()
    assert deliver(cloud.start("settle_positions"), [ring_record("rain", 2)]) == []
    assert cloud.client.calls == ["batch_get_item"]
    assert cloud.state() == before
