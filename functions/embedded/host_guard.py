"""Answers requests to this server's own names only, so that no web page elsewhere can reach in by renaming itself."""

from ipaddress import ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.problem_details import VALIDATION_FAILED, FieldError, problem_response


class HostGuard:
    """Refuses a request whose Host is not one of the server's names (DNS rebinding).

    Whatever calls the server by an address, a health check for one, is answered: an address cannot be given another
    meaning, as a name can.

    Args:
        app: what answers the others.
        names: the names, without ports, in lower case; IPv6 addresses without brackets.
    """

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        hosts = Request(scope).header("host") if scope["type"] == "http" else []
        if scope["type"] != "http" or (len(hosts) == 1 and self._is_own(_host_name(hosts[0]))):
            await self._app(scope, receive, send)
            return
        detail = f"This server answers to its own names only: {', '.join(sorted(self._names))}."
        errors = [FieldError(field="Host", detail="must be a name of this server")]
        await problem_response(Request(scope), VALIDATION_FAILED, detail, errors)(scope, receive, send)

    def _is_own(self, name: str) -> bool:
        return name in self._names or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _host_name(host: str) -> str:
    """The name in a Host header."""
    name, colon, port = host.rpartition(":")
    named = name if colon and port.isdecimal() else host
    return named.lower().removeprefix("[").removesuffix("]")
