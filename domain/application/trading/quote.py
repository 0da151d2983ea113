"""Price an order without placing it."""

from dataclasses import dataclass

from domain.application.shared.visibility import refuse_without_book
from domain.model.kernel.caller import Caller
from domain.model.trading.book import Fill, price_order
from domain.model.trading.order import OrderTerms
from domain.port.out.clock import Clock
from domain.port.out.records import BookKey, RecordReader


@dataclass(frozen=True, slots=True)
class QuoteRequest:
    """What to price, and who asks; None for nobody in particular."""

    slug: str
    terms: OrderTerms
    caller: Caller | None = None


@dataclass(frozen=True, slots=True)
class QuoteResult:
    """What would fill, at the book's version."""

    terms: OrderTerms
    fill: Fill
    version: int


class Quote:
    """The use case."""

    def __init__(self, records: RecordReader, clock: Clock) -> None:
        self._records = records
        self._clock = clock

    async def execute(self, request: QuoteRequest) -> QuoteResult:
        """Price it as the order that follows will be priced.

        Raises:
            MarketNotFoundError: there is no such market for this caller.
            DomainError: see :func:`price_order`.
        """
        snapshot = await self._records.read(BookKey(request.slug))
        book = snapshot.get(BookKey(request.slug))
        if book is None:
            await refuse_without_book(self._records, request.slug, request.caller)
        fill = price_order(book, request.terms, self._clock.now())
        return QuoteResult(request.terms, fill, book.version)
