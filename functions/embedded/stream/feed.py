"""The latest events of a market, read once and rendered once for everybody who follows it."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from domain.event.market_events import MarketEvent, event_document

KEPT = 1000
"""The events that a feed keeps; a reader that is further behind is cut off."""
PAGE = 500
COMMENT_SECONDS = 10.0
"""The time between comments; the contract promises one in 15 seconds."""
RETRY_SECONDS = 1.0
GATHERING_SECONDS = 0.02
"""Commits within that time are read together."""

type ReadEvents = Callable[[int, int], Awaitable[Sequence[bytes]]]
"""Reads the rendered events after a position, at most so many."""

_logger = logging.getLogger(__name__)


def render_event(event: MarketEvent, outcomes: Sequence[str]) -> bytes:
    """The event in the format of an event stream, its data on one line."""
    document = json.dumps(event_document(event, outcomes), separators=(",", ":"), ensure_ascii=False)
    return format_sse_event(data_str=document, event=event.type.value, id=str(event.position))


class Feed:
    """What one market's readers are given.

    Args:
        read: reads the market's events.
        position: of its last event so far. Events up to there are read by whoever asks for them.
        kept: how many events it keeps.
    """

    def __init__(self, read: ReadEvents, position: int, kept: int = KEPT) -> None:
        self.position = position
        self.kept = kept
        self.readers: set[Reader] = set()
        self._read = read
        self._lines: list[bytes] = []
        self._rung = asyncio.Event()
        self._turn = asyncio.get_running_loop().create_future()

    @property
    def start(self) -> int:
        """The position before the first event that is kept."""
        return self.position - len(self._lines)

    def ring(self) -> None:
        """Say that something was committed."""
        self._rung.set()

    def since(self, position: int) -> Sequence[bytes]:
        """The events after a position, which must not be below :attr:`start`."""
        missing = self.position - position
        return self._lines[-missing:] if missing > 0 else ()

    async def wait(self) -> None:
        """Come back with the next events, or when a comment is due."""
        await asyncio.shield(self._turn)

    async def run(self) -> None:
        """Read what is committed, and wake the readers, until cancelled."""
        while True:
            try:
                async with asyncio.timeout(COMMENT_SECONDS):
                    await self._rung.wait()
            except TimeoutError:
                self._wake()
            else:
                await asyncio.sleep(GATHERING_SECONDS)
                self._rung.clear()
                await self._take()

    async def _take(self) -> None:
        try:
            while lines := await self._read(self.position, PAGE):
                self._lines += lines
                self.position += len(lines)
                del self._lines[: -self.kept]
                self._wake()
        except Exception:
            _logger.exception("a feed could not be read; it is tried again")
            await asyncio.sleep(RETRY_SECONDS)
            self._rung.set()

    def _wake(self) -> None:
        self._turn.set_result(None)
        self._turn = asyncio.get_running_loop().create_future()
        for reader in tuple(self.readers):
            reader.cut_off_if_stuck()


class Reader:
    """One who follows a feed.

    Args:
        feed: the feed.
        read: reads what is older than the feed.
        after: the position of the last event it has.
        cut_off: ends its connection, while a chunk cannot be sent.
    """

    def __init__(self, feed: Feed, read: ReadEvents, after: int, cut_off: Callable[[], None]) -> None:
        self.position = after
        self._feed = feed
        self._read = read
        self._cut_off = cut_off
        self._sending_since: int | None = None

    def cut_off_if_stuck(self) -> None:
        """End the connection when more events than are kept have come while one chunk was being sent."""
        if self._sending_since is not None and self._feed.position - self._sending_since > self._feed.kept:
            self._cut_off()

    async def chunks(self) -> AsyncGenerator[bytes]:
        """What to send, until the reader is too slow. Each chunk is whole events, or a comment."""
        self._feed.readers.add(self)
        try:
            async for chunk in self._follow():
                self._sending_since = self._feed.position
                yield chunk
                self._sending_since = None
        finally:
            self._feed.readers.discard(self)

    async def _follow(self) -> AsyncIterator[bytes]:
        yield KEEPALIVE_COMMENT  # headers and a first byte at once, whatever buffers in between
        while self.position < self._feed.start:
            lines = await self._read(self.position, PAGE)
            if not lines:
                break
            self.position += len(lines)
            yield b"".join(lines)
        while self.position >= self._feed.start:
            lines = self._feed.since(self.position)
            if lines:
                self.position += len(lines)
                yield b"".join(lines)
                continue
            await self._feed.wait()
            if self._feed.position <= self.position:
                yield KEEPALIVE_COMMENT
