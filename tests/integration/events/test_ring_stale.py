from dataclasses import replace
from datetime import timedelta

import pytest

from domain.model.kernel.money import MICROS
from domain.model.trading.market import MarketStatus
from domain.port.out.doorbell import RingLostError
from tests.fakes.world import DEFINITION, GRANT, caller
from tests.integration.events.conftest import Cloud, Metrics
from tests.integration.events.shapes import (
    context,
    deliver,
    queue_record_as_delivered,
    ring_record,
    schedule_event,
)
from tests.integration.events.test_settle_positions import assert_paid_once, decide

SMALL = replace(DEFINITION, liquidity=MICROS)


async def resolve(cloud: Cloud, *slugs: str) -> None:
    """Decide markets in which nobody traded."""
    for slug in slugs:
        await cloud.world.publish(slug, "ann", SMALL)
        await cloud.world.resolve(slug, caller("ann"), "YES")


def test_only_settling_markets(cloud: Cloud, metrics: Metrics) -> None:
    """A draft, an open, a closed and a final market are not rung for; those that are being settled are, once each."""

    async def live() -> None:
        world = cloud.world
        await world.open("ann")
        await world.draft("draft", "ann")
        await world.publish("open", "ann", SMALL)
        await world.publish("closed", "ann", replace(SMALL, closes_at=cloud.clock.now() + timedelta(hours=1)))
        await resolve(cloud, "final", "rain", "snow")
        await world.settle("final")
        cloud.clock.advance(timedelta(hours=2))

    cloud.live(live())
    assert cloud.run_schedule("close_expired_markets") == 1
    metrics.counts()
    assert cloud.run_schedule("ring_stale") == 2
    assert sorted(cloud.queue.rings()) == ["rain", "snow"]
    assert {entry["MessageGroupId"] for entry in cloud.queue.sent} == {"rain", "snow"}
    assert metrics.counts() == [{"done": 2}]


def test_nothing_to_ring_for(cloud: Cloud) -> None:
    """Where nothing is being settled, nothing is sent."""
    assert cloud.run_schedule("ring_stale") == 0
    assert cloud.queue.sent == []


def test_more_than_a_batch(cloud: Cloud) -> None:
    """More markets than the queue takes in one call are all rung for, once."""
    slugs = [f"market-{number}" for number in range(13)]

    async def live() -> None:
        await cloud.world.open("ann")
        await resolve(cloud, *slugs)

    cloud.live(live())
    assert cloud.run_schedule("ring_stale") == len(slugs)
    assert sorted(cloud.queue.rings()) == sorted(slugs)


def test_every_minute_again(cloud: Cloud) -> None:
    """A schedule that fires twice rings once; a minute later the market is rung for again, until it is final."""
    cloud.live(decide(cloud, "rain"))
    assert [cloud.run_schedule("ring_stale"), cloud.run_schedule("ring_stale")] == [1, 1]
    assert cloud.queue.rings() == ["rain"]
    cloud.clock.advance(timedelta(minutes=1))
    assert cloud.run_schedule("ring_stale") == 1
    assert cloud.queue.rings() == ["rain"]
    assert deliver(cloud.start("settle_positions"), [ring_record("rain")]) == []
    cloud.clock.advance(timedelta(minutes=1))
    assert cloud.run_schedule("ring_stale") == 0


def test_a_lost_ring_fails_the_invocation(cloud: Cloud) -> None:
    """The schedule learns of a queue that is not there; the next invocation of that environment rings."""
    cloud.live(decide(cloud, "rain"))
    handler, event = cloud.start("ring_stale"), schedule_event("ring_stale")
    cloud.queue.refused.add("rain")
    with pytest.raises(RingLostError):
        handler(event, context("ring_stale"))
    cloud.queue.refused.clear()
    assert handler(event, context("ring_stale")) == {"done": 1}
    assert cloud.queue.rings() == ["rain"]


def test_a_lost_day_of_the_stream(cloud: Cloud) -> None:
    """Markets are decided and not one record of it is dispatched: the schedule finds them, and they are paid out."""
    cloud.live(decide(cloud, "rain", "snow"))
    cloud.clock.advance(timedelta(days=1))
    assert {cloud.market(slug).status for slug in ("rain", "snow")} == {MarketStatus.SETTLING}
    assert cloud.queue.receive() == []
    assert cloud.run_schedule("ring_stale") == 2
    records = [queue_record_as_delivered(message) for message in cloud.queue.receive()]
    assert deliver(cloud.start("settle_positions"), records) == []
    assert_paid_once(cloud, "rain", "snow")
    cloud.assert_balanced(4 * GRANT.amount)
