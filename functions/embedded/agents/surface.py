"""``/mcp`` of a server, for agents; loaded when the first of them comes, because loading takes a second."""

import asyncio
import importlib
import importlib.util
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.problem_details import METHOD_NOT_ALLOWED, ProblemError, problem_response
from functions.adapter.in_.http.rate_limit import CallerLimits

PATH = "/mcp"


def has_extra() -> bool:
    """Whether what ``hunch[mcp]`` adds is installed."""
    return importlib.util.find_spec("mcp") is not None


class AgentSurface:
    """Answers at ``/mcp``, and passes on everything else.

    A browser names its Origin and an agent does not, so a page cannot call the tools.

    Args:
        app: what answers everything else.
        api: the API, which the tools call.
        rate_limits: how often one address may ask, whatever credential it sends: nothing checks that before a tool is
            called. None for any number of times.
    """

    def __init__(self, app: ASGIApp, api: ASGIApp, rate_limits: CallerLimits | None = None) -> None:
        self._app = app
        self._api = api
        self._rate_limits = rate_limits
        self._starting = asyncio.Lock()
        self._stop = asyncio.Event()
        self._server: ASGIApp | None = None
        self._running: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Serve as long as the block lasts."""
        try:
            yield
        finally:
            self._stop.set()
            if self._running is not None:
                await self._running

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] != PATH or "origin" in Headers(scope=scope):
            answer = self._app
        elif scope["method"] == "POST":
            answer = await self._refusal(Request(scope)) or await self._started()
        else:
            # The SDK would open a stream that nothing is ever sent on, and that holds up the server's end.
            detail = "Agents send POST here: every request is answered by itself."
            answer = problem_response(Request(scope), METHOD_NOT_ALLOWED, detail, headers={"Allow": "POST"})
        await answer(scope, receive, send)

    async def _refusal(self, request: Request) -> ASGIApp | None:
        """The answer to an address that asks too often; None for the others."""
        try:
            if self._rate_limits is not None:
                await self._rate_limits.count(request, None)
        except ProblemError as error:
            return problem_response(request, error.problem, error.detail, headers=error.headers)
        return None

    async def _started(self) -> ASGIApp:
        """What answers agents, loaded once."""
        async with self._starting:
            if self._server is None:
                loaded: asyncio.Future[ASGIApp] = asyncio.get_running_loop().create_future()
                self._running = asyncio.create_task(self._serve(loaded))
                self._server = await loaded
            return self._server

    async def _serve(self, loaded: asyncio.Future[ASGIApp]) -> None:
        """Run the server until it is to stop: what it starts has to end in the task that started it."""
        try:
            module = await asyncio.to_thread(importlib.import_module, "functions.embedded.agents.in_process")
            server, running = module.create_http_server(self._api)
        except Exception as error:  # noqa: BLE001 -- the request that asked for it is told
            loaded.set_exception(error)
            return
        async with running:
            loaded.set_result(server)
            await self._stop.wait()
