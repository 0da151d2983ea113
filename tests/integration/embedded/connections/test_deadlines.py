"""How long the server waits: for a head, for a body, for the next request, for a client to take its answer."""

import asyncio
import dataclasses

import pytest

from functions.embedded.connections.limits import ConnectionLimits
from tests.integration.embedded.connections.serving import GET, OK, happens, serving
from tests.integration.embedded.connections.test_heads import problem_of

SHORT = ConnectionLimits(
    head_seconds=0.2, body_seconds=0.6, body_window_seconds=0.2, linger_seconds=0.1, send_seconds=0.2
)
POST = b"POST / HTTP/1.1\r\nHost: hunch\r\nContent-Length: 1000\r\n\r\n"
LATE = b"HTTP/1.1 408 Request Timeout\r\n"


def assert_late(answer: bytes) -> None:
    """It is the 408, and nothing else."""
    assert answer.startswith(LATE), answer[:200]
    assert answer.count(b"HTTP/1.1") == 1
    assert problem_of(answer)["code"] == "request-timeout"


async def test_a_silent_connection_ends() -> None:
    """Nobody hears an answer to what was not asked: browsers open connections in stock."""
    async with serving(SHORT) as served:
        assert await served.ask(b"") == b""
        await happens(lambda: served.connections == 0)


async def test_a_head_that_comes_byte_by_byte_is_late() -> None:
    """Each byte does not begin the time anew; the same for a head after an answered request."""
    async with serving(SHORT) as served:
        for before in (b"", GET):
            connection = await served.connect()
            if before:
                await connection.send(before)
                assert (await connection.until(b"0\r\n\r\n")).startswith(OK)
            started = asyncio.get_running_loop().time()
            await connection.trickle(b"GET / HTTP/1.1\r\nA: " + b"x" * 1000, 0.02)
            assert LATE.endswith(await connection.until(b"\r\n"))
            assert 0.15 < asyncio.get_running_loop().time() - started < 2
            await connection.rest()
        assert served.application.requests == ["/"]


@pytest.mark.parametrize("begun", [b"", b"x" * 10], ids=["nothing", "a little"])
async def test_a_body_that_stops_is_late(begun: bytes) -> None:
    """The request is given up, and its connection ends."""
    async with serving(SHORT) as served:
        assert_late(await served.ask(POST + begun))
        await happens(lambda: served.connections == 0 and not served.server.server_state.tasks)


async def test_a_body_that_comes_too_slowly_is_late() -> None:
    """Below the rate it is given up long before its time; at the rate at the end of its time."""
    for rate, seconds, least in ((1e6, 10.0, 0.1), (1.0, 0.6, 0.5)):
        async with serving(dataclasses.replace(SHORT, body_rate=rate, body_seconds=seconds)) as served:
            connection = await served.connect()
            started = asyncio.get_running_loop().time()
            await connection.send(POST)
            await connection.trickle(b"x" * 900, 0.02)
            assert least < asyncio.get_running_loop().time() - started < 5
            await connection.rest()


async def test_a_body_at_its_ease_is_taken() -> None:
    """A body that pauses now and then, and is there in time, is answered."""
    async with serving(dataclasses.replace(SHORT, body_rate=10.0)) as served:
        connection = await served.connect()
        await connection.send(POST)
        for _ in range(4):
            await asyncio.sleep(0.1)
            await connection.send(b"x" * 250)
        assert b"1000 bytes" in await connection.until(b"0\r\n\r\n")
        connection.close()


async def test_an_answer_takes_its_time() -> None:
    """Neither a stream nor a long answer is cut by a deadline, whatever else the client begins to send."""
    async with serving(SHORT) as served:
        readers = [await served.connect() for _ in range(3)]
        for reader, path in zip(readers, (b"/long", b"/stream", b"/stream"), strict=True):
            await reader.send(b"GET " + path + b" HTTP/1.1\r\nHost: hunch\r\n\r\n")
            await reader.until(b"begun\n")
        await readers[2].send(b"G")
        await asyncio.sleep(3 * SHORT.head_seconds)
        served.application.released.set()
        for reader in readers:
            assert b"0 bytes" in await reader.until(b"0\r\n\r\n")
            reader.close()


async def test_a_connection_between_requests_ends_later() -> None:
    """It outlives the time for a head, and ends after its own."""
    async with serving(dataclasses.replace(SHORT, idle_seconds=1)) as served:
        connection = await served.connect()
        await connection.send(GET)
        await connection.until(b"0\r\n\r\n")
        started = asyncio.get_running_loop().time()
        assert await connection.rest() == b""
        assert 0.8 < asyncio.get_running_loop().time() - started < 5


@pytest.mark.parametrize("end", [b"", b"Connection: close\r\n"])
async def test_a_client_that_takes_nothing_of_its_answer_is_cut_off(end: bytes) -> None:
    """What it asked for is not kept for it."""
    async with serving(SHORT) as served:
        connection = await served.connect()
        transport = connection.writer.transport
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()
        await connection.send(b"GET /large HTTP/1.1\r\nHost: hunch\r\n" + end + b"\r\n")
        await happens(lambda: served.application.requests == ["/large"])
        await happens(lambda: served.connections == 0)
        connection.close()


async def test_a_client_that_takes_its_answer_slowly_gets_it() -> None:
    """As long as it takes something, also when that is longer than all deadlines together."""
    async with serving(dataclasses.replace(SHORT, send_seconds=0.5)) as served:
        connection = await served.connect()
        await connection.send(b"GET /large HTTP/1.1\r\nHost: hunch\r\nConnection: close\r\n\r\n")
        received = 0
        for _ in range(8):
            await asyncio.sleep(0.1)
            for _ in range(16):
                received += len(await connection.reader.read(2**17))
        assert received < 32 * 2**20 // 2
        assert received + len(await connection.rest()) > 32 * 2**20
