"""List markets with their prices, newest first."""

from dataclasses import dataclass

from domain.model.kernel.caller import Caller
from domain.model.trading.book import Listing, listing_at
from domain.model.trading.market import MarketStatus
from domain.port.out.clock import Clock
from domain.port.out.paging import Page
from domain.port.out.trading import BookRepository, MarketFilter, MarketRepository


@dataclass(frozen=True, slots=True)
class ListMarketsRequest:
    """Which markets to list, for whom, and how many; see :class:`MarketFilter`."""

    limit: int
    caller: Caller | None = None
    status: MarketStatus | None = None
    tag: str | None = None
    creator: str | None = None
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class ListMarketsResult:
    """A page of markets as they read now."""

    page: Page[Listing]


class ListMarkets:
    """The use case."""

    def __init__(self, markets: MarketRepository, books: BookRepository, clock: Clock) -> None:
        self._markets = markets
        self._books = books
        self._clock = clock

    async def execute(self, request: ListMarketsRequest) -> ListMarketsResult:
        """Find a page of them: one read for the markets, one for all their books.

        Raises:
            InvalidCursorError: the cursor is none of this list's.
        """
        caller, now = request.caller, self._clock.now()
        filter_ = MarketFilter(
            now=now,
            status=request.status,
            tag=request.tag,
            creator=request.creator,
            viewer=caller.account if caller else None,
            all_drafts=caller is not None and caller.is_admin,
        )
        page = await self._markets.find_all(filter_, request.limit, request.cursor)
        books = await self._books.find_by_slugs([market.slug for market in page.items])
        listings = tuple(listing_at(market, books.get(market.slug), now) for market in page.items)
        return ListMarketsResult(Page(listings, page.cursor))
