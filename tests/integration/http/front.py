"""The two fronts of the one contract: the embedded server over SQLite, and every Lambda function over DynamoDB."""

import asyncio
import importlib
import re
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any, override

import httpx
import pytest

from functions.adapter.out.dynamodb.tables import Client, Tables
from functions.config import dynamodb
from functions.config.container import Container
from functions.registry import FUNCTIONS, HTTP_TRIGGERS, Queue
from tests.fakes.dynamodb import ENVIRONMENT, temporary_tables
from tests.integration.events.shapes import deliver, ring_record
from tests.integration.http.client import Clock
from tests.integration.lambda_.gateway import HOST, GatewayApi, GatewayTransport, Handler, Service

EMBEDDED, GATEWAY = "embedded", "gateway"
WORKERS = [function.name for function in FUNCTIONS if isinstance(function.trigger, Queue)]
"""The functions that a ring for a market wakes."""


@dataclass(frozen=True)
class Functions:
    """Every function, started once: starting takes longer than what most tests ask.

    Args:
        client: their DynamoDB's.
        clock: their time.
        service: those that answer requests.
        workers: those that are rung.
        containers: what they were made from.
    """

    client: Client
    clock: Clock
    service: Service
    workers: list[Handler]
    containers: list[Container]

    @contextmanager
    def over_new_tables(self) -> Iterator[None]:
        """Let all of them find empty tables, and the time of now; afterwards what they had before."""
        gateways: list[Any] = [container._persistence.records for container in self.containers]
        gateways = [records._gateway for records in gateways]
        before, ahead = gateways[0].tables, self.clock.ahead
        with temporary_tables(self.client) as tables:
            self._find(gateways, tables, timedelta())
            yield
        self._find(gateways, before, ahead)

    def _find(self, gateways: list[Any], tables: Tables, ahead: timedelta) -> None:
        self.clock.ahead = ahead
        for gateway in gateways:
            gateway.tables = tables


def start_functions(client: Client, **settings: str) -> Functions:
    """Start every function in an environment of its own.

    Args:
        client: of a DynamoDB.
        settings: as the environment would name them, without the prefix and in lower case.
    """
    clock, container = Clock(), cache(dynamodb.container.__wrapped__)
    variables = {"CORE_TABLE": "core", "LEDGER_TABLE": "ledger", "SETTLEMENT_QUEUE_URL": "https://queue"}
    variables |= {f"HUNCH_{name.upper()}": value for name, value in settings.items()}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (ENVIRONMENT | variables).items():
            patch.setenv(name, value)
        patch.setattr(dynamodb, "create_client", lambda: client)
        patch.setattr(dynamodb, "SystemClock", lambda: clock)
        patch.setattr(dynamodb, "container", container)
        handlers = {name: _cold_start(f"functions.api.{name}.handler") for name in (*HTTP_TRIGGERS, "fallback")}
        workers = [_cold_start(f"functions.events.{name}.handler") for name in WORKERS]
        return Functions(client, clock, Service(handlers), workers, [container(), container(threads=True)])


@asynccontextmanager
async def start_gateway(functions: Functions) -> AsyncIterator[GatewayApi]:
    """A gateway before these functions over new tables, and a client of it."""
    with functions.over_new_tables():
        transport = _WorkingTransport(functions.service, functions.workers)
        async with httpx.AsyncClient(transport=transport, base_url=f"https://{HOST}") as http:
            yield GatewayApi(http, functions.clock)


def _cold_start(module: str) -> Handler:
    sys.modules.pop(module, None)
    handler: Handler = importlib.import_module(module).handler
    return handler


@dataclass
class _WorkingTransport(httpx.AsyncBaseTransport):
    """A gateway behind which the workers run: what a request rings for is done before the next one is answered.

    That a decision rings, and how a ring comes to be a message, is what the tests of the events are about.
    """

    service: Service
    workers: list[Handler]
    _rung: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._gateway = GatewayTransport(self.service)

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        while self._rung:
            slug = self._rung.pop()
            for worker in self.workers:
                assert await asyncio.to_thread(deliver, worker, [ring_record(slug)]) == []
        # What a gateway and its authorizer say themselves is no function's, and not tested here.
        response = await self._gateway.handle_async_request(request)
        if decided := re.fullmatch(r"/v1/markets/([^/]+)/(resolve|void)", request.url.path):
            self._rung += [decided[1]] if response.status_code == httpx.codes.ACCEPTED else []
        return response
