"""Routes that keep the contract: made from the registry, and checked in the contract's order.

The first error that applies is answered: route, method, 401, 413, 415, malformed JSON, and only then what is wrong
with the content. FastAPI reads a body before it looks at anything else, so these checks come before FastAPI's own.
"""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, ClassVar, override

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from functions.adapter.in_.http.authentication import identify_caller
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


def endpoint_router(name: str, endpoint: Endpoint, responses: Responses | None = None) -> APIRouter:
    """A router that serves the registry's function of that name; see :func:`trigger_router`."""
    return trigger_router(name, HTTP_TRIGGERS[name], endpoint, responses)


def trigger_router(name: str, trigger: Http, endpoint: Endpoint, responses: Responses | None = None) -> APIRouter:
    """A router with one route.

    Args:
        name: the operation's name.
        trigger: its method, path, access and status.
        endpoint: what answers; its return type is the body of a success.
        responses: what it may answer besides, as FastAPI documents it.
    """
    router = APIRouter(route_class=_AccountRoute if trigger.access is Access.ACCOUNT else _OpenRoute)
    router.add_api_route(
        trigger.path,
        endpoint,
        methods=[trigger.method],
        status_code=trigger.status.value,
        operation_id=name,
        summary=trigger.summary,
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
    Access.OPTIONAL: [{}, {"bearer": []}],
    Access.ACCOUNT: [{"bearer": []}],
}


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


class _OpenRoute(APIRoute):
    """A route that anybody may call."""

    access: ClassVar[Access] = Access.OPTIONAL

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        takes_body = self.body_field is not None
        needs_body = self.body_field is not None and self.body_field.field_info.is_required()

        async def handle_contract(request: Request) -> Response:
            request.state.caller = await identify_caller(request, self.access)
            if request.method == "GET":
                answer = await handle(request)
                return make_cacheable(request, answer, is_identified=request.state.caller is not None)
            if not takes_body:
                return await handle(request)
            body = await _read_body(request)
            value = _parse_body(request, body) if body or needs_body else {}
            return await handle(_ParsedRequest(request, body, value))

        return handle_contract


class _AccountRoute(_OpenRoute):
    """A route that needs a credential."""

    access: ClassVar[Access] = Access.ACCOUNT


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
