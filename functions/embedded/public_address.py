"""Serves at the instance's public address: by its scheme, and below its path beside other programs of that host."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from functions.adapter.in_.http.messages import Response

_PERMANENT_REDIRECT = 308


class PublicAddress:
    """Takes the path of the public address from requests, and puts it before the addresses that answers lead to.

    A proxy may pass the path on or have removed it; programs on the same machine may leave it out.

    Args:
        app: what answers, as if it had the host to itself; ``root_path`` of its scope is the path.
        url: the public address, without a slash at its end.
    """

    def __init__(self, app: ASGIApp, url: str) -> None:
        parts = urlsplit(url)
        self._app = app
        self._scheme, self._authority, self._path = parts.scheme, parts.netloc.lower(), parts.path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the whole life of a server."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif self._path and scope["path"] == self._path:
            there = Response(status_code=_PERMANENT_REDIRECT, headers={"Location": f"{self._path}/"})
            await there(scope, receive, send)
        else:
            await self._app(self._below(scope), receive, self._leading_below(send))

    def _below(self, scope: Scope) -> Scope:
        """The request as the application sees it."""
        path: str = scope["path"]
        is_public = Headers(scope=scope).get("host", "").lower() == self._authority
        return {
            **scope,
            "scheme": self._scheme if is_public else scope["scheme"],
            "root_path": self._path,
            "path": path.removeprefix(self._path) if path.startswith(f"{self._path}/") else path,
        }

    def _leading_below(self, send: Send) -> Send:
        """Sends answers on. Where an answer says ``Location: /docs``, that becomes ``/hunch/docs``."""
        path = self._path.encode()

        async def send_below(message: Message) -> None:
            if path and message["type"] == "http.response.start":
                message["headers"] = [
                    (name, path + value) if name == b"location" and value.startswith(b"/") else (name, value)
                    for name, value in message["headers"]
                ]
            await send(message)

        return send_below
