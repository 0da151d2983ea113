from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from domain.event.market_events import EventType, MarketChanged
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import key_for
from domain.model.trading.book import Book
from domain.model.trading.market import Market, MarketStatus
from tests.fakes.clock import START
from tests.fakes.world import DEFINITION, GRANT, caller
from tests.integration.events.conftest import Cloud, Metrics

AGES = {
    "just-now": timedelta(0),
    "a-moment": timedelta(microseconds=1),
    "an-hour": timedelta(hours=1),
    "a-day": timedelta(days=1),
    "three-days": timedelta(days=3),
    "a-week": timedelta(days=7),
}
"""How long ago markets were to close."""
NOW = START + timedelta(days=10)


async def publish(cloud: Cloud) -> None:
    """Ann's markets: those of AGES, some that are not to close yet or ever, and some that are not ACTIVE."""
    world = cloud.world
    await world.open("ann")
    closing = {slug: NOW - age for slug, age in AGES.items()}
    closing |= {"next": NOW + timedelta(microseconds=1), "tomorrow": NOW + timedelta(days=1), "decided": NOW}
    for slug, closes_at in closing.items():
        await world.publish(slug, "ann", replace(DEFINITION, liquidity=MICROS, closes_at=closes_at))
    await world.publish("never", "ann", replace(DEFINITION, liquidity=MICROS))
    await world.draft("draft", "ann", replace(DEFINITION, closes_at=NOW))
    await world.resolve("decided", caller("ann"), "YES")
    cloud.clock.instant = NOW


@pytest.fixture
def published(cloud: Cloud) -> Cloud:
    """A cloud with those markets, at NOW."""
    cloud.live(publish(cloud))
    return cloud


def test_exactly_the_expired_ones(published: Cloud, metrics: Metrics) -> None:
    """All whose time has come, be it just now or a week ago, and none of the others."""
    before = {market.slug: market for market in published.every(Market)}
    assert published.run_schedule("close_expired_markets") == len(AGES)
    after = {market.slug: market for market in published.every(Market)}
    assert {slug for slug, market in after.items() if market.status is MarketStatus.CLOSED} == AGES.keys()
    for slug, market in after.items():
        expected = replace(before[slug], status=MarketStatus.CLOSED, revision=before[slug].revision + 1)
        assert market == (expected if slug in AGES else before[slug])
    assert metrics.counts() == [{"done": len(AGES)}]
    published.assert_balanced(GRANT.amount)


def test_one_record_each(published: Cloud) -> None:
    """The ledger tells once of every market that the system closed it, and when."""
    before = published.every(MarketChanged)
    published.run_schedule("close_expired_markets")
    written = [change for change in published.every(MarketChanged) if change not in before]
    revisions = {market.slug: market.revision for market in published.every(Market)}
    closed = partial(MarketChanged, status=MarketStatus.CLOSED, actor=None, occurred_at=NOW, type=EventType.CLOSED)
    expected = [closed(slug, revisions[slug], closes_at=NOW - age) for slug, age in AGES.items()]
    assert sorted(written, key=lambda change: change.market) == sorted(expected, key=lambda change: change.market)


def test_books_follow(published: Cloud) -> None:
    """The book of a closed market says so at the same revision, and keeps its pool and its trades."""
    before = {slug: published.live(published.world.found(key_for(Book, slug))) for slug in AGES}
    published.run_schedule("close_expired_markets")
    for slug in AGES:
        book = published.live(published.world.found(key_for(Book, slug)))
        assert (book.status, book.revision) == (MarketStatus.CLOSED, published.market(slug).revision)
        assert book == replace(before[slug], status=book.status, revision=book.revision)


def test_the_next_time_there_is_nothing(published: Cloud) -> None:
    """Called again at the same instant it writes nothing; a microsecond later it closes the next one."""
    published.run_schedule("close_expired_markets")
    before = published.state()
    assert published.run_schedule("close_expired_markets") == 0
    assert published.state() == before
    published.clock.advance(timedelta(microseconds=1))
    assert published.run_schedule("close_expired_markets") == 1
    assert published.market("next").status is MarketStatus.CLOSED


def test_a_missed_day_is_made_up(published: Cloud) -> None:
    """When the schedule did not run for a day, the first run after closes what came due meanwhile, too."""
    published.clock.advance(timedelta(days=1))
    assert published.run_schedule("close_expired_markets") >= len(AGES.keys() - {"a-week"}) + 2
    assert {published.market(slug).status for slug in ("tomorrow", "next", "three-days")} == {MarketStatus.CLOSED}
    assert published.market("never").status is MarketStatus.ACTIVE


def test_a_busy_market_keeps_no_other_waiting(published: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """A market whose every commit meets another transaction is left for the next minute; the others are closed."""
    transact = published.client.transact_write_items

    def conflict(**parameters: Any) -> Any:
        if any(
            write.get("Put", {}).get("Item", {}).get("slug") == {"S": "a-day"} for write in parameters["TransactItems"]
        ):
            reasons = [{"Code": "TransactionConflict"}] + [{"Code": "None"}] * (len(parameters["TransactItems"]) - 1)
            error: Any = {
                "Error": {"Code": "TransactionCanceledException"},
                "CancellationReasons": reasons,
                "ResponseMetadata": {"HTTPStatusCode": 400},
            }
            raise ClientError(error, "TransactWriteItems")
        return transact(**parameters)

    with monkeypatch.context() as busy:
        busy.setattr(published.client, "transact_write_items", conflict)
        assert published.run_schedule("close_expired_markets") == len(AGES) - 1
    assert published.market("a-day").status is MarketStatus.ACTIVE
    published.run_schedule("close_expired_markets")
    assert published.market("a-day").status is MarketStatus.CLOSED
