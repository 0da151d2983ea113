"""A request's head: how long it may be, and that nobody can make the server hold more of one."""

import json
import tracemalloc

import pytest

from functions.embedded.connections.limits import ConnectionLimits
from tests.integration.embedded.connections.serving import GET, MEGABYTE, OK, Served, happens, serving

LIMITS = ConnectionLimits(linger_seconds=0.2)
START = b"GET /some/path?q HTTP/1.1\r\nHost: hunch\r\n"


def head(length: int, line: bytes = START) -> bytes:
    """A complete head of so many bytes."""
    return line + b"Pad: " + b"x" * (length - len(line) - 9) + b"\r\n\r\n"


def problem_of(answer: bytes) -> dict[str, object]:
    """The problem that an answer carries."""
    lines, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in lines
    assert b"connection: close" in lines
    problem: dict[str, object] = json.loads(body)
    return problem


def assert_too_large(answer: bytes) -> None:
    """It is the 431, and nothing else."""
    assert answer.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n"), answer[:200]
    assert answer.count(b"HTTP/1.1") == 1
    assert problem_of(answer)["code"] == "headers-too-large"


async def test_the_longest_head_is_answered() -> None:
    """A head of just the limit's length, and one of just a hundred headers, are read as any other, also a second."""
    async with serving(LIMITS) as served:
        most = START + b"A: b\r\n" * 99 + b"\r\n"
        for whole in (head(LIMITS.head_bytes), most):
            connection = await served.connect()
            for _ in range(2):
                await connection.send(whole)
                assert (await connection.until(b"0\r\n\r\n")).startswith(OK)
            connection.close()
        assert served.application.headers == 100


@pytest.mark.parametrize(
    "request_",
    [
        head(LIMITS.head_bytes + 1),
        START + b"A: b\r\n" * 100 + b"\r\n",
        START + b"A: b\r\n" * 100_000,
        b"GET /" + b"x" * LIMITS.head_bytes + b" HTTP/1.1\r\nHost: hunch\r\n\r\n",
        START + b"A:" + b" " * LIMITS.head_bytes,
        START + b"x" * LIMITS.head_bytes,
        b"\r\n" * LIMITS.head_bytes,
    ],
    ids=["a byte too long", "101 headers", "headers without end", "address", "blanks", "a name", "empty lines"],
)
async def test_a_head_that_is_too_large_is_refused(request_: bytes) -> None:
    """Whatever of it is too large: 431, the connection ends, and no application hears of it."""
    async with serving(LIMITS) as served:
        assert_too_large(await served.ask(request_))
        assert served.application.requests == []
        await happens(lambda: served.connections == 0)


async def test_a_refusal_names_the_request() -> None:
    """The problem's instance is the path, where there was one."""
    async with serving(LIMITS) as served:
        problem = problem_of(await served.ask(START + b"A: b\r\n" * 101))
        assert (problem["status"], problem["instance"]) == (431, "/some/path")


async def test_what_was_asked_before_is_answered_first() -> None:
    """Of two requests of which the second is too large, the first gets its answer, and then the connection ends."""
    async with serving(LIMITS) as served:
        answer = await served.ask(GET + START + b"A: b\r\n" * 101)
        assert answer.startswith(OK)
        assert answer.count(b"HTTP/1.1") == 1
        assert served.application.requests == ["/"]


CHUNKED = b"POST / HTTP/1.1\r\nHost: hunch\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"


@pytest.mark.parametrize(
    "rest", [b"0\r\n" + b"A: b\r\n" * 1000, b"0\r\nA: " + b"x" * MEGABYTE, b"1;" + b"x" * MEGABYTE]
)
async def test_what_follows_a_body_is_as_limited(rest: bytes) -> None:
    """Trailers and the extensions of chunks count like a head."""
    async with serving(LIMITS) as served:
        assert_too_large(await served.ask(CHUNKED + rest))


async def test_trailers_are_no_headers() -> None:
    """What follows a body cannot change a request whose headers were looked at."""
    async with serving(LIMITS) as served:
        answer = await served.ask(
            CHUNKED.replace(b"chunked\r\n", b"chunked\r\nConnection: close\r\n") + b"0\r\nA: b\r\n\r\n"
        )
        assert b"2 bytes" in answer
        assert served.application.headers == 3


async def test_memory_stays_bounded() -> None:
    """Forty megabytes of tiny headers, one header of forty, and requests without end keep next to nothing."""
    flood, sent = b"A: b\r\n" * 180_000, 40
    async with serving(LIMITS) as served:
        peaks = [
            await _peak(served, start, flood, sent) for start in (START, START + b"A: ", b"GET /long HTTP/1.1\r\n\r\n")
        ]
        peaks.append(await _peak(served, b"GET /long HTTP/1.1\r\n\r\n", GET * 30_000, sent // 8))
    assert max(peaks) < 4 * MEGABYTE


async def _peak(served: Served, start: bytes, flood: bytes, times: int) -> int:
    """How much memory is held at most while so much is sent."""
    connection = await served.connect()
    tracemalloc.start()
    try:
        await connection.send(start)
        for _ in range(times):
            connection.writer.write(flood)
            if not await connection.taken():
                break
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        connection.close()
