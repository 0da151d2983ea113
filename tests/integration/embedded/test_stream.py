"""The stream of a market's events, over real connections."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.embedded.server import Server, serve

DEADLINE_SECONDS = 20.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server over an empty file."""
    with serve(tmp_path) as server:
        server.await_ready()
        yield server


class People:
    """Accounts that trade on one server."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.headers: dict[str, dict[str, str]] = {}
        self._keys = iter(range(10**6))

    async def open(self, account: str) -> None:
        """Open an account."""
        answer = await self.http.post("/v1/dev/sign-in", json={"account": account})
        self.headers[account] = {"Authorization": f"Bearer {answer.json()['token']}"}
        await self.post(account, "/v1/accounts")

    async def post(self, account: str, path: str, body: Any = None) -> Any:
        """A POST that succeeds."""
        headers = {**self.headers[account], "Idempotency-Key": f"key-{next(self._keys)}"}
        response = await self.http.post(path, json=body, headers=headers)
        assert response.is_success, response.text
        return response.json()

    async def draft(self, slug: str) -> None:
        """Draft a market of ann's."""
        await self.post("ann", "/v1/markets", {"slug": slug, "name": "Will it rain?"})

    async def publish(self, slug: str) -> None:
        """Draft a market of ann's, and publish it."""
        await self.draft(slug)
        await self.post("ann", f"/v1/markets/{slug}/publish")

    async def buy(self, slug: str, times: int = 1) -> None:
        """Buy a little, so many times."""
        for _ in range(times):
            await self.post("ann", f"/v1/markets/{slug}/orders", {"outcome": "YES", "side": "buy", "quantity": "0.001"})


@asynccontextmanager
async def people(server: Server) -> AsyncIterator[People]:
    """People with one account, ann's."""
    async with httpx.AsyncClient(base_url=server.url, timeout=DEADLINE_SECONDS) as http:
        everybody = People(http)
        await everybody.open("ann")
        yield everybody


class Following:
    """A reader's side of a stream."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def next(self) -> dict[str, str]:
        """The fields of the next event; comments are passed over."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(DEADLINE_SECONDS):
            async for line in self._lines:
                if line and not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif not line and fields:
                    return fields
        raise AssertionError("the stream ended")

    async def take(self, number: int) -> list[dict[str, str]]:
        """The next events."""
        return [await self.next() for _ in range(number)]


@asynccontextmanager
async def follow(
    http: httpx.AsyncClient, slug: str, query: str = "", headers: dict[str, str] | None = None
) -> AsyncIterator[Following]:
    """Follow a market."""
    async with http.stream("GET", f"/v1/markets/{slug}/stream{query}", headers=headers) as response:
        yield Following(response)


async def test_events_arrive_as_they_happen(server: Server) -> None:
    """Each event is there with its position, type and data, the same as in the list, before and after one joins."""
    async with people(server) as them:
        await them.publish("rain")
        await them.buy("rain")
        async with follow(them.http, "rain") as reader:
            assert reader.response.status_code == 200
            assert reader.response.headers["Content-Type"].partition(";")[0] == "text/event-stream"
            assert reader.response.headers["Cache-Control"] == "no-store"
            assert reader.response.headers["X-Accel-Buffering"] == "no"
            assert reader.response.headers["X-Request-Id"]
            received = await reader.take(2)
            await them.buy("rain")
            received.append(await reader.next())
            await them.post("ann", "/v1/markets/rain/close")
            received.append(await reader.next())
        listed = (await them.http.get("/v1/markets/rain/events")).json()["events"]
        assert [json.loads(event["data"]) for event in received] == listed
        assert [event["id"] for event in received] == ["1", "2", "3", "4"]
        assert [event["event"] for event in received] == ["market.published", "trade", "trade", "market.closed"]


async def test_a_reader_goes_on_where_it_was(server: Server) -> None:
    """From `after`, and from a Last-Event-ID, which wins; also from a position that is still to come."""
    async with people(server) as them:
        await them.publish("rain")
        await them.buy("rain", 4)
        async with follow(them.http, "rain", "?after=2") as reader:
            assert (await reader.next())["id"] == "3"
        async with follow(them.http, "rain", "?after=1", {"Last-Event-ID": "4"}) as reader:
            assert (await reader.next())["id"] == "5"
        async with follow(them.http, "rain", "?after=6") as reader:
            await them.buy("rain", 2)
            assert (await reader.next())["id"] == "7"


async def test_all_readers_see_every_event(server: Server) -> None:
    """Those who join at any time see the same, without gaps."""
    async with people(server) as them:
        await them.publish("rain")

        async def read() -> list[str]:
            async with follow(them.http, "rain") as reader:
                return [event["id"] for event in await reader.take(21)]

        readers = [asyncio.create_task(read())]
        for _ in range(4):
            await them.buy("rain", 5)
            readers += [asyncio.create_task(read()) for _ in range(3)]
        expected = [str(position) for position in range(1, 22)]
        assert await asyncio.gather(*readers) == [expected] * 13


async def test_a_draft_is_silent_until_it_is_published(server: Server) -> None:
    """Whoever may see the draft gets a stream that begins with its publication; for others there is no market."""
    async with people(server) as them:
        await them.draft("rain")
        assert (await them.http.get("/v1/markets/rain/stream")).json()["code"] == "market-not-found"
        async with follow(them.http, "rain", headers=them.headers["ann"]) as reader:
            await them.post("ann", "/v1/markets/rain/publish")
            assert (await reader.next())["event"] == "market.published"


@pytest.mark.parametrize("header", ["x", "-1", "1.5", "", "9007199254740992"])
async def test_a_malformed_position(server: Server, header: str) -> None:
    """A Last-Event-ID that is no position is refused before the stream begins."""
    async with people(server) as them:
        await them.publish("rain")
        refusal = await them.http.get("/v1/markets/rain/stream", headers={"Last-Event-ID": header})
        assert (refusal.status_code, refusal.json()["code"]) == (400, "validation-failed")
        assert refusal.headers["Content-Type"] == "application/problem+json"


async def test_what_is_no_get(server: Server) -> None:
    """HEAD is answered and ends; other methods are refused; an unknown market is none."""
    async with people(server) as them:
        await them.publish("rain")
        head = await them.http.head("/v1/markets/rain/stream")
        assert (head.status_code, head.headers["Content-Type"].partition(";")[0]) == (200, "text/event-stream")
        post = await them.http.post("/v1/markets/rain/stream")
        assert (post.status_code, post.headers["Allow"]) == (405, "GET, HEAD")
        for send in (them.http.get, them.http.head):
            assert (await send("/v1/markets/snow/stream")).status_code == 404


async def test_a_server_that_stops_waits_for_no_reader(server: Server) -> None:
    """Ctrl-C ends the streams at once, without a word of complaint."""
    async with people(server) as them:
        await them.publish("rain")
        async with follow(them.http, "rain") as reader:
            await reader.next()
            started = asyncio.get_running_loop().time()
            assert await asyncio.to_thread(server.stop) == 0
            assert asyncio.get_running_loop().time() - started < 4
    assert server.complaints == ""
