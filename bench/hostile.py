"""Strangers who wish a server ill, beside whom ``bench.load`` measures what its traders get.

Run as ``python -m bench.hostile URL SECONDS``: in a process of its own, so that it takes none of the time in which the
traders' answers are read. Once what costs most to read is published it prints a line, and in the end, as JSON, what
was answered and how hostile connections ended.

- Readers send one request after the other without a credential, or with that of an account that holds a share in every
  large market: lists of a hundred markets of twenty outcomes, searches, leaderboards, results, portfolios.
- Silent connections say nothing; slow heads send a byte a second; slow bodies announce one and keep it. Each is opened
  anew once the server ends it.
- Floods send headers until they are refused: many small ones, and one that does not end.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from urllib.parse import urlsplit

from bench.connection import Connection, Person, Process, connect
from bench.figures import say

READERS, PORTFOLIOS = 16, 4
SILENT, SLOW_HEADS, SLOW_BODIES, FLOODS = 200, 50, 50, 4
MARKETS, OUTCOMES = 100, 20
PAUSE_SECONDS = 1.0
SHORT_PAUSE_SECONDS = 0.05
_BLOCK = 65_536
_BLOCKS = 640
"""Forty megabytes, by which a server without limits was brought down."""
_HEAD = b"POST /v1/invitations/accept HTTP/1.1\r\nHost: 127.0.0.1\r\n"
_READS = (
    "/v1/markets?limit=100",
    "/v1/markets?q=large&limit=100",
    "/v1/markets?status=ACTIVE&order=closing&limit=100",
    "/v1/leaderboard?limit=100",
    "/v1/accounts/stranger/results",
    "/v1/accounts/stranger/trades?limit=100",
)

_LATE_SECONDS = 60.0

type Attack = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Strangers:
    """Everybody of them, and what came of it.

    Args:
        url: the server's address.
        headers: the credential of the one who has an account.
    """

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self.answers: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()
        self._url = url
        self._headers = headers
        self._end = 0.0

    async def run(self, seconds: float) -> None:
        """Do all of it at once, for so long."""
        self._end = asyncio.get_running_loop().time() + seconds
        attacks: list[tuple[str, Attack, float, int]] = [
            ("silent", _say_nothing, PAUSE_SECONDS, SILENT),
            ("slow head", _send_head_slowly, PAUSE_SECONDS, SLOW_HEADS),
            ("slow body", _keep_body, PAUSE_SECONDS, SLOW_BODIES),
            ("many headers", _flood(b"a: b\r\n" * (_BLOCK // 6)), SHORT_PAUSE_SECONDS, FLOODS),
            ("one endless header", _flood(b"a" * _BLOCK), SHORT_PAUSE_SECONDS, FLOODS),
        ]
        async with asyncio.TaskGroup() as tasks:
            for number in range(READERS):
                tasks.create_task(self._read(_READS[number % len(_READS) :] + _READS[: number % len(_READS)], {}))
            for _ in range(PORTFOLIOS):
                tasks.create_task(self._read(("/v1/portfolio",), self._headers))
            for kind, attack, pause, times in attacks:
                for _ in range(times):
                    tasks.create_task(self._attack(kind, attack, pause))

    async def _read(self, paths: tuple[str, ...], headers: dict[str, str]) -> None:
        async with connect(self._url) as connection:
            for path in cycle(paths):
                if asyncio.get_running_loop().time() > self._end:
                    return
                answer = await connection.send("GET", path, **headers)
                self.answers[f"{path.partition('?')[0]} {answer.status}"] += 1

    async def _attack(self, kind: str, attack: Attack, pause: float) -> None:
        """Open one connection after the other, each for as long as the server bears it."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._end):
                while True:
                    self.ends[f"{kind}: {await _outcome(self._url, attack)}"] += 1
                    await asyncio.sleep(pause)


async def _settle_in(connection: Connection) -> dict[str, str]:
    """Publish the large markets, and hold a share in each; the credential of who does."""
    stranger = Person("stranger")
    await stranger.settle_in(connection)
    for number in range(MARKETS):
        slug, outcomes = f"large-{number}", [f"Outcome {outcome}" for outcome in range(OUTCOMES)]
        draft = {"slug": slug, "name": f"Large {number}", "outcomes": outcomes, "liquidity": "1"}
        await stranger.publish(connection, draft)
        (await stranger.order(connection, slug, slug, outcomes[0], quantity="0.100000")).require_success()
    return stranger.headers


async def _outcome(url: str, attack: Attack) -> str:
    """How the server ends a connection on which this is sent: the status it says, ``closed`` or ``reset``."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    sending = asyncio.create_task(_ignore_reset(attack(writer)))
    try:
        return (await reader.read(_BLOCK))[9:12].decode() or "closed"
    except ConnectionError:
        return "reset"
    finally:
        sending.cancel()
        writer.transport.abort()


async def _ignore_reset(sending: Awaitable[None]) -> None:
    with suppress(ConnectionError):
        await sending


async def _say_nothing(_: asyncio.StreamWriter) -> None:
    """Wait for the server to end it."""


async def _send_head_slowly(writer: asyncio.StreamWriter) -> None:
    for byte in _HEAD:
        writer.write(bytes([byte]))
        await asyncio.sleep(1)


async def _keep_body(writer: asyncio.StreamWriter) -> None:
    writer.write(_HEAD + b"Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{")


def _flood(block: bytes) -> Attack:
    """Headers of so many bytes at a time, until the server takes no more."""

    async def attack(writer: asyncio.StreamWriter) -> None:
        writer.write(_HEAD)
        for _ in range(_BLOCKS):
            writer.write(block)
            await writer.drain()

    return attack


@contextmanager
def beside(url: str, seconds: float, *, is_quiet: bool) -> Iterator[list[str]]:
    """Have strangers at a server while the block runs, unless it is to be quiet; then the list says what they got."""
    said: list[str] = []
    if is_quiet:
        yield said
        return
    with Process([sys.executable, "-m", "bench.hostile", url, str(seconds)]) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield said
            output, _ = process.communicate(timeout=_LATE_SECONDS)
            said += [f"strangers' {what}: {counted}" for what, counted in json.loads(output).items()]
        finally:
            process.kill()


async def _be_hostile(url: str, seconds: float) -> None:
    async with connect(url) as connection:
        strangers = Strangers(url, await _settle_in(connection))
    say("Ready.")
    await strangers.run(seconds)
    say(json.dumps({"answers": strangers.answers, "ends": strangers.ends}))


if __name__ == "__main__":
    asyncio.run(_be_hostile(sys.argv[1], float(sys.argv[2])))
