"""Tells requests of this very machine from those that something passed on, which only look as if they were."""

from functions.adapter.in_.http.messages import Answer, Receive, Request, Scope, Send
from functions.adapter.in_.http.problem_details import no_route_response

_OF_PROXIES = frozenset(
    {
        b"via",
        b"x-original-host",
        b"x-original-url",
        b"x-envoy-external-address",
        b"cf-ray",
        b"cdn-loop",
    }
)
_FORWARDED = b"forwarded"
"""What is in the other names that proxies use: ``Forwarded``, ``X-Forwarded-For``, ``X-Original-Forwarded-For``."""
_ADDRESS = (b"-ip", b"clientip", b"socketip")
"""How names end that carry somebody's address: ``X-Real-IP``, ``Fly-Client-IP``, ``X-Azure-ClientIP``."""


class DirectOnly:
    """Has no route at an address for what did not come directly from a program of this machine.

    A tunnel or a proxy on this machine reaches the loopback address for anybody elsewhere, and so does the page of
    another site in a browser. Proxies name whom they ask for, or speak HTTP/1.0 when nobody has configured them.

    Args:
        app: answers everything else.
        path: the address.
    """

    def __init__(self, app: Answer, path: str) -> None:
        self._app = app
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        is_refused = scope["type"] == "http" and scope["path"] == self._path and not is_direct(scope)
        await (no_route_response(Request(scope), ()) if is_refused else self._app)(scope, receive, send)


def is_direct(scope: Scope) -> bool:
    """Whether nothing says of a request that it was passed on."""
    if scope.get("http_version", "1.1") < "1.1":
        return False
    return not any(_is_of_another(name, value) for name, value in scope["headers"])


def _is_of_another(name: bytes, value: bytes) -> bool:
    if name == b"sec-fetch-site":
        return value.strip().lower() == b"cross-site"
    return name in _OF_PROXIES or _FORWARDED in name or name.endswith(_ADDRESS)
