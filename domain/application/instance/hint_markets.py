"""Tell the pages that look at a market that something has happened to it."""

from collections.abc import Sequence
from typing import NamedTuple

from domain.event.market_events import MarketChanged, type_of_event
from domain.model.kernel.record import key_for
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.book import Book, shown_prices
from domain.port.out.clock import Clock
from domain.port.out.hints import Hint, Hints
from domain.port.out.store import RecordReader

SECONDS_BETWEEN = 2.0
"""Between two hints of one market, so that a busy one costs each page no more than looking by itself would."""


class HintMarketsRequest(NamedTuple):
    """Records as the ledger's stream delivers them: in any order, some more than once."""

    records: Sequence[JournalEntry | MarketChanged]


class HintMarketsResult(NamedTuple):
    """How many hints were published, and how many were lost."""

    published: int
    lost: int


class HintMarkets:
    """Publishes one hint for each market of a batch, at most one in two seconds for a market.

    A hint says where the market is now. What happens within two seconds of one has none of its own: pages look once
    more after each hint. Several processes that read the stream each keep their own time.

    Args:
        records: where the books are.
        hints: where hints are published.
        clock: the time.
    """

    def __init__(self, records: RecordReader, hints: Hints, clock: Clock) -> None:
        self._records = records
        self._hints = hints
        self._clock = clock
        self._told: dict[str, float] = {}

    async def execute(self, request: HintMarketsRequest) -> HintMarketsResult:
        """Publish a hint for every market of which pages have not been told just now.

        Raises:
            ContentionError: the books could not be read; nothing was published.
        """
        due = self._due(request.records)
        if not due:
            return HintMarketsResult(0, 0)
        snapshot = await self._records.read(*(key_for(Book, slug) for slug in due))
        books = [book for slug in due if (book := snapshot.get(key_for(Book, slug)))]
        lost = await self._hints.publish([Hint(book.slug, book.position, shown_prices(book)) for book in books])
        return HintMarketsResult(len(books) - lost, lost)

    def _due(self, records: Sequence[JournalEntry | MarketChanged]) -> list[str]:
        """The markets to which something public happened, without those of which pages were told just now."""
        now = self._clock.monotonic()
        self._told = {slug: at for slug, at in self._told.items() if now - at < SECONDS_BETWEEN}
        happened = dict.fromkeys(record.market for record in records if record.market and type_of_event(record))
        due = [slug for slug in happened if slug not in self._told]
        self._told |= dict.fromkeys(due, now)
        return due
