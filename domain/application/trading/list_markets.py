"""List markets with their prices, newest first."""

from collections.abc import Mapping
from typing import NamedTuple

from domain.model.history.trend import Trend, trend_of
from domain.model.kernel.caller import Caller
from domain.model.trading.book import Listing, listing_at
from domain.model.trading.market import MarketStatus
from domain.port.out.clock import Clock
from domain.port.out.history import CandleRepository
from domain.port.out.paging import Page
from domain.port.out.trading import BookRepository, MarketFilter, MarketRepository


class ListMarketsRequest(NamedTuple):
    """Which markets to list, for whom, and how many; see :class:`MarketFilter`.

    Args:
        is_closing_first: those that take orders, the soonest to close first, in place of any filter.
    """

    limit: int
    caller: Caller | None = None
    status: MarketStatus | None = None
    tag: str | None = None
    creator: str | None = None
    cursor: str | None = None
    words: tuple[str, ...] = ()
    is_closing_first: bool = False


class ListMarketsResult(NamedTuple):
    """A page of markets as they read now, and the trends of those that are published, by slug."""

    page: Page[Listing]
    trends: Mapping[str, Trend]


class ListMarkets:
    """Three reads, however many markets are on the page."""

    def __init__(
        self, markets: MarketRepository, books: BookRepository, candles: CandleRepository, clock: Clock
    ) -> None:
        self._markets = markets
        self._books = books
        self._candles = candles
        self._clock = clock

    async def execute(self, request: ListMarketsRequest) -> ListMarketsResult:
        """Find a page of them: one read for the markets, one for all their books, one for their histories.

        Raises:
            InvalidCursorError: the cursor is none of this list's.
        """
        caller, now = request.caller, self._clock.now()
        filter_ = MarketFilter(
            now=now,
            status=request.status,
            tag=request.tag,
            creator=request.creator,
            words=request.words,
            viewer=caller.account if caller else None,
            all_drafts=caller is not None and caller.is_admin,
        )
        if request.is_closing_first:
            page = await self._markets.find_closing(now, request.limit, request.cursor)
        else:
            page = await self._markets.find_all(filter_, request.limit, request.cursor)
        books = await self._books.find_by_slugs([market.slug for market in page.items])
        listings = tuple(listing_at(market, books.get(market.slug), now) for market in page.items)
        histories = await self._candles.find_histories([market.slug for market in page.items])
        trends = {each.market.slug: trend_of(each, histories.get(each.market.slug), now) for each in listings}
        return ListMarketsResult(
            Page(listings, page.cursor), {slug: trend for slug, trend in trends.items() if trend is not None}
        )
