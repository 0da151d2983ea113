"""A surface as a web application of its own: addresses, who may call them, and answers as JSON."""

import hashlib
import json
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from domain.model.kernel.caller import Caller
from domain.model.kernel.caller import Scope as KeyScope
from domain.model.kernel.command import Idempotency
from functions.adapter.in_.http.authentication import Entrance
from functions.adapter.in_.http.caching import make_cacheable
from functions.adapter.in_.http.endpoint import read_body, require_scope
from functions.adapter.in_.http.idempotency import mark_replay
from functions.adapter.in_.http.messages import JSON, ClientGoneError, Receive, Request, Response, Send, encode_json
from functions.adapter.in_.http.messages import Answer as App
from functions.adapter.in_.http.messages import Scope as RequestScope
from functions.adapter.in_.http.problem_details import IDEMPOTENCY_KEY
from functions.adapter.in_.http.routing import RouteTable
from functions.adapter.in_.http.strict_json import MalformedJsonError, parse_json
from functions.adapter.in_.surface.refusal import SurfaceError, nothing_there, refusal_response, wrong, wrong_parts
from functions.registry import Http

_KEY = re.compile("[!-~]{1,255}", re.ASCII)


def _named_as_there(config: ConfigDict) -> ConfigDict:
    """A configuration of models that are read by the names of the other site, and never made by their own."""
    return config | ConfigDict(frozen=True, alias_generator=to_camel)


class Parameters(BaseModel):
    """The parameters of an address: those named and no others, numbers written as text; names as the original's."""

    model_config = _named_as_there(ConfigDict(extra="forbid"))


class Body(BaseModel):
    """A request's body: members of exactly their types; null says the same as leaving one out."""

    model_config = _named_as_there(ConfigDict(extra="forbid", strict=True))


class OpenBody(Body):
    """A body whose other members are passed over."""

    model_config = _named_as_there(ConfigDict(extra="ignore", strict=True))


class Call(NamedTuple):
    """One request, as an operation sees it.

    Args:
        caller: who asks; None for nobody in particular.
        path: the parameters in the address.
        query: those after it, as often as each was sent.
        content: the body's JSON value; an empty object where there is no body.
        idempotency: how the request is known again.
        origin: the address of the instance, without a slash at its end.
        replayed: is called where the answer was given before.
    """

    caller: Caller | None
    path: Mapping[str, str]
    query: Sequence[tuple[str, str]]
    content: object
    idempotency: Idempotency
    origin: str
    replayed: Callable[[], None]

    @property
    def account(self) -> Caller:
        """The caller of an operation that needs an account."""
        assert self.caller is not None, "the entrance lets nobody else in"
        return self.caller

    def parameters[M: BaseModel](self, model: type[M]) -> M:
        """The parameters after the address; of those that were sent twice the last.

        Raises:
            SurfaceError: they do not fit the model.
        """
        return _fit(model, dict(self.query))

    def body[M: BaseModel](self, model: type[M]) -> M:
        """The body.

        Raises:
            SurfaceError: it does not fit the model.
        """
        if not isinstance(self.content, dict):
            raise wrong("body", "must be a JSON object")
        return _fit(model, _without_null(self.content))

    def bodies[M: BaseModel](self, model: type[M], most: int) -> list[M]:
        """The objects that the body lists.

        Args:
            model: what each of them fits.
            most: how many there may be.

        Raises:
            SurfaceError: they do not fit the model, or there are too many, or none.
        """
        if not isinstance(self.content, list) or not 1 <= len(self.content) <= most:
            raise wrong("body", f"must be a list of 1 to {most} JSON objects")
        if not all(isinstance(each, dict) for each in self.content):
            raise wrong("body", "must be a list of JSON objects")
        return [
            _fit(model, {name: value for name, value in each.items() if value is not None}) for each in self.content
        ]

    def step(self, name: str) -> Idempotency:
        """How one of several writes of this request is known again. No client can send a key with a blank."""
        return replace(self.idempotency, key=f"{self.idempotency.key} {name}")


type Answer = Callable[[Call], Awaitable[object]]


class Operation(NamedTuple):
    """One address of a surface.

    Args:
        trigger: its method and path below the surface, who may call it, and the status of a success.
        answer: makes the answer's JSON value.
    """

    trigger: Http
    answer: Answer


class SurfaceApp:
    """Answers below a surface's paths.

    Args:
        paths: where it is, such as ``/v0``.
        operations: what it answers.
        entrance: what requests pass first.
        public_url: where people reach the instance; None where it is the address of each request.
    """

    def __init__(
        self,
        paths: Iterable[str],
        operations: Iterable[Operation],
        entrance: Entrance,
        *,
        public_url: str | None = None,
    ) -> None:
        self._paths = tuple(paths)
        self._operations = RouteTable(operations)
        self._entrance = entrance
        self._public_url = public_url

    def answers(self, path: str) -> bool:
        """Whether an address is one of its own."""
        return any(path == own or path.startswith(f"{own}/") for own in self._paths)

    async def __call__(self, scope: RequestScope, receive: Receive, send: Send) -> None:
        """Serve one request below one of its paths. An error that nobody expected is answered, and then raised."""
        root = next((own for own in self._paths if scope["path"].startswith(f"{own}/")), "")
        below = {**scope, "path": scope["path"].removeprefix(root)}
        try:
            response = await self._answer(Request(below, receive, self._public_url))
        except ClientGoneError:
            raise
        except Exception as error:
            response = refusal_response(error)
            await response(scope, receive, send)
            if response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
        else:
            await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        """The answer of the operation that a request is for."""
        found = self._operations.find(request.method, request.path)
        if found is None:
            raise nothing_there()
        trigger = found.route.trigger
        caller = await self._entrance.admit(request, trigger)
        seen = self._entrance.seen_by(caller, trigger)
        content = _content(await read_body(request)) if trigger.method == "POST" else {}
        require_scope(seen, KeyScope(trigger.needed_scope))
        response = Response(status_code=trigger.status.value, media_type=JSON)
        call = Call(
            caller=seen,
            path=found.path,
            query=request.query,
            content=content,
            idempotency=_idempotency(request, f"{self._paths[0]}{request.path}", content),
            origin=request.public_url.rstrip("/"),
            replayed=lambda: mark_replay(response, replayed=True),
        )
        if trigger.method != "GET":
            response.body = encode_json(await found.route.answer(call))
            response.headers["Cache-Control"] = "no-store"
            return response
        async with self._entrance.turn(caller):
            response.body = encode_json(await found.route.answer(call))
        return make_cacheable(request, response, is_identified=caller is not None)


class Surfaces:
    """Answers with the surface that an address is one of, and passes on everything else.

    Args:
        app: what answers everything else.
        surfaces: those that are switched on.
    """

    def __init__(self, app: App, surfaces: Sequence[SurfaceApp]) -> None:
        self._app = app
        self._surfaces = surfaces

    async def __call__(self, scope: RequestScope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        found = [surface for surface in self._surfaces if scope["type"] == "http" and surface.answers(scope["path"])]
        await (found[0] if found else self._app)(scope, receive, send)


def _content(body: bytes) -> object:
    """The JSON value of a body; an empty object where there is none."""
    try:
        return parse_json(body) if body.strip() else {}
    except MalformedJsonError as error:
        raise SurfaceError(HTTPStatus.BAD_REQUEST, f"The body is no JSON: {error}.") from error


def _idempotency(request: Request, place: str, content: object) -> Idempotency:
    """How a request is known again: by the key it was sent with; without one it is its own.

    It is never by what it asks for: two equal bets are two bets.
    """
    keys = request.header(IDEMPOTENCY_KEY.lower())
    if len(keys) > 1 or (keys and keys[0] and not _KEY.fullmatch(keys[0])):
        raise wrong(IDEMPOTENCY_KEY, "must be 1 to 255 visible ASCII characters, and sent once")
    body = json.dumps(content, sort_keys=True, separators=(",", ":"))
    asked = f"{request.method}\n{place}\n{body}"
    key = keys[0] if keys and keys[0] else secrets.token_hex()
    return Idempotency(key, hashlib.sha256(asked.encode()).hexdigest())


def _without_null(value: Mapping[str, object]) -> Mapping[str, object]:
    return {name: member for name, member in value.items() if member is not None}


def _fit[M: BaseModel](model: type[M], values: Mapping[str, object]) -> M:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise wrong_parts(error) from error
