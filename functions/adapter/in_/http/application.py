"""The routes as an application: problems for errors, a request id for everything."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterable, Mapping

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


class Api:
    """Some routes as an ASGI application, which answers what it has no route for, too.

    Args:
        routes: the routes it serves itself.
        endpoints: what the whole service offers, these routes or more.
        entrance: what requests pass before they reach a route.
        public_url: where people reach the service; None where it is the address of each request.
    """

    def __init__(
        self, routes: Iterable[Route], endpoints: Iterable[Http], entrance: Entrance, public_url: str | None = None
    ) -> None:
        self.routes = tuple(routes)
        self._endpoints = tuple(endpoints)
        self._entrance = entrance
        self._public_url = public_url
        self._table = RouteTable(self.routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if found := self._table.find(scope["method"], scope["path"]):
            await self.answer(found.route, found.path, scope, receive, send)
        else:
            await self.refuse(scope, receive, send)

    async def answer(self, route: Route, path: Mapping[str, str], scope: Scope, receive: Receive, send: Send) -> None:
        """Let a route answer. An error that nobody expected is answered, and then raised.

        Args:
            route: the route.
            path: what the path names.
            scope: the request.
            receive: brings its body.
            send: takes the answer.
        """
        request = Request(scope, receive, self._public_url)
        try:
            answer = await route.answer(request, path, self._entrance)
        except ClientGoneError:
            return  # in the middle of its body: nothing was begun, and nobody is there to be told
        except Exception as error:
            await answer_to(request, error)(scope, receive, send)
            if not is_expected(error):
                raise
        else:
            await answer(scope, receive, send)

    async def refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say that there is no route for a request."""
        await no_route_response(Request(scope, None, self._public_url), self._endpoints)(scope, receive, send)


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
    return secrets.token_hex(16)
