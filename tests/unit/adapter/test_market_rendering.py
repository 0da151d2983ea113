import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.application.trading.list_markets import ListMarketsResult
from domain.model.history.trend import Trend, trend_of
from domain.model.kernel.money import MICROS, Money
from domain.model.trading.book import Listing
from domain.model.trading.market import Clarification, MarketStatus, Resolution
from domain.port.out.paging import Page
from functions.adapter.in_.http.market import MarketResponse
from functions.adapter.in_.http.market_rendering import MarketRenderer, state_of
from functions.adapter.in_.http.messages import Request, Response
from functions.api.trading.list_markets.route import _answer
from tests.unit.model.builders import LATER, NOW, active_book, active_market, buy, trade_on

LISTING = Listing(active_market(), active_book())
TREND = Trend("YES", (400_000, 500_000))


def of_market(**changes: Any) -> Listing:
    """The same listing with a market that differs."""
    return LISTING._replace(market=replace(LISTING.market, **changes))


def of_book(**changes: Any) -> Listing:
    """The same listing with a book that differs."""
    return LISTING._replace(book=replace(LISTING.book, **changes))


OTHERS = {
    "slug": (of_market(slug="snow"), TREND),
    "name": (of_market(name="Will it rain? "), TREND),
    "description": (of_market(description="Rules"), TREND),
    "rules": (of_market(rules="Rules"), TREND),
    "creator": (of_market(creator="carl"), TREND),
    "tags": (of_market(tags=("rain",)), TREND),
    "liquidity": (of_market(liquidity=101 * MICROS), TREND),
    "status": (of_market(status=MarketStatus.CLOSED), TREND),
    "created_at": (of_market(created_at=NOW - timedelta(microseconds=1)), TREND),
    "published_at": (of_market(published_at=LATER), TREND),
    "closes_at": (of_market(closes_at=LATER), TREND),
    "resolution": (of_market(resolution=Resolution((MICROS, 0), None, NOW)), TREND),
    "reason": (of_market(resolution=Resolution((MICROS, 0), "It rained.", NOW)), TREND),
    "clarifications": (of_market(clarifications=(Clarification("In Bern.", NOW),)), TREND),
    "outcomes": (of_book(outcomes=("YES", "no")), TREND),
    "price": (of_book(quantities=(1, 0)), TREND),
    "shares": (of_book(quantities=(1, 1)), TREND),
    "subsidy": (of_book(subsidy=Money(1)), TREND),
    "volume": (of_book(volume=Money(1)), TREND),
    "version": (of_book(version=1), TREND),
    "position": (of_book(revision=9), TREND),
    "traders": (of_book(holders=1), TREND),
    "trend": (LISTING, Trend("YES", (400_001, 500_000))),
    "the trend's outcome": (LISTING, Trend("NO", (400_000, 500_000))),
    "no trend": (LISTING, None),
}


def test_every_difference_is_another_state() -> None:
    """Whatever is shown is part of the state, and each of these differs from all the others."""
    states = {state_of(*other) for other in OTHERS.values()} | {state_of(LISTING, TREND)}
    assert len(states) == len(OTHERS) + 1


def test_what_is_shown_is_tried_above() -> None:
    """A member of the answer that nobody tried would be one whose change a client may never see."""
    assert MarketResponse.model_fields.keys() - OTHERS.keys() == {"trade_count"}  # the version by another name


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_it_is_rendered_as_one_market_is(other: tuple[Listing, Trend | None]) -> None:
    """At first, and when it is remembered: what a read of the market itself says."""
    renderer = MarketRenderer()
    for _ in range(2):
        rendered = json.loads(renderer.render(state_of(*other), *other))
        assert rendered == MarketResponse.of(*other).model_dump(mode="json")


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The slugs of the markets that were rendered, not remembered."""
    slugs: list[str] = []
    render = MarketResponse.of

    def count(listing: Listing, trend: Trend | None) -> MarketResponse:
        slugs.append(listing.market.slug)
        return render(listing, trend)

    monkeypatch.setattr(MarketResponse, "of", count)
    return slugs


def test_a_state_is_rendered_once(rendered: list[str]) -> None:
    """A trade makes another state of the market it is in, and of no other."""
    renderer = MarketRenderer()
    other = of_market(slug="snow")
    traded = LISTING._replace(book=trade_on(LISTING.book, None, buy("YES", MICROS)).book)
    for listing in (LISTING, other, LISTING, traded, other, traded):
        trend = trend_of(listing, None, NOW)
        renderer.render(state_of(listing, trend), listing, trend)
    assert rendered == ["rain", "snow", "rain"]


def test_for_a_client_that_has_a_list_nothing_is_rendered(rendered: list[str]) -> None:
    """Whatever the server remembers: who asks again and again what has not changed costs next to nothing."""
    page = ListMarketsResult(Page((LISTING, of_market(slug="snow")), None), {"rain": TREND})

    def ask(tag: str) -> Response:
        request = Request({"type": "http", "path": "/v1/markets", "headers": [(b"if-none-match", tag.encode())]})
        return _answer(request, MarketRenderer(), page, None)

    first = ask('"another"')
    assert (first.status_code, rendered) == (200, ["rain", "snow"])
    assert ask(first.headers["ETag"]).status_code == 304
    assert rendered == ["rain", "snow"]


def test_what_is_kept_is_bounded(rendered: list[str]) -> None:
    """By bytes, not by markets: what was not asked for the longest goes; what is asked for now stays."""
    markets = [of_market(slug=slug, description="x" * 1000) for slug in ("a", "b", "c")]
    renderer = MarketRenderer(most_bytes=4000)
    for place in (0, 1, 0, 2, 0, 1):
        renderer.render(state_of(markets[place], TREND), markets[place], TREND)
    assert rendered == ["a", "b", "c", "b"]
    assert renderer._bytes == sum(map(len, renderer._kept.values())) <= 4000
    large = of_market(slug="large", description="x" * 5000)
    for _ in range(2):
        renderer.render(state_of(large, TREND), large, TREND)
    assert rendered[-2:] == ["b", "large"]
    assert len(renderer._kept) == 1
