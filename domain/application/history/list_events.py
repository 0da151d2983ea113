"""List what happened to a market, in order."""

from collections.abc import Sequence
from typing import NamedTuple

from domain.application.shared.visibility import require_visible
from domain.event.market_events import MarketEvent
from domain.model.kernel.caller import Caller
from domain.model.kernel.record import key_for
from domain.model.trading.book import Book
from domain.model.trading.market import Market
from domain.port.out.history import EventRepository
from domain.port.out.store import RecordReader


class ListEventsRequest(NamedTuple):
    """Which market's events.

    Args:
        slug: the market's.
        after: the position of the last event that is known; 0 for none.
        limit: how many at the most.
        caller: who asks; None for nobody in particular.
    """

    slug: str
    after: int
    limit: int
    caller: Caller | None = None


class ListEventsResult(NamedTuple):
    """A page of events, and the names of the market's outcomes in their order.

    Args:
        events: oldest first, without gaps; none for a draft.
        outcomes: the names.
    """

    events: Sequence[MarketEvent]
    outcomes: Sequence[str]


class ListEvents:
    """The events of a draft begin with its publication."""

    def __init__(self, records: RecordReader, events: EventRepository) -> None:
        self._records = records
        self._events = events

    async def execute(self, request: ListEventsRequest) -> ListEventsResult:
        """Find a page.

        Raises:
            MarketNotFoundError: there is no such market for this caller.
        """
        slug = request.slug
        snapshot = await self._records.read(key_for(Market, slug), key_for(Book, slug))
        market = require_visible(snapshot.get(key_for(Market, slug)), slug, request.caller)
        book = snapshot.get(key_for(Book, slug))
        if book is None or request.after >= book.position:
            return ListEventsResult((), market.outcomes)
        events = await self._events.find_events(slug, book.origin, book.revision, request.after, request.limit)
        return ListEventsResult(events, market.outcomes)
