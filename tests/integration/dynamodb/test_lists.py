"""Lists over what DynamoDB gives at once, which is a megabyte at the most."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.model.trading.market import Market
from domain.port.out.store import Insert
from domain.port.out.trading import MarketFilter
from domain.port.out.unit_of_work import Committed
from tests.fakes.clock import START
from tests.fakes.samples import RAIN
from tests.integration.dynamodb.conftest import Bench

LONG = "🌧" * 10_000


async def _slugs(bench: Bench, filter_: MarketFilter, limit: int) -> list[str]:
    slugs: list[str] = []
    cursor = None
    for _ in range(100):
        page = await bench.persistence.markets.find_all(filter_, limit, cursor)
        assert len(page.items) <= limit
        slugs += [market.slug for market in page.items]
        cursor = page.cursor
        if cursor is None:
            return slugs
    raise AssertionError("the list does not end")


def _market(number: int) -> Market:
    age = timedelta(seconds=number)
    return replace(RAIN, slug=f"m{number:02}", created_at=START - age, description=LONG, rules=LONG)


@pytest.mark.parametrize("filter_", [MarketFilter(START), MarketFilter(START, creator="ann")])
async def test_markets_of_more_than_a_megabyte(bench: Bench, filter_: MarketFilter) -> None:
    """A list of markets with the longest texts is complete, although a query gives only a dozen of them at once."""
    markets = [_market(number) for number in range(20)]
    for market in markets:
        assert await bench.persistence.unit_of_work.commit([Insert(market)]) == Committed()
    assert await _slugs(bench, filter_, 20) == [market.slug for market in markets]


async def test_few_matches_among_many(bench: Bench) -> None:
    """A page may be short of its limit, or empty, where a filter passes over hundreds; the pages together are all."""
    markets = [replace(_market(number), description="", rules="", tags=()) for number in range(60)]
    bobs = replace(RAIN, slug="bobs", creator="bob", created_at=START - timedelta(days=1))
    for market in [*markets, bobs]:
        await bench.persistence.unit_of_work.commit([Insert(market)])
    late = MarketFilter(START + timedelta(days=1), creator="bob")
    assert await _slugs(bench, late, 1) == ["bobs"]
