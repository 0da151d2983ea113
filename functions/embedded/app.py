"""The whole product as one web application over one SQLite file."""

import asyncio
import contextlib
import importlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp

from domain.application.project_price_history import ProjectPriceHistoryRequest
from domain.port.out.clock import Clock
from domain.port.out.doorbell import Doorbell
from functions.adapter.in_.http.application import Envelope, create_http_app
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.instance import instance_secret
from functions.adapter.out.system.clock import SystemClock, SystemRandom
from functions.adapter.out.system.doorbell import ImmediateDoorbell, ProcessDoorbell
from functions.adapter.out.system.turns import ProcessTurns
from functions.config.container import Container
from functions.config.release import VERSION
from functions.config.settings import Settings
from functions.config.sqlite import sqlite_persistence
from functions.embedded import developer_sign_in
from functions.embedded.background import run_background
from functions.embedded.developer_sign_in import SECRET_NAME, SIGN_IN, DeveloperTokens
from functions.embedded.documentation import PAGES, add_documentation
from functions.embedded.host_guard import HostGuard
from functions.embedded.ledger_stream import LedgerStream
from functions.registry import HTTP_TRIGGERS, PRICE_HISTORY


def create_app(database: Database, settings: Settings | None = None, clock: Clock | None = None) -> ASGIApp:
    """The application: every HTTP function, the developer sign-in, and the event functions for as long as it runs.

    Args:
        database: an open database, which the caller closes.
        settings: what this instance is set to.
        clock: the time; the system's when None.
    """
    clock = clock or SystemClock()
    persistence = sqlite_persistence(database)
    stream = LedgerStream(persistence.unit_of_work)
    settlement = ProcessDoorbell()
    prices = ImmediateDoorbell(lambda slug: container.project_price_history.execute(ProjectPriceHistoryRequest(slug)))

    def doorbell(queue: str) -> Doorbell:
        return prices if queue == PRICE_HISTORY else settlement

    container = Container(
        replace(persistence, unit_of_work=stream),
        clock,
        SystemRandom(),
        settings or Settings(),
        turns=ProcessTurns(),
        doorbell=doorbell,
    )
    tokens = DeveloperTokens(instance_secret(database, SECRET_NAME), clock)

    @contextlib.asynccontextmanager
    async def run_event_functions(_: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(run_background(container, settlement, stream, SystemClock()))
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    def describe() -> dict[str, Any]:
        return app.openapi()

    def use_case(name: str) -> object:
        return describe if name == "get_openapi" else getattr(container, name)

    app: FastAPI = create_http_app(
        [*routers(use_case), developer_sign_in.create_router(tokens)],
        [*HTTP_TRIGGERS.values(), SIGN_IN, *PAGES],
        tokens,
        version=VERSION,
        lifespan=run_event_functions,
    )
    add_documentation(app)
    return Envelope(HostGuard(app))


def routers(use_case: Callable[[str], object]) -> list[APIRouter]:
    """The route of every HTTP function, over its use case."""
    modules = {name: importlib.import_module(f"functions.api.{name}.route") for name in HTTP_TRIGGERS}
    return [module.create_router(use_case(name)) for name, module in modules.items()]
