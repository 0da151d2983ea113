"""Read one market with its prices."""

from typing import NamedTuple

from domain.application.shared.visibility import require_visible
from domain.model.history.candle import PriceHistory
from domain.model.history.trend import Trend, trend_of
from domain.model.kernel.caller import Caller
from domain.model.kernel.record import key_for
from domain.model.trading.book import Book, Listing, listing_at
from domain.model.trading.market import Market
from domain.port.out.clock import Clock
from domain.port.out.store import RecordReader


class GetMarketRequest(NamedTuple):
    """Which market, and who asks; None for nobody in particular."""

    slug: str
    caller: Caller | None = None


class GetMarketResult(NamedTuple):
    """The market as it reads now, and its trend; None for a draft."""

    listing: Listing
    trend: Trend | None


class GetMarket:
    """One read of three records."""

    def __init__(self, records: RecordReader, clock: Clock) -> None:
        self._records = records
        self._clock = clock

    async def execute(self, request: GetMarketRequest) -> GetMarketResult:
        """Find it.

        Raises:
            MarketNotFoundError: there is none, or it is somebody else's draft.
        """
        slug = request.slug
        snapshot = await self._records.read(key_for(Market, slug), key_for(Book, slug), key_for(PriceHistory, slug))
        market = require_visible(snapshot.get(key_for(Market, slug)), slug, request.caller)
        now = self._clock.now()
        listing = listing_at(market, snapshot.get(key_for(Book, slug)), now)
        return GetMarketResult(listing, trend_of(listing, snapshot.get(key_for(PriceHistory, slug)), now))
