"""Answers requests to this machine's own names only, so that no web page elsewhere can reach in by renaming itself."""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from functions.adapter.in_.http.problem_details import VALIDATION_FAILED, FieldError, problem_response

_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})


class HostGuard:
    """Refuses a request whose Host is not one of the loopback names (DNS rebinding)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http" or _host_name(Headers(scope=scope).get("host", "")) in _NAMES:
            await self._app(scope, receive, send)
            return
        detail = "This server answers to its own names only: 127.0.0.1 or localhost."
        errors = [FieldError(field="Host", detail="must be a name of this machine")]
        await problem_response(Request(scope), VALIDATION_FAILED, detail, errors)(scope, receive, send)


def _host_name(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name.lower() if colon and port.isdecimal() else host.lower()
