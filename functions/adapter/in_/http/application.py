"""The FastAPI application around some routes: problems for errors, a request id for everything."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterable
from typing import override

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Lifespan

from domain.model.kernel.errors import ContentionError
from functions.adapter.in_.http.authentication import Entrance
from functions.adapter.in_.http.endpoint import Route
from functions.adapter.in_.http.messages import Answer, ClientGoneError, Message, Receive, Request, Scope, Send
from functions.adapter.in_.http.problem_details import answer_to, is_expected, no_route_response, refusal_response
from functions.adapter.in_.http.routing import RouteTable
from functions.registry import Http

REQUEST_ID_HEADER = b"x-request-id"
IS_HEAD = "hunch.is_head"
"""The key of a request's scope that says that it came as HEAD: it is served as GET, and its body left out."""

_logger = logging.getLogger(__name__)


def create_http_app(
    routes: Iterable[Route],
    endpoints: Iterable[Http],
    entrance: Entrance,
    public_url: str | None = None,
    lifespan: Lifespan[FastAPI] | None = None,
) -> FastAPI:
    """The application of some routes. An error that nobody expected is answered, and then raised.

    Args:
        routes: the routes it serves itself.
        endpoints: what the whole service offers, these routes or more.
        entrance: what requests pass before they reach a route.
        public_url: where people reach the service; None where it is the address of each request.
        lifespan: what goes on as long as it runs.
    """
    known = tuple(endpoints)

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await no_route_response(Request(scope, None, public_url), known)(scope, receive, send)

    app = ContractApp(
        openapi_url=None,  # FastAPI's pages and document are the server's to add
        redirect_slashes=False,
        lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # what is measured is said in metrics of our own
    )
    app.router.routes.append(ContractRoutes(ContractRoute(route, entrance, public_url) for route in routes))
    app.router.default = refuse
    return app


class ContractApp(FastAPI):
    """FastAPI with nothing between it and its router: its routes answer their errors themselves, and open no files."""

    @override
    def build_middleware_stack(self) -> ASGIApp:
        return self.router


class ContractRoutes(BaseRoute):
    """All routes as one: FastAPI's router would ask one after the other whether a request is for it.

    Args:
        routes: the routes.
    """

    def __init__(self, routes: Iterable["ContractRoute"]) -> None:
        self._table = RouteTable(routes)

    @override
    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        found = self._table.find(scope["method"], scope["path"]) if scope["type"] == "http" else None
        return (Match.FULL, {"route": found.route, "path_params": found.path}) if found else (Match.NONE, {})

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope["route"].handle(scope, receive, send)


class ContractRoute(APIRoute):
    """A route of FastAPI's that is checked in the contract's order and reads what its endpoint takes, and no more.

    It answers its errors itself: the stacks of exits and handlers of exceptions that FastAPI has for each request would
    take an eighth of an order's time, and it has no use for them.

    Args:
        route: the route.
        entrance: what its requests pass first.
        public_url: where people reach the service; None where it is the address of each request.
    """

    def __init__(self, route: Route, entrance: Entrance, public_url: str | None) -> None:
        self.trigger = route.trigger
        self._route = route
        self._entrance = entrance
        self._public_url = public_url
        super().__init__(self.trigger.path, _read_elsewhere, methods=[self.trigger.method], response_model=None)

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. An error that nobody expected is answered, and then raised."""
        request = Request(scope, receive, self._public_url)
        try:
            answer = await self._route.answer(request, scope["path_params"], self._entrance)
        except ClientGoneError:
            return  # in the middle of its body: nothing was begun, and nobody is there to be told
        except Exception as error:
            await answer_to(request, error)(scope, receive, send)
            if not is_expected(error):
                raise
        else:
            await answer(scope, receive, send)


async def _read_elsewhere() -> None:
    """What FastAPI takes for the endpoint: it has no parameters, since the route reads them."""


class Envelope:
    """What every request and answer goes through, whichever route it meets, or none.

    Every answer carries an X-Request-Id; HEAD is GET without the body; an error nobody expected is logged with the
    request's id, after the application has answered it.

    Args:
        app: what answers.
        request_id: the id of a request; a new one unless something in front of us has given it one.
    """

    def __init__(self, app: Answer, request_id: Callable[[Scope], str] | None = None) -> None:
        self._app = app
        self._request_id = request_id or _new_request_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = self._request_id(scope)
        is_head = scope["method"] == "HEAD"
        is_started = False

        async def send_enveloped(message: Message) -> None:
            nonlocal is_started
            if message["type"] == "http.response.start":
                is_started = True
                message["headers"] = [*message["headers"], (REQUEST_ID_HEADER, request_id.encode())]
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        try:
            served = {**scope, "method": "GET", IS_HEAD: True} if is_head else scope
            await self._app(served, receive, send_enveloped)
        except asyncio.CancelledError:
            if is_started:
                raise
            # The server is stopping and waits no longer for the rest of this request: the client may ask again.
            await refusal_response(Request(scope), ContentionError())(scope, receive, send_enveloped)
        except ClientGoneError:
            return  # it went away in the middle of its body: nothing was begun, and nobody is there to be told
        except Exception:
            _logger.exception("request %s failed: %s %s", request_id, scope["method"], scope["path"])


def _new_request_id(_: Scope) -> str:
    return uuid.uuid4().hex
