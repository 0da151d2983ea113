"""How many connections there may be: whoever opens more than their share keeps nobody out."""

import asyncio
import dataclasses
import logging
from ipaddress import ip_network

import pytest

from functions.embedded.connections.limits import ConnectionLimits
from tests.integration.embedded.connections.serving import GET, OK, Served, Socket, happens, serving

FEW = ConnectionLimits(total=20, per_address=10)
STREAM = b"GET /stream HTTP/1.1\r\nHost: hunch\r\n\r\n"
OTHER = "127.0.0.2"


async def crowd(served: Served, number: int, host: str = "127.0.0.1") -> list[Socket]:
    """Silent connections."""
    return [await served.connect(host) for _ in range(number)]


async def streams(served: Served, number: int, host: str) -> list[Socket]:
    """Connections on which an answer is under way."""
    opened = await crowd(served, number, host)
    for connection in opened:
        await connection.send(STREAM)
        await connection.until(b"begun\n")
    return opened


async def answers(served: Served, host: str = "127.0.0.1") -> bool:
    """Whether a request from there is answered."""
    connection = await served.connect(host)
    await connection.send(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    return (await connection.rest()).startswith(OK)


async def test_silent_connections_keep_nobody_out(caplog: pytest.LogCaptureFixture) -> None:
    """With far more of them than there may be, a request from there or from elsewhere is answered at once."""
    async with serving(FEW) as served:
        with caplog.at_level(logging.WARNING):
            silent = [c for end in (1, 3, 4) for c in await crowd(served, 95, f"127.0.0.{end}")]
            started = asyncio.get_running_loop().time()
            assert await answers(served)
            assert await answers(served, OTHER)
            assert asyncio.get_running_loop().time() - started < 1
        assert served.connections <= FEW.total
        assert [record.levelname for record in caplog.records] == ["WARNING"] * 2, "said once for each cap"
        for connection in silent:
            connection.close()


async def test_the_oldest_that_waits_gives_way() -> None:
    """An unfinished body waits as well; who got an answer lately is not the oldest."""
    async with serving(dataclasses.replace(FEW, total=3, per_address=3)) as served:
        kept, slow, silent = await crowd(served, 3)
        await slow.send(b"POST / HTTP/1.1\r\nHost: hunch\r\nContent-Length: 9\r\n\r\nx")
        await happens(lambda: len(served.application.requests) == 1)
        await kept.send(GET)
        await kept.until(b"0\r\n\r\n")
        assert await answers(served)
        assert await slow.rest() == b""
        assert await answers(served)
        await kept.send(GET)
        assert (await kept.until(b"0\r\n\r\n")).startswith(OK)
        for connection in (kept, silent):
            connection.close()


async def test_an_answer_under_way_gives_way_to_nobody() -> None:
    """When one address has as many as it may, only others get in; when all are taken, nobody."""
    async with serving(FEW) as served:
        opened = await streams(served, 10, "127.0.0.1")
        assert not await answers(served)
        assert await answers(served, OTHER)
        opened += await streams(served, 10, OTHER)
        assert not await answers(served, "127.0.0.3")
        served.application.released.set()
        for connection in opened:
            assert b"0 bytes" in await connection.until(b"0\r\n\r\n")
            connection.close()
        assert await answers(served)


async def test_a_proxy_has_the_connections_of_many() -> None:
    """One that is known is not held to what one address may have; the whole is bounded all the same."""
    limits = dataclasses.replace(FEW, proxies=(ip_network("127.0.0.0/31"),))
    async with serving(limits) as served:
        opened = await streams(served, 20, "127.0.0.1")
        assert not await answers(served)
        for connection in opened:
            connection.close()
