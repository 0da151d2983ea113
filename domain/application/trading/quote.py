"""Price an order without placing it."""

from typing import NamedTuple

from domain.application.shared.visibility import refuse_without_book
from domain.model.kernel.caller import Caller
from domain.model.kernel.record import key_for
from domain.model.trading.book import Book, Fill, price_order
from domain.model.trading.market import Market
from domain.model.trading.order import OrderTerms
from domain.port.out.clock import Clock
from domain.port.out.store import RecordReader


class QuoteRequest(NamedTuple):
    """What to price, and who asks; None for nobody in particular."""

    slug: str
    terms: OrderTerms
    caller: Caller | None = None


class QuoteResult(NamedTuple):
    """What would fill, at the book's version."""

    terms: OrderTerms
    fill: Fill
    version: int


class Quote:
    """It asks nothing of the caller's funds and shares."""

    def __init__(self, records: RecordReader, clock: Clock) -> None:
        self._records = records
        self._clock = clock

    async def execute(self, request: QuoteRequest) -> QuoteResult:
        """Price it as the order that follows will be priced.

        Raises:
            MarketNotFoundError: there is no such market for this caller.
            DomainError: see :func:`price_order`.
        """
        book = (await self._records.read(key_for(Book, request.slug))).get(key_for(Book, request.slug))
        if book is None:
            key = key_for(Market, request.slug)
            refuse_without_book((await self._records.read(key)).get(key), request.slug, request.caller)
        fill = price_order(book, request.terms, self._clock.now())
        return QuoteResult(request.terms, fill, book.version)
