"""An instance that serves in a thread of this process, with somebody on the way who may meddle with what it says."""

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, override

import httpx
import uvicorn
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.application.ledger.open_account import OpenAccountRequest
from domain.application.trading.create_market import CreateMarketRequest
from domain.application.trading.place_order import PlaceOrderRequest
from domain.application.trading.publish_market import PublishMarketRequest
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.kernel.money import MICROS
from domain.model.trading.market import MarketDefinition
from domain.model.trading.order import OrderTerms
from domain.model.trading.trade import Side
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.system.clock import SystemClock, SystemRandom
from functions.config.ports import Ports
from functions.config.settings import Settings
from functions.config.sqlite import sqlite_persistence
from functions.config.use_cases import UseCases
from functions.embedded.app import create_app

MARKET = "rain"
OUTCOMES = ("=1+1", 'Ja, "größer"', "new\nline")
TRADES = 9
START_SECONDS = 30.0

type Meddle = Callable[[dict[str, Any]], object]


class Asked(NamedTuple):
    """A request that came by."""

    path: str
    query: str
    headers: Headers


@dataclass
class Meddler:
    """Stands between the server and its clients: does nothing until a test tells it to.

    Args:
        app: the application behind it.
        answers: what to answer instead of the application, to the next requests; None lets one through.
        meddle: changes the JSON of a list of trades before it is passed on.
        asked: every request that came by.
    """

    app: ASGIApp
    answers: list[Response | None] = field(default_factory=list)
    meddle: Meddle | None = None
    asked: list[Asked] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        self.asked.append(Asked(request.url.path, request.url.query, request.headers))
        if self.answers and (answer := self.answers.pop(0)) is not None:
            await answer(scope, receive, send)
        elif self.meddle and request.url.path.endswith("/trades"):
            await self._forge(self.meddle, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _forge(self, meddle: Meddle, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""

        async def keep(message: Message) -> None:
            nonlocal body
            body += message.get("body", b"")

        await self.app(scope, receive, keep)
        page = json.loads(body)
        meddle(page)
        await Response(json.dumps(page), media_type="application/json")(scope, receive, send)


@dataclass(frozen=True)
class Running:
    """A running instance: its database, its address, who is on the way, and a client that nobody meddles with."""

    database: Path
    url: str
    meddler: Meddler
    http: httpx.Client


class TellingServer(uvicorn.Server):
    """A server that says when it has started."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = threading.Event()

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    """An instance with a market in which ann and ben have traded, as long as the block lasts."""
    path = folder / "hunch.db"
    with Database.open(path) as database:
        asyncio.run(_fill(database), loop_factory=asyncio.new_event_loop)
        meddler = Meddler(create_app(database))
        config = uvicorn.Config(meddler, port=0, log_level="warning", ws="none", timeout_graceful_shutdown=1)
        server = TellingServer(config)
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            assert server.is_up.wait(START_SECONDS)
            url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
            with httpx.Client(base_url=url) as http:
                yield Running(path, url, meddler, http)
        finally:
            server.should_exit = True
            thread.join()


async def _fill(database: Database) -> None:
    use_cases = UseCases(Ports(sqlite_persistence(database), SystemClock(), SystemRandom(), Settings()))
    keys = (Idempotency(f"key-{number}", "") for number in range(100))
    ann, ben = Caller("ann"), Caller("ben")
    for trader in (ann, ben):
        await use_cases.open_account.execute(OpenAccountRequest(trader, next(keys)))
    definition = MarketDefinition("Will it rain?", outcomes=OUTCOMES)
    await use_cases.create_market.execute(CreateMarketRequest(ann, MARKET, definition, next(keys)))
    await use_cases.publish_market.execute(PublishMarketRequest(ann, MARKET, next(keys)))
    for number in range(TRADES):
        side = Side.SELL if number % 4 == 3 else Side.BUY
        terms = OrderTerms(OUTCOMES[number % 2], side, quantity=(2 if side is Side.BUY else 1) * MICROS + number)
        await use_cases.place_order.execute(PlaceOrderRequest((ann, ben)[number % 2], MARKET, terms, next(keys)))
