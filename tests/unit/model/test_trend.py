from dataclasses import replace
from datetime import timedelta

import pytest

from domain.model.history.candle import HourEnd, Interval, PriceHistory
from domain.model.history.trend import Trend, trend_of
from domain.model.trading.book import Listing
from domain.model.trading.market import MarketStatus
from tests.unit.model.builders import NOW, active_book, active_market, buy, trade_on

HOUR = timedelta(hours=1)
FIRST = Interval.HOUR.start_of(NOW)


def test_a_draft_has_none() -> None:
    """Nobody has ever seen its price move."""
    draft = replace(active_market(), status=MarketStatus.DRAFT, published_at=None)
    assert trend_of(Listing(draft, active_book()), None, NOW) is None


def test_past_hours_then_the_present() -> None:
    """At the end of each hour since the publication, what the last trade before it left; last the present."""
    market = replace(active_market(), published_at=NOW)
    book = trade_on(active_book(), None, buy("YES", 100_000_000)).book
    hours = (HourEnd(FIRST + HOUR, (600_000, 400_000)), HourEnd(FIRST + 3 * HOUR, (700_000, 300_000)))
    history = PriceHistory("rain", 1, (700_000, 300_000), hours=hours)
    later = FIRST + 5 * HOUR + timedelta(minutes=1)
    expected = (500_000, 600_000, 600_000, 700_000, 700_000, 731_059)
    assert trend_of(Listing(market, book), history, later) == Trend("YES", expected)


def test_at_most_a_day_and_the_present() -> None:
    """A market that is older shows its last 24 hours."""
    market = replace(active_market(), published_at=NOW - timedelta(days=9))
    trend = trend_of(Listing(market, active_book()), None, NOW)
    assert trend is not None
    assert trend.prices == (500_000,) * 25


def test_the_leader_of_many() -> None:
    """Of more than two outcomes the one that leads now."""
    market = replace(active_market(("A", "B", "C")), published_at=NOW)
    book = trade_on(active_book(("A", "B", "C")), None, buy("B", 100_000_000)).book
    trend = trend_of(Listing(market, book), None, NOW)
    assert trend is not None
    assert trend.outcome == "B"


@pytest.mark.parametrize(
    "history", [None, PriceHistory("rain", 0, (500_000, 500_000)), PriceHistory("rain", 1, (731_059, 268_941))]
)
def test_hours_that_nobody_kept_are_left_out(history: PriceHistory | None) -> None:
    """Where trades are not folded yet, or a release kept no hours, the opening price is not shown for the past."""
    market = replace(active_market(), published_at=NOW - timedelta(days=1))
    book = trade_on(active_book(), None, buy("YES", 100_000_000)).book
    assert trend_of(Listing(market, book), history, NOW) == Trend("YES", (731_059,))


@pytest.mark.parametrize(
    ("since", "hours"),
    [
        (timedelta(0), 0),
        (timedelta(microseconds=1), 1),
        (HOUR, 1),
        (HOUR + timedelta(microseconds=1), 2),
        (24 * HOUR, 24),
        (25 * HOUR, 24),
        (-timedelta(minutes=10), 0),
    ],
)
def test_the_hours_that_have_ended(since: timedelta, hours: int) -> None:
    """An hour counts that ended after the publication, however little after it."""
    market = replace(active_market(), published_at=FIRST - since)
    trend = trend_of(Listing(market, active_book()), None, FIRST + timedelta(minutes=10))
    assert trend is not None
    assert len(trend.prices) == hours + 1
