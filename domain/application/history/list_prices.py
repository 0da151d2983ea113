"""Read a market's price history, as candles."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from domain.application.shared.visibility import require_visible
from domain.model.history.candle import Candle, Interval, PriceHistory, span_of
from domain.model.kernel.caller import Caller
from domain.model.kernel.record import key_for
from domain.model.trading.book import Book
from domain.model.trading.market import Market
from domain.port.out.clock import Clock
from domain.port.out.doorbell import Doorbell, Ring, RingLostError
from domain.port.out.history import CandleRepository
from domain.port.out.store import RecordReader


class ListPricesRequest(NamedTuple):
    """Which market's candles, of which interval, beginning from when and before when, and who asks; see span_of."""

    slug: str
    interval: Interval
    start: datetime | None = None
    end: datetime | None = None
    caller: Caller | None = None


class ListPricesResult(NamedTuple):
    """The candles, oldest first, and the names of the outcomes in the order of their ranges."""

    outcomes: Sequence[str]
    candles: Sequence[Candle]


class ListPrices:
    """The use case. Whoever finds the history behind the book rings for it, which makes up for lost rings."""

    def __init__(self, records: RecordReader, candles: CandleRepository, doorbell: Doorbell, clock: Clock) -> None:
        self._records = records
        self._candles = candles
        self._doorbell = doorbell
        self._clock = clock

    async def execute(self, request: ListPricesRequest) -> ListPricesResult:
        """Find the candles.

        Raises:
            InvalidSpanError: it ends before it starts, or is too long.
            MarketNotFoundError: there is no such market for this caller.
        """
        slug = request.slug
        span = span_of(request.interval, request.start, request.end, self._clock.now())
        snapshot = await self._records.read(key_for(Market, slug), key_for(Book, slug), key_for(PriceHistory, slug))
        market = require_visible(snapshot.get(key_for(Market, slug)), slug, request.caller)
        book, history = snapshot.get(key_for(Book, slug)), snapshot.get(key_for(PriceHistory, slug))
        if book and book.version > (history.version if history else 0):
            with suppress(RingLostError):  # no reason to refuse what is folded already: the next reader rings again
                await self._doorbell.ring([Ring(slug, f"read at version {book.version}")])
        candles = await self._candles.find_candles(slug, request.interval, *span)
        return ListPricesResult(market.outcomes, candles)
