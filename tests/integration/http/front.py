"""The two fronts of the one contract: the embedded server over SQLite, and every Lambda function over DynamoDB."""

import asyncio
import importlib
import re
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from threading import Lock
from typing import Any, override

import httpx
import pytest

from functions.config import dynamodb
from functions.registry import FUNCTION_OF, HTTP_TRIGGERS, SURFACES, Invocation
from tests.fakes.doorbells import doorbell_variables
from tests.fakes.dynamodb import ENVIRONMENT
from tests.integration.events.shapes import context, deliver, ring_record, schedule_event
from tests.integration.http.client import Clock
from tests.integration.lambda_.gateway import HOST, GatewayApi, GatewayTransport, Handler, Service
from tests.simulation.store import TABLES, Store

EMBEDDED, GATEWAY = "embedded", "gateway"
SETTLE, FOLD, AUDIT = "settle_positions", "project_price_history", "audit_ledger"
RECORD = "project_records"


class StoreClient:
    """boto3's client of the simulated DynamoDB: a thousand requests would spend most of their time in a real one.

    That the adapter and the emulator agree is what the contract suite and the tests of single functions are about.
    """

    def __init__(self) -> None:
        self.store = Store()
        self._lock = Lock()

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        perform = getattr(self.store, operation)

        def call(**parameters: Any) -> Any:
            with self._lock:
                return perform(**parameters)

        return call


@dataclass(frozen=True)
class Functions:
    """Every function, started once: starting takes longer than what most tests ask.

    Args:
        client: of their DynamoDB.
        clock: their time.
        service: those that answer requests.
        workers: those that queues and schedules call, by name.
    """

    client: StoreClient
    clock: Clock
    service: Service
    workers: Mapping[str, Handler]

    @contextmanager
    def over_empty_tables(self) -> Iterator[None]:
        """Let all of them find empty tables, and the time of now; afterwards what they had before."""
        before = self.client.store, self.clock.ahead
        self.client.store, self.clock.ahead = Store(), timedelta()
        yield
        self.client.store, self.clock.ahead = before


def start_functions(**settings: str) -> Functions:
    """Start every function in an environment of its own.

    Args:
        settings: as the environment would name them, without the prefix and in lower case.
    """
    client, clock, ports = StoreClient(), Clock(), cache(dynamodb.ports.__wrapped__)
    variables = {"CORE_TABLE": TABLES.core, "LEDGER_TABLE": TABLES.ledger}
    variables |= doorbell_variables("https://queue")
    variables |= {f"HUNCH_{name.upper()}": value for name, value in settings.items()}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (ENVIRONMENT | variables).items():
            patch.setenv(name, value)
        patch.setattr(dynamodb, "create_client", lambda: client)
        patch.setattr(dynamodb, "SystemClock", lambda: clock)
        patch.setattr(dynamodb, "ports", ports)
        handlers = {
            name: _cold_start(FUNCTION_OF[name].module("handler")) for name in (*HTTP_TRIGGERS, *SURFACES, "fallback")
        }
        workers = {name: _cold_start(FUNCTION_OF[name].module("handler")) for name in (SETTLE, FOLD, AUDIT, RECORD)}
        return Functions(client, clock, Service(handlers), workers)


@asynccontextmanager
async def start_gateway(functions: Functions) -> AsyncIterator[GatewayApi]:
    """A gateway before these functions over empty tables, and a client of it."""
    with functions.over_empty_tables():
        transport = _WorkingTransport(functions.service, functions.workers)
        async with httpx.AsyncClient(transport=transport, base_url=f"https://{HOST}") as http:
            yield GatewayApi(http, functions.clock)


def _cold_start(module: str) -> Handler:
    sys.modules.pop(module, None)
    handler: Handler = importlib.import_module(module).handler
    return handler


@dataclass
class _WorkingTransport(httpx.AsyncBaseTransport):
    """A gateway behind which the workers run: what a request rings for is done before it is asked for.

    That an order and a decision ring, and how a ring comes to be a message, is what the tests of the events are about.
    """

    service: Service
    workers: Mapping[str, Handler]
    _decided: set[str] = field(default_factory=set)
    _traded: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._gateway = GatewayTransport(self.service)

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        decided = set(self._decided)
        await self._ring(SETTLE, self._decided)
        await self._ring(RECORD, decided)
        if path.endswith("/prices"):
            await self._ring(FOLD, self._traded)
        if path == "/v1/audit":
            await asyncio.to_thread(self.workers[AUDIT], schedule_event(AUDIT), context(AUDIT))
        response = await self._gateway.handle_async_request(request)
        if (made := re.fullmatch(r"/v1/markets/([^/]+)/(resolve|void|orders)", path)) and response.is_success:
            (self._traded if made[2] == "orders" else self._decided).add(made[1])
        return response

    async def _ring(self, worker: str, slugs: set[str]) -> None:
        handler, is_invoked = self.workers[worker], isinstance(FUNCTION_OF[worker].trigger, Invocation)
        while slugs:
            slug = slugs.pop()
            if is_invoked:
                await asyncio.to_thread(handler, {"market": slug}, context(worker))
            else:
                assert await asyncio.to_thread(deliver, handler, [ring_record(slug)]) == []
