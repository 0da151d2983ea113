"""Projections: what follows from the events of a market, kept up by a checkpoint.

A projection reads the page of events after its checkpoint, and writes what follows from them in one transaction with
the next checkpoint. So every event counts exactly once, in order, whoever runs it and however often.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from domain.event.market_events import MarketEvent
from domain.model.kernel.record import Key, key_for
from domain.model.trading.book import Book
from domain.port.out.history import EventRepository
from domain.port.out.store import Change, Decision, Outcome, Store, View


class EventPage[C](NamedTuple):
    """The events of a market that follow a checkpoint.

    Args:
        key: the checkpoint's.
        slug: the market's.
        checkpoint: as it was read; None before the first.
        after: the position that it stands for.
        events: the next ones, without gaps. None where the projection is up to date, or the list trails behind.
        book: the market's; None for a draft, which has no events.
    """

    key: Key[C]
    slug: str
    checkpoint: C | None
    after: int
    events: Sequence[MarketEvent]
    book: Book | None

    @property
    def is_last(self) -> bool:
        """Whether nothing follows the page."""
        return self.book is None or self.after + len(self.events) >= self.book.position


class Projection[C]:
    """Reads the pages of one kind of checkpoint, and writes what follows from them.

    Args:
        store: where checkpoints, and what follows, are kept.
        events: the events.
        position_of: the position that a checkpoint stands for.
    """

    def __init__(self, store: Store, events: EventRepository, position_of: Callable[[C], int]) -> None:
        self._store = store
        self._events = events
        self._position_of = position_of

    async def read_page(self, key: Key[C], slug: str, limit: int, start: int = 0) -> EventPage[C]:
        """The next events of a market after a checkpoint.

        Args:
            key: the checkpoint's.
            slug: the market's.
            limit: how many events at the most.
            start: the position to begin from where there is no checkpoint yet.
        """
        snapshot = await self._store.read(key_for(Book, slug), key)
        book, checkpoint = snapshot.get(key_for(Book, slug)), snapshot.get(key)
        after = start if checkpoint is None else self._position_of(checkpoint)
        if book is None or after >= book.position:
            return EventPage(key, slug, checkpoint, after, (), book)
        events = await self._events.find_events(slug, book.origin, book.revision, after, limit)
        return EventPage(key, slug, checkpoint, after, events, book)

    async def write(
        self,
        page: EventPage[C],
        keys: Iterable[Key[Any]],
        fold: Callable[[View, datetime], tuple[Change, ...]],
    ) -> bool:
        """Write what follows from a page, unless the checkpoint is another one by now.

        Args:
            page: the page.
            keys: what the fold reads besides the checkpoint.
            fold: makes the changes, the next checkpoint's among them.

        Returns:
            Whether it was written: otherwise somebody else has moved on, and the page has to be read again.
        """

        def decide(view: View, now: datetime) -> Decision[bool]:
            stored = view.get(page.key)
            is_same = (stored is None) == (page.checkpoint is None) and (
                stored is None or self._position_of(stored) == page.after
            )
            return Outcome(is_same, fold(view, now) if is_same else ())

        return await self._store.transact([page.key, *keys], decide)
