"""Clients that do not wait for their answer, on a server with real connections."""

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import uvicorn

from functions.adapter.out.sqlite.database import Database
from functions.embedded.app import create_app
from functions.embedded.http_protocol import ProblemProtocol

ORDER = json.dumps({"outcome": "YES", "side": "buy", "quantity": "1"}).encode()


@asynccontextmanager
async def serving(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server on a port of its own, in this event loop."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(create_app(database), http=ProblemProtocol, log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}") as http:
            yield http
        server.should_exit = True
        await task


async def post(http: httpx.AsyncClient, path: str, body: Mapping[str, str] | None = None) -> httpx.Response:
    """The answer to a request, which is a success."""
    answer = await http.post(path, json=body)
    assert answer.is_success, answer.text
    return answer


async def pass_through(http: httpx.AsyncClient) -> None:
    """Come back once the server has taken in what was sent before."""
    for _ in range(3):
        assert (await http.get("/v1/health")).is_success


async def test_an_order_whose_client_goes_away_while_it_waits_is_not_placed(tmp_path: Path) -> None:
    """Nothing is decided for a client who is not there any more; one who stays is served."""
    is_open = threading.Event()
    with Database.open(tmp_path / "hunch.db") as database:
        async with serving(database) as http:
            token = (await post(http, "/v1/dev/sign-in", {"account": "ann"})).json()["token"]
            http.headers["Authorization"] = f"Bearer {token}"
            await post(http, "/v1/accounts")
            await post(http, "/v1/markets", {"slug": "rain", "name": "Will it rain?"})
            await post(http, "/v1/markets/rain/publish")
            held = database.submit(lambda _: is_open.wait(10))
            reader, writer = await asyncio.open_connection(http.base_url.host, http.base_url.port)
            head = f"POST /v1/markets/rain/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
            rest = f"Content-Type: application/json\r\nIdempotency-Key: gone\r\nContent-Length: {len(ORDER)}\r\n\r\n"
            writer.write((head + rest).encode() + ORDER)
            staying = asyncio.create_task(
                http.post(
                    "/v1/markets/rain/orders",
                    content=ORDER,
                    headers={"Content-Type": "application/json", "Idempotency-Key": "stays"},
                )
            )
            await pass_through(http)
            writer.close()
            await writer.wait_closed()
            await pass_through(http)
            is_open.set()
            await asyncio.wrap_future(held)
            assert (await staying).status_code == 201
            assert (await http.get("/v1/markets/rain")).json()["trade_count"] == 1
            assert not await reader.read()
