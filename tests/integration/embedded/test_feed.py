"""The feed of a market by itself: one read for everybody, bounded memory, and readers that are too slow."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from functions.embedded.stream import feed as feeds
from functions.embedded.stream.feed import KEPT, Feed, Reader

COMMENT = b": ping\n\n"


class Source:
    """Events that a test makes up; event 5 is ``b"5 "``."""

    def __init__(self) -> None:
        self.last = 0
        self.reads = 0

    async def read(self, after: int, limit: int) -> Sequence[bytes]:
        self.reads += 1
        await asyncio.sleep(0)
        return [b"%d " % position for position in range(after + 1, min(self.last, after + limit) + 1)]


@asynccontextmanager
async def running(source: Source) -> AsyncIterator[Feed]:
    """A feed that runs."""
    feed = Feed(source.read, source.last)
    task = asyncio.create_task(feed.run())
    yield feed
    task.cancel()


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is gathered, and comments are due at once."""
    monkeypatch.setattr(feeds, "GATHERING_SECONDS", 0)
    monkeypatch.setattr(feeds, "RETRY_SECONDS", 0)
    monkeypatch.setattr(feeds, "COMMENT_SECONDS", 0.05)


async def happen(source: Source, feed: Feed, number: int) -> None:
    """Let so many events happen, and the feed notice them."""
    source.last += number
    feed.ring()
    async with asyncio.timeout(5):
        while feed.position < source.last:
            await feed.wait()


async def receive(chunks: AsyncIterator[bytes], wanted: int) -> list[int]:
    """The next events, until so many are there."""
    received: list[int] = []
    async with asyncio.timeout(5):
        while len(received) < wanted:
            chunk = await anext(chunks)
            received += [int(event) for event in chunk.split()] if chunk != COMMENT else []
    return received


def reader_of(source: Source, feed: Feed, after: int = 0, cut_off: Callable[[], None] = lambda: None) -> Reader:
    """Somebody who follows the feed."""
    return Reader(feed, source.read, after, cut_off)


async def test_one_read_serves_all_readers() -> None:
    """However many follow, what is committed is read once."""
    source = Source()
    async with running(source) as feed:
        readers = [reader_of(source, feed).chunks() for _ in range(50)]
        for chunks in readers:
            assert await anext(chunks) == COMMENT
        await happen(source, feed, 7)
        reads = source.reads
        assert [await receive(chunks, 7) for chunks in readers] == [list(range(1, 8))] * 50
        assert source.reads == reads <= 3


async def test_who_comes_late_reads_what_was_before() -> None:
    """Older events come from the store, page by page, and the live ones follow without a gap."""
    source = Source()
    source.last = 1234
    async with running(source) as feed:
        chunks = reader_of(source, feed, 10).chunks()
        assert await receive(chunks, 1224) == list(range(11, 1235))
        await happen(source, feed, 2)
        assert await receive(chunks, 2) == [1235, 1236]


async def test_a_feed_keeps_a_thousand_events() -> None:
    """Its memory is bounded, however much happens."""
    source = Source()
    async with running(source) as feed:
        await happen(source, feed, 3 * KEPT)
        assert (feed.start, len(feed.since(feed.start))) == (2 * KEPT, KEPT)


async def test_a_slow_reader_is_cut_off() -> None:
    """Whoever comes back for more after a thousand events gets no gap, but an end."""
    source = Source()
    async with running(source) as feed:
        chunks = reader_of(source, feed).chunks()
        await happen(source, feed, 1)
        assert await receive(chunks, 1) == [1]
        await happen(source, feed, KEPT + 1)
        with pytest.raises(StopAsyncIteration):
            await anext(chunks)
        assert not feed.readers


@pytest.mark.parametrize(("missed", "is_cut_off"), [(KEPT, False), (KEPT + 1, True)])
async def test_a_stuck_reader_is_cut_off(missed: int, is_cut_off: bool) -> None:
    """Whoever does not even take one chunk while a thousand events happen loses the connection."""
    source, cut = Source(), list[bool]()
    async with running(source) as feed:
        chunks = reader_of(source, feed, 0, lambda: cut.append(True)).chunks()
        assert await anext(chunks) == COMMENT  # and it does not come back for more
        await happen(source, feed, missed)
        assert bool(cut) is is_cut_off


async def test_a_quiet_market_sends_comments() -> None:
    """Without events there are comments, so that nothing in between gives the connection up."""
    source = Source()
    async with running(source) as feed, asyncio.timeout(5):
        chunks = reader_of(source, feed).chunks()
        assert [await anext(chunks) for _ in range(3)] == [COMMENT] * 3
    assert source.reads == 0


async def test_a_position_to_come() -> None:
    """Whoever names a position above the last gets what comes after it."""
    source = Source()
    async with running(source) as feed:
        chunks = reader_of(source, feed, 3).chunks()
        assert await anext(chunks) == COMMENT
        await happen(source, feed, 2)
        await happen(source, feed, 3)
        assert await receive(chunks, 2) == [4, 5]


async def test_a_read_that_fails_is_repeated(caplog: pytest.LogCaptureFixture) -> None:
    """A store that is busy for a moment loses nothing."""
    source = Source()

    async def fail_once(after: int, limit: int) -> Sequence[bytes]:
        if source.reads == 0:
            source.reads += 1
            raise OSError("busy")
        return await source.read(after, limit)

    feed = Feed(fail_once, 0)
    task = asyncio.create_task(feed.run())
    await happen(source, feed, 2)
    assert feed.since(0) == [b"1 ", b"2 "]
    assert "tried again" in caplog.text
    task.cancel()
