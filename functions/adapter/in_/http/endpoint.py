"""Routes that keep the contract: made from the registry, and checked in the contract's order.

The first error that applies is answered: route, method, 401, 413, 415, malformed JSON, what is wrong with the content,
403, and only then what the use case refuses.
"""

import logging
import re
from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Any, cast

from pydantic import BaseModel, TypeAdapter

from domain.model.kernel.caller import Caller, Scope
from domain.model.kernel.errors import ForbiddenError
from functions.adapter.in_.http.authentication import Entrance
from functions.adapter.in_.http.caching import make_cacheable
from functions.adapter.in_.http.messages import JSON, Answer, BodyTooLargeError, Request, Response
from functions.adapter.in_.http.parameters import Exchange, Parameters
from functions.adapter.in_.http.problem_details import (
    BODY_TOO_LARGE,
    MALFORMED_JSON,
    UNSUPPORTED_MEDIA_TYPE,
    ProblemError,
    invalid,
)
from functions.adapter.in_.http.strict_json import MalformedJsonError, parse_json
from functions.registry import HTTP_TRIGGERS, Access, Http, Who

BODY_LIMIT = 65_536
DEEDS = logging.getLogger("functions.deeds")
"""What admins do to others and to their markets: who, what, and to whom or what, without any word of the request."""
_OF_ADMINS = frozenset({Who.ADMIN, Who.OWNER_OR_ADMIN, Who.HOLDER_OR_ADMIN})

type Endpoint = Callable[..., Coroutine[Any, Any, object]]
type Responses = Mapping[int, Mapping[str, Any]]


def endpoint_route(
    name: str, endpoint: Endpoint, responses: Responses | None = None, *, body: type[BaseModel] | None = None
) -> "Route":
    """The route of the registry's function of that name; see :class:`Route`."""
    return Route(name, HTTP_TRIGGERS[name], endpoint, responses, body=body)


class Route:
    """One operation of the API.

    Args:
        name: the operation's name.
        trigger: its method, path, access and status.
        endpoint: what answers; its return type is the body of a success, None for none, or an answer of its own.
        responses: what it may answer besides, as the OpenAPI document has it.
        body: the body of a success of an endpoint that renders it itself, for the document.
        is_described: whether the document has it at all.
    """

    def __init__(
        self,
        name: str,
        trigger: Http,
        endpoint: Endpoint,
        responses: Responses | None = None,
        *,
        body: type[BaseModel] | None = None,
        is_described: bool = True,
    ) -> None:
        self.name = name
        self.trigger = trigger
        self.endpoint = endpoint
        self.responses = responses or {}
        self.body = body or endpoint.__annotations__["return"]
        self.is_described = is_described
        self._parameters = Parameters(endpoint, re.findall(r"\{(\w+)\}", trigger.path))
        self._scope = None if trigger.access is Access.PUBLIC else Scope(trigger.needed_scope)
        self._encode = _encoder(endpoint.__annotations__["return"])

    async def answer(self, request: Request, path: Mapping[str, str], entrance: Entrance) -> Answer:
        """The answer to a request.

        Args:
            request: the request.
            path: what the path names.
            entrance: what the request passes first.

        Raises:
            ProblemError: the request itself is refused.
            InvalidContentError: something in it is missing or wrong.
            DomainError: the use case refuses it.
        """
        caller = await entrance.admit(request, self.trigger)
        seen = entrance.seen_by(caller, self.trigger)
        if self.trigger.method != "GET":
            body = await self._read_body(request) if self._parameters.takes_body else None
            answer = await self._call(request, path, seen, body)
            if caller is not None and caller.is_admin and self.trigger.serves in _OF_ADMINS:
                DEEDS.info("admin %s: %s %s", caller.account, self.trigger.method, request.path)
            return answer
        async with entrance.turn(caller):
            answer = await self._call(request, path, seen, None)
        if not isinstance(answer, Response):  # it has no end to make a tag of
            return answer
        return make_cacheable(request, answer, is_identified=caller is not None)

    async def _call(self, request: Request, path: Mapping[str, str], caller: Caller | None, body: object) -> Answer:
        """What the endpoint answers.

        Args:
            request: the request.
            path: what the path names.
            caller: whom the endpoint sees.
            body: the object that the request's body holds; None without a body.
        """
        response = Response(status_code=self.trigger.status.value)
        values = self._parameters.values(Exchange(request, response, path, caller, body))
        self._require_scope(caller)
        return self._complete(response, await self.endpoint(**values))

    def _require_scope(self, caller: Caller | None) -> None:
        """Let pass a credential that is good for this.

        It is looked at last, because 403 comes after everything that a request itself shows to be wrong.

        Raises:
            ForbiddenError: it is not, or its account is suspended.
        """
        if self._scope is not None:
            require_scope(caller, self._scope)

    async def _read_body(self, request: Request) -> object:
        """The object that the body holds; None where there is no body and need be none.

        Raises:
            ProblemError: it is too large, is declared as something else than JSON, is no JSON, or no object.
        """
        content = await read_body(request)
        return _parse_body(request, content) if content or self._parameters.needs_body else None

    def _complete(self, response: Response, result: object) -> Answer:
        """The answer that an endpoint's result is."""
        if self._encode is None:
            return cast("Answer", result)  # as its endpoint is annotated
        if response.status_code != HTTPStatus.NO_CONTENT:
            response.body = self._encode(result)
            response.media_type = JSON
        return response


async def read_body(request: Request) -> bytes:
    """The body.

    Raises:
        ProblemError: it is too large.
    """
    try:
        return await request.read_body(BODY_LIMIT)
    except BodyTooLargeError as error:
        raise ProblemError(BODY_TOO_LARGE, f"A body has at most {BODY_LIMIT} bytes. Send less.") from error


def require_scope(caller: Caller | None, scope: Scope) -> None:
    """Let those pass whose credential is good for it, and those without one.

    Raises:
        ForbiddenError: the account is suspended, or the credential is good for something else.
    """
    if caller is not None and caller.is_suspended:
        raise ForbiddenError("This account is suspended. Ask an admin of this instance.")
    if caller is not None and scope not in caller.scopes:
        raise ForbiddenError(_MISSING_SCOPE[scope])


_MISSING_SCOPE = {scope: f"This takes a key with the scope '{scope.value}'." for scope in Scope}
_MISSING_SCOPE[Scope.KEYS] = "People make and revoke keys; a key cannot. Sign in to do this."


def _encoder(kind: Any) -> Callable[[object], bytes] | None:  # noqa: ANN401 - what an annotation can be
    """What makes JSON of results of a type; None where a result is an answer already."""
    if kind in {Answer, Response}:
        return None
    serializer = TypeAdapter(kind).serializer
    return lambda result: serializer.to_json(result, by_alias=True)


def _parse_body(request: Request, content: bytes) -> object:
    media_type, _, _ = next(iter(request.header("content-type")), "").partition(";")
    if media_type.strip().lower() != JSON:
        raise ProblemError(UNSUPPORTED_MEDIA_TYPE, "Send JSON, and say so: 'Content-Type: application/json'.")
    try:
        value = parse_json(content)
    except MalformedJsonError as error:
        raise ProblemError(MALFORMED_JSON, f"The body is no JSON that everybody reads alike: {error}.") from error
    if not isinstance(value, dict):
        raise invalid("body", "must be a JSON object")
    return value
