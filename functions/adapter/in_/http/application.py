"""The web application around some routes: problems for errors, one OpenAPI document, a request id for everything."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Any, override

from fastapi import APIRouter, FastAPI
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.model.kernel.errors import ContentionError
from functions.adapter.in_.http.authentication import Entrance
from functions.adapter.in_.http.problem_details import ProblemDetails, refusal_response, register_exception_handlers
from functions.registry import Http

type Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

REQUEST_ID_HEADER = b"x-request-id"
IS_HEAD = "hunch.is_head"
"""The key of a request's scope that says that it came as HEAD: it is served as GET, and its body left out."""

_logger = logging.getLogger(__name__)


def create_http_app(
    routers: Iterable[APIRouter],
    endpoints: Iterable[Http],
    entrance: Entrance,
    *,
    version: str,
    public_url: str | None = None,
    lifespan: Lifespan | None = None,
) -> FastAPI:
    """An application of these routes.

    Args:
        routers: the routes it serves itself.
        endpoints: what the whole service offers, these routes or more.
        entrance: what requests pass before they reach a route.
        version: the release.
        public_url: where people reach the service; None where it is the address of each request.
        lifespan: what runs as long as the application does.
    """
    app = _HunchApi(
        title="Hunch",
        summary="A prediction market of your own",
        version=version,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.entrance = entrance
    app.state.public_url = public_url
    for router in routers:
        app.include_router(router)
    register_exception_handlers(app, endpoints)
    return app


_SECURITY_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token of the issuer's, or an invitation's."},
    "key": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "A bot key, as 'Key hk_…'; a route's description names the scope it needs.",
    },
}


class _HunchApi(FastAPI):
    """FastAPI, whose document also says what it cannot know: how one signs in, and what a problem looks like."""

    @override
    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            document = super().openapi()
            schema = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas = document["components"]["schemas"]
            schemas.update({**schema.pop("$defs"), "ProblemDetails": schema})
            document["components"]["securitySchemes"] = _SECURITY_SCHEMES
            _publish_optional_bodies(document)
            _name_alternatives(schemas)
        return super().openapi()


def _publish_optional_bodies(document: dict[str, Any]) -> None:
    """Say of bodies that may be left out that they are no null either: FastAPI knows one word for both."""
    for path in document["paths"].values():
        for operation in path.values():
            for media in operation.get("requestBody", {}).get("content", {}).values():
                media["schema"] = next(iter(media["schema"].get("anyOf", ())), media["schema"])


def _name_alternatives(schemas: dict[str, Any]) -> None:
    """Give each form of a body a schema of its own, for which generators make a type."""
    for schema in list(schemas.values()):
        for form in schema.get("anyOf", ()):
            if "properties" in form:
                name = form["title"]
                schemas[name] = dict(form)
                form.clear()
                form["$ref"] = f"#/components/schemas/{name}"


class Envelope:
    """What every request and answer goes through, whichever route it meets, or none.

    Every answer carries an X-Request-Id; HEAD is GET without the body; an error nobody expected is logged with the
    request's id, after the application has answered it.

    Args:
        app: what answers.
        request_id: the id of a request; a new one unless something in front of us has given it one.
    """

    def __init__(self, app: ASGIApp, request_id: Callable[[Scope], str] | None = None) -> None:
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
        except ClientDisconnect:
            return  # it went away in the middle of its body: nothing was begun, and nobody is there to be told
        except Exception:
            _logger.exception("request %s failed: %s %s", request_id, scope["method"], scope["path"])


def _new_request_id(_: Scope) -> str:
    return uuid.uuid4().hex
