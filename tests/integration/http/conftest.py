"""The application under test: all that these tests know of how it is made and started.

A test runs against the embedded server. One that is marked as showing a line of the contract runs against the Lambda
functions as well; what only varies an input that the same code reads on both is not worth its time twice.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from functions.adapter.out.sqlite.database import Database
from functions.config.settings import LOOPBACK_NAMES, Settings
from functions.embedded.app import create_app
from functions.registry import FUNCTION_OF
from tests.integration.http.client import Api, Caller, Clock
from tests.integration.http.front import EMBEDDED, GATEWAY, Functions, start_functions, start_gateway
from tests.integration.http.lines import EMBEDDED_LINES

type Message = MutableMapping[str, Any]
type StartApp = Callable[..., AbstractAsyncContextManager[Api]]
type BreakUseCase = Callable[[str], None]

BASE_URL = "http://127.0.0.1:8000"
START_SECONDS = 10.0


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Starts the application as a server does, and stops it at the end.

    The lifespan runs in one task of its own, because fixtures are set up and torn down in different ones.
    """
    inbox: asyncio.Queue[Message] = asyncio.Queue()
    outbox: asyncio.Queue[Message] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
    task = asyncio.ensure_future(app(scope, inbox.get, outbox.put))
    await inbox.put({"type": "lifespan.startup"})
    message = await asyncio.wait_for(outbox.get(), START_SECONDS)
    assert message["type"] == "lifespan.startup.complete", message
    yield
    await inbox.put({"type": "lifespan.shutdown"})
    message = await asyncio.wait_for(outbox.get(), START_SECONDS)
    assert message["type"] == "lifespan.shutdown.complete", message
    await asyncio.wait_for(task, START_SECONDS)


@asynccontextmanager
async def start(path: Path, names: frozenset[str] = LOOPBACK_NAMES, **settings: str) -> AsyncIterator[Api]:
    """A running application over a new database, and a client of it.

    Args:
        path: the database's file.
        names: the host names that it answers to.
        settings: as the environment would name them, without the prefix and in lower case.
    """
    environment = {f"HUNCH_{name.upper()}": value for name, value in settings.items()}
    clock = Clock()
    with Database.open(path) as database:
        app = create_app(database, Settings.from_environment(environment), clock, names)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with lifespan(app), httpx.AsyncClient(transport=transport, base_url=BASE_URL) as http:
            yield Api(http, clock)


def pytest_configure(config: pytest.Config) -> None:
    """Name the mark that says what a test is there for."""
    config.addinivalue_line("markers", "contract(*lines): the lines of the contract it shows; it runs on both fronts")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test on the embedded server, and what shows a line of the contract on the Lambda functions as well."""
    lines = {line for mark in metafunc.definition.iter_markers("contract") for line in mark.args}
    if "front" in metafunc.fixturenames:
        fronts = [EMBEDDED, GATEWAY] if lines - EMBEDDED_LINES else [EMBEDDED]
        metafunc.parametrize("front", fronts, scope="module")
    elif lines:
        raise pytest.UsageError(f"{metafunc.definition.nodeid} shows a line of the contract and asks no application")


@pytest.fixture(scope="session")
def functions() -> Functions:
    """Every Lambda function, over a DynamoDB in memory."""
    return start_functions()


@pytest.fixture(scope="module")
def start_app(request: pytest.FixtureRequest, front: str, tmp_path_factory: pytest.TempPathFactory) -> StartApp:
    """Starts an application over an empty store, with settings where a test changes one."""
    if front == GATEWAY:
        functions: Functions = request.getfixturevalue("functions")
        return lambda **settings: start_gateway(start_functions(**settings) if settings else functions)
    return lambda **settings: start(tmp_path_factory.mktemp("database") / "hunch.db", **settings)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def api(start_app: StartApp) -> AsyncIterator[Api]:
    """One application for the tests of a module; they keep out of each other's way by using new names."""
    async with start_app() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def fresh_api(start_app: StartApp) -> AsyncIterator[Api]:
    """An application of the test's own, for what depends on everything that is in it."""
    async with start_app() as running:
        yield running


@pytest.fixture
def break_use_case(monkeypatch: pytest.MonkeyPatch) -> BreakUseCase:
    """Puts a bug into the use case of that name: it raises what nobody expects, with a message that nobody may see."""

    async def fail(*_: object) -> None:
        raise RuntimeError("secret of the house")

    def break_it(name: str) -> None:
        class_name = name.title().replace("_", "")
        monkeypatch.setattr(f"domain.application.{FUNCTION_OF[name].subdomain}.{name}.{class_name}.execute", fail)

    return break_it


@pytest_asyncio.fixture(loop_scope="module")
async def trader(api: Api) -> Caller:
    """Somebody with an account and the starting grant."""
    return await api.open_account()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def member(api: Api) -> Caller:
    """Somebody with an account, for all requests of a module in which it does not matter what is in it."""
    return await api.open_account()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def open_market(api: Api) -> str:
    """A market between YES and NO with b = 100 that the whole module may ask about, but not trade on."""
    return await api.published_market()
