"""Routes that keep the contract: made from the registry, and checked in the contract's order.

The first error that applies is answered: route, method, 401, 413, 415, malformed JSON, and only then what is wrong
with the content. FastAPI reads a body before it looks at anything else, so these checks come before FastAPI's own.
"""

import functools
import inspect
from collections.abc import AsyncIterator, Callable, Coroutine
from http import HTTPStatus
from typing import Any, ClassVar, override

from fastapi import APIRouter, Request, Response
from fastapi.datastructures import Default
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.routing import Match
from starlette.types import Scope as RequestScope

from domain.model.kernel.caller import Caller, Scope
from domain.model.kernel.errors import ForbiddenError
from functions.adapter.in_.http.authentication import enter, turn
from functions.adapter.in_.http.caching import make_cacheable
from functions.adapter.in_.http.problem_details import (
    BODY_TOO_LARGE,
    MALFORMED_JSON,
    MEDIA_TYPE,
    UNSUPPORTED_MEDIA_TYPE,
    ProblemError,
    invalid,
)
from functions.adapter.in_.http.strict_json import MalformedJsonError, parse_json
from functions.registry import HTTP_TRIGGERS, Access, Http

BODY_LIMIT = 65_536


type Endpoint = Callable[..., Coroutine[Any, Any, object]]
type Responses = dict[int | str, dict[str, Any]]


def endpoint_router(
    name: str, endpoint: Endpoint, responses: Responses | None = None, *, body: type[BaseModel] | None = None
) -> APIRouter:
    """A router that serves the registry's function of that name; see :func:`trigger_router`."""
    return trigger_router(name, HTTP_TRIGGERS[name], endpoint, responses, body=body)


def trigger_router(
    name: str,
    trigger: Http,
    endpoint: Endpoint,
    responses: Responses | None = None,
    *,
    body: type[BaseModel] | None = None,
    is_described: bool = True,
) -> APIRouter:
    """A router with one route.

    Args:
        name: the operation's name.
        trigger: its method, path, access and status.
        endpoint: what answers; its return type is the body of a success.
        responses: what it may answer besides, as FastAPI documents it.
        body: the body of a success of an endpoint that renders it itself.
        is_described: whether the OpenAPI document has it.
    """
    router = APIRouter(route_class=_route_class(trigger))
    router.add_api_route(
        trigger.path,
        endpoint if trigger.access is Access.PUBLIC else _within_scope(Scope(trigger.needed_scope), endpoint),
        methods=[trigger.method],
        response_model=Default(None) if body is None else body,
        status_code=trigger.status.value,
        response_class=Response if trigger.status is HTTPStatus.NO_CONTENT else JSONResponse,
        operation_id=name,
        include_in_schema=is_described,
        summary=trigger.summary,
        description=_description(trigger),
        tags=[trigger.tag],
        responses={**(responses or {}), "4XX": _PROBLEM, "5XX": _PROBLEM},
        openapi_extra={"security": _SECURITY[trigger.access]},
    )
    return router


_PROBLEM: dict[str, Any] = {
    "description": "What was wrong, and what to do about it",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
}
_SECURITY: dict[Access, list[dict[str, list[str]]]] = {
    Access.PUBLIC: [],
    Access.OPTIONAL: [{}, {"bearer": []}, {"key": []}],
    Access.ACCOUNT: [{"bearer": []}, {"key": []}],
}


def _description(trigger: Http) -> str:
    """Who may do it, for people."""
    if trigger.access is Access.PUBLIC:
        return "For anybody."
    by_key = "No bot key will do." if trigger.needed_scope == "keys" else f"By bot keys with `{trigger.needed_scope}`."
    return f"For: {trigger.serves.value}. {by_key}"


def _within_scope(scope: Scope, endpoint: Endpoint) -> Endpoint:
    """The endpoint, for callers whose credential is good for it.

    It is looked at last, because 403 comes after everything that a request itself shows to be wrong.
    """
    if "caller" not in inspect.signature(endpoint).parameters:
        raise TypeError("an endpoint that is not public has a parameter for its caller")

    @functools.wraps(endpoint)
    async def endpoint_within_scope(*, caller: Caller | None, **values: object) -> object:
        if caller is not None and caller.is_suspended:
            raise ForbiddenError("This account is suspended. Ask an admin of this instance.")
        if caller is not None and scope not in caller.scopes:
            raise ForbiddenError(_MISSING_SCOPE[scope])
        return await endpoint(caller=caller, **values)

    return endpoint_within_scope


_MISSING_SCOPE = {scope: f"This takes a key with the scope '{scope.value}'." for scope in Scope}
_MISSING_SCOPE[Scope.KEYS] = "People make and revoke keys; a key cannot. Sign in to do this."


class _ParsedRequest(Request):
    """A request whose body has been read and, if there is one, parsed."""

    def __init__(self, request: Request, body: bytes, value: object) -> None:
        super().__init__(request.scope, request.receive)
        self._content = body
        self._value = value

    @override
    async def body(self) -> bytes:
        return self._content

    @override
    async def json(self) -> object:
        return self._value


class LiteralFirst(APIRoute):
    """A route whose parameters never stand for what is an address by itself, as on API Gateway."""

    @override
    def matches(self, scope: RequestScope) -> tuple[Match, RequestScope]:
        is_other = scope["type"] == "http" and scope["path"] in _LITERAL_PATHS and scope["path"] != self.path
        return (Match.NONE, {}) if is_other else super().matches(scope)


_LITERAL_PATHS = frozenset(trigger.path for trigger in HTTP_TRIGGERS.values() if "{" not in trigger.path)


class _ContractRoute(LiteralFirst):
    """A route that checks in the contract's order."""

    trigger: ClassVar[Http]

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        takes_body = self.body_field is not None
        needs_body = self.body_field is not None and self.body_field.field_info.is_required()

        async def handle_contract(request: Request) -> Response:
            caller = await enter(request, self.trigger)
            if request.method == "GET":
                async with turn(request, caller):
                    answer = await handle(request)
                if isinstance(answer, StreamingResponse):  # it has no end to make a tag of
                    return answer
                return make_cacheable(request, answer, is_identified=caller is not None)
            if not takes_body:
                return await handle(request)
            body = await _read_body(request)
            value = _parse_body(request, body) if body or needs_body else {}
            return await handle(_ParsedRequest(request, body, value))

        return handle_contract


def _route_class(trigger: Http) -> type[_ContractRoute]:
    """The class of a function's route: FastAPI makes routes of a class, and gives it nothing of ours."""
    return type("_FunctionRoute", (_ContractRoute,), {"trigger": trigger})


async def _read_body(request: Request) -> bytes:
    """The body, as long as it keeps to the limit, whatever length its header claims.

    Raises:
        ProblemError: it is too large.
    """
    claimed = request.headers.get("content-length", "0")
    if claimed.isdecimal() and int(claimed) > BODY_LIMIT:
        raise _too_large()
    body = bytearray()
    chunks: AsyncIterator[bytes] = request.stream()
    async for chunk in chunks:
        body += chunk
        if len(body) > BODY_LIMIT:
            raise _too_large()
    return bytes(body)


def _too_large() -> ProblemError:
    return ProblemError(BODY_TOO_LARGE, f"A body has at most {BODY_LIMIT} bytes. Send less.")


def _parse_body(request: Request, body: bytes) -> object:
    """The JSON object that the body holds.

    Raises:
        ProblemError: it is declared as something else, is no JSON, or no object.
    """
    media_type, _, _ = request.headers.get("content-type", "").partition(";")
    if media_type.strip().lower() != "application/json":
        raise ProblemError(UNSUPPORTED_MEDIA_TYPE, "Send JSON, and say so: 'Content-Type: application/json'.")
    try:
        value = parse_json(body)
    except MalformedJsonError as error:
        raise ProblemError(MALFORMED_JSON, f"The body is no JSON that everybody reads alike: {error}.") from error
    if not isinstance(value, dict):
        raise invalid("body", "must be a JSON object")
    return value
