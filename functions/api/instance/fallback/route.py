"""Every address and method that no function has: 404, or 405 where another method would do."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from functions.adapter.in_.http.endpoint import LiteralFirst
from functions.registry import HTTP_TRIGGERS


def create_router() -> APIRouter:
    """The routes of all functions, without anything behind them: the router itself tells 404 from 405."""
    router = APIRouter(route_class=LiteralFirst)
    for trigger in HTTP_TRIGGERS.values():
        router.add_api_route(trigger.path, _refuse, methods=[trigger.method], response_model=None)
    return router


async def _refuse(_: Request) -> Response:
    """Refuse what the gateway should have brought to its own function."""
    raise HTTPException(HTTPStatus.NOT_FOUND)
