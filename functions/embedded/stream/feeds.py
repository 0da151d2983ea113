"""The feeds of the markets that somebody follows; there are none of the others."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from domain.application.history.list_events import ListEventsRequest, ListEventsResult
from domain.event.market_events import MarketChanged
from domain.model.kernel.errors import ContentionError, MarketNotFoundError
from domain.model.ledger.journal import JournalEntry
from domain.port.in_.use_case import UseCase
from domain.port.out.store import Change, Insert
from functions.embedded.stream.feed import KEPT, Feed, Reader, ReadEvents, render_event

MOST_READERS = 2000
"""Connections that the whole server keeps open for streams."""


@dataclass
class _Opened:
    feed: Feed
    task: asyncio.Task[None]
    readers: int = field(default=0)


class Feeds:
    """Makes the feed of a market for its first reader, and ends it with the last.

    Args:
        list_events: reads events.
        kept: how many events a feed keeps.
    """

    def __init__(self, list_events: UseCase[ListEventsRequest, ListEventsResult], kept: int = KEPT) -> None:
        self._list_events = list_events
        self._kept = kept
        self._opened: dict[str, _Opened] = {}
        self._readers = 0

    def note(self, changes: Sequence[Change]) -> None:
        """Wake the feeds of the markets to which something has happened; a listener of the store."""
        for change in changes:
            if isinstance(change, Insert) and isinstance(change.record, JournalEntry | MarketChanged):
                opened = self._opened.get(change.record.market or "")
                if opened:
                    opened.feed.ring()

    def require_room(self) -> None:
        """See that one more reader may come.

        Raises:
            ContentionError: there are too many already.
        """
        if self._readers >= MOST_READERS:
            raise ContentionError("Too many streams are open. Ask again later, or read the events in pages.")

    @asynccontextmanager
    async def follow(
        self, slug: str, position: int, after: int, cut_off: Callable[[], None]
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """What to send to a reader.

        Args:
            slug: the market's, which the reader may see.
            position: of the market's last event, or one before it.
            after: of the last event that the reader has.
            cut_off: ends the reader's connection.
        """
        read = self._reader_of(slug)
        opened = self._opened.get(slug) or self._open(slug, read, position)
        opened.readers += 1
        self._readers += 1
        chunks = Reader(opened.feed, read, after, cut_off).chunks()
        try:
            yield chunks
        finally:
            await chunks.aclose()
            opened.readers -= 1
            self._readers -= 1
            if not opened.readers:
                del self._opened[slug]
                opened.task.cancel()

    def _open(self, slug: str, read: ReadEvents, position: int) -> _Opened:
        feed = Feed(read, position, self._kept)
        self._opened[slug] = _Opened(feed, asyncio.create_task(feed.run()))
        feed.ring()  # something may have happened since that position was read
        return self._opened[slug]

    def _reader_of(self, slug: str) -> ReadEvents:
        async def read(after: int, limit: int) -> Sequence[bytes]:
            try:
                result = await self._list_events.execute(ListEventsRequest(slug, after, limit))
            except MarketNotFoundError:  # a draft: nobody in particular sees it before it is published
                return ()
            return [render_event(event, result.outcomes) for event in result.events]

        return read
