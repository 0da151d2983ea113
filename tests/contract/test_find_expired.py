"""Finding the markets whose closing time has come."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.model.kernel.record import key_for
from domain.model.trading.market import Market, MarketStatus
from domain.port.out.store import Insert, Replace
from domain.port.out.unit_of_work import Committed
from tests.contract.conftest import Adapter
from tests.fakes.clock import START
from tests.fakes.samples import ELSEWHERE, RAIN

MOMENT = timedelta(microseconds=1)


def _market(slug: str, closes_at: datetime | None, status: MarketStatus = MarketStatus.ACTIVE) -> Market:
    return replace(RAIN, slug=slug, closes_at=closes_at, status=status, tags=())


async def _store(adapter: Adapter, markets: Iterable[Market]) -> None:
    assert await adapter.commit(*map(Insert, markets)) == Committed()


async def _expired(adapter: Adapter, now: datetime = START, limit: int = 100) -> list[str]:
    return list(await adapter.ports.markets.find_expired(now, limit))


async def test_no_markets(adapter: Adapter) -> None:
    """Where there is nothing, nothing has expired."""
    assert await _expired(adapter) == []


async def test_from_the_closing_time_on(adapter: Adapter) -> None:
    """A market has expired from its closing time on, to the microsecond; one without never does."""
    await _store(adapter, [_market("rain", START), _market("snow", START + MOMENT), _market("wind", None)])
    assert await _expired(adapter, START - MOMENT) == []
    assert await _expired(adapter, START) == ["rain"]
    assert await _expired(adapter, START + MOMENT) == ["rain", "snow"]


async def test_longest_expired_first(adapter: Adapter) -> None:
    """In the order of their closing times, whatever their names, over a whole week."""
    ages = {"m": 0, "c": 1, "z": 60, "b": 3600, "a": 86_400, "y": 3 * 86_400, "k": 5 * 86_400, "d": 7 * 86_400}
    await _store(adapter, [_market(slug, START - timedelta(seconds=age)) for slug, age in ages.items()])
    assert await _expired(adapter) == ["d", "k", "y", "a", "b", "z", "c", "m"]


async def test_no_more_than_the_limit(adapter: Adapter) -> None:
    """A limit keeps the longest expired, whether they closed on one day or on several."""
    hours = {"e": 1, "d": 2, "c": 3, "b": 40, "a": 80}
    await _store(adapter, [_market(slug, START - timedelta(hours=age)) for slug, age in hours.items()])
    for limit in range(1, 7):
        assert await _expired(adapter, limit=limit) == ["a", "b", "c", "d", "e"][:limit]


async def test_all_of_one_instant(adapter: Adapter) -> None:
    """Markets that close at the same instant are all found, in any order, the extreme names among them."""
    slugs = {"0", "a", "a-b", "a0", "z" * 64}
    await _store(adapter, [_market(slug, START) for slug in slugs])
    assert set(await _expired(adapter)) == slugs
    assert len(await _expired(adapter, limit=2)) == 2


@pytest.mark.parametrize("status", [status for status in MarketStatus if status is not MarketStatus.ACTIVE])
async def test_only_what_is_stored_as_active(adapter: Adapter, status: MarketStatus) -> None:
    """A draft, and a market that somebody has closed or decided, does not wait to be closed."""
    await _store(adapter, [_market("rain", START - timedelta(hours=1), status), _market("snow", START)])
    assert await _expired(adapter) == ["snow"]


async def test_until_it_is_closed(adapter: Adapter) -> None:
    """Once the market is stored as CLOSED it is found no more."""
    rain = _market("rain", START)
    await _store(adapter, [rain])
    closed = replace(rain, status=MarketStatus.CLOSED, revision=rain.revision + 1)
    assert await adapter.commit(Replace(closed, read=rain)) == Committed()
    assert await adapter.find(key_for(Market, "rain")) == closed
    assert await _expired(adapter) == []


@pytest.mark.parametrize(
    "closes_at",
    [
        datetime(2026, 11, 22, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 11, 23, 0, 0, tzinfo=UTC),
        datetime(2026, 11, 23, 2, 0, tzinfo=ELSEWHERE),
    ],
    ids=["last-of-a-day", "first-of-a-day", "another-offset"],
)
async def test_around_midnight(adapter: Adapter, closes_at: datetime) -> None:
    """Where one day ends and the next begins, in whatever offset the instants are given, nothing is missed."""
    await _store(adapter, [_market("rain", closes_at)])
    for now in (closes_at, closes_at + timedelta(hours=3)):
        assert await _expired(adapter, now.astimezone(ELSEWHERE)) == await _expired(adapter, now) == ["rain"]
    assert await _expired(adapter, closes_at - MOMENT) == []
