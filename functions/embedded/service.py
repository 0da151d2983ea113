"""The service of one machine: a FastAPI application whose router finds the API's routes in one step."""

from collections.abc import Iterable
from typing import override

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from functions.adapter.in_.http.application import Api
from functions.adapter.in_.http.endpoint import Route
from functions.adapter.in_.http.routing import RouteTable


class Service(FastAPI):
    """FastAPI with nothing between it and its router: its routes answer their errors themselves, and open no files.

    Args:
        api: the routes.
        lifespan: what goes on as long as it runs.
    """

    def __init__(self, api: Api, lifespan: Lifespan[FastAPI]) -> None:
        super().__init__(
            openapi_url=None,  # the pages and the document are functions/embedded/documentation.py's to add
            redirect_slashes=False,
            lifespan=lifespan,
            telemetry={"tracing": False, "metrics": False, "logs": False},
        )
        self.router.routes.append(ServiceRoutes(ServiceRoute(route, api) for route in api.routes))
        self.router.default = api.refuse

    @override
    def build_middleware_stack(self) -> ASGIApp:
        return self.router


class ServiceRoutes(BaseRoute):
    """All routes as one: FastAPI's router would ask one after the other whether a request is for it.

    Args:
        routes: the routes.
    """

    def __init__(self, routes: Iterable["ServiceRoute"]) -> None:
        self._table = RouteTable(routes)

    @override
    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        found = self._table.find(scope["method"], scope["path"]) if scope["type"] == "http" else None
        return (Match.FULL, {"route": found.route, "path_params": found.path}) if found else (Match.NONE, {})

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope["route"].handle(scope, receive, send)


class ServiceRoute(APIRoute):
    """A route of FastAPI's that is checked in the contract's order and reads what its endpoint takes, and no more.

    The stacks of exits and the handlers of exceptions that FastAPI has for each request would take an eighth of an
    order's time, and a route that answers its errors itself has no use for them.

    Args:
        route: the route.
        api: lets it answer.
    """

    def __init__(self, route: Route, api: Api) -> None:
        self.trigger = route.trigger
        self._route = route
        self._api = api
        super().__init__(self.trigger.path, _read_elsewhere, methods=[self.trigger.method], response_model=None)

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._api.answer(self._route, scope["path_params"], scope, receive, send)


async def _read_elsewhere() -> None:
    """What FastAPI takes for the endpoint: it has no parameters, since the route reads them."""
