"""Requests and answers: as much of HTTP as the API needs, over ASGI."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from functools import cached_property
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import parse_qsl

type Scope = MutableMapping[str, Any]
type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]

JSON = "application/json"
_WITHOUT_LENGTH = frozenset({HTTPStatus.NO_CONTENT.value, HTTPStatus.NOT_MODIFIED.value})
_HOST = re.compile(r"(?:[a-z0-9._~%!$&'()*+,;=-]+|\[[a-f0-9:.]+\])(?::0*(?P<port>[0-9]{1,5}))?", re.IGNORECASE)
_LARGEST_PORT = 65_535
_DEFAULT_PORTS = {"http": 80, "https": 443}


class ClientGoneError(Exception):
    """The client went away in the middle of its body."""


class BodyTooLargeError(Exception):
    """The body has more bytes than it may have."""


class Answer(Protocol):
    """Whatever can be sent to a client."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send, /) -> None:
        """Send it."""
        ...


class Request:
    """What a client asks.

    Args:
        scope: the ASGI scope.
        receive: brings the body.
        public_url: where people reach the service; None where it is the address of each request.
    """

    def __init__(self, scope: Scope, receive: Receive | None = None, public_url: str | None = None) -> None:
        self.scope = scope
        self.method: str = scope.get("method", "")
        self.path: str = scope["path"]
        self._receive = receive
        self._public_url = public_url

    def header(self, name: str) -> list[str]:
        """Every value of a header, in the order in which they were sent.

        Args:
            name: in lower case.
        """
        wanted = name.encode()
        return [value.decode("latin-1") for key, value in self.scope["headers"] if key == wanted]

    @cached_property
    def query(self) -> list[tuple[str, str]]:
        """The parameters behind the question mark, decoded, in their order."""
        text = self.scope.get("query_string", b"").decode("latin-1")
        return parse_qsl(text, keep_blank_values=True) if text else []

    @property
    def client(self) -> str:
        """The host that the connection comes from; empty where nobody can tell."""
        client = self.scope.get("client")
        return client[0] if client and client[0] else ""

    @property
    def base_url(self) -> str:
        """The address of the service by which this request came, with a slash at its end."""
        scheme: str = self.scope.get("scheme", "http")
        authority = _authority(self.header("host")) or _authority_of(self.scope.get("server"), scheme)
        path: str = self.scope.get("root_path", "")
        return f"{scheme}://{authority}{path}/" if authority else f"{path}/"

    @property
    def public_url(self) -> str:
        """Where people reach the service."""
        return self._public_url or self.base_url

    async def read_body(self, limit: int) -> bytes:
        """The body, as long as it keeps to the limit, whatever length its header claims.

        Raises:
            BodyTooLargeError: it does not.
            ClientGoneError: the client did not wait.
        """
        claimed = next(iter(self.header("content-length")), "0")
        if claimed.isdecimal() and int(claimed) > limit:
            raise BodyTooLargeError
        body, is_complete = b"", self._receive is None
        while not is_complete and self._receive is not None:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGoneError
            body += message.get("body", b"")
            is_complete = not message.get("more_body", False)
            if len(body) > limit:
                raise BodyTooLargeError
        return body


class Response:
    """What a client is told.

    Args:
        body: its content.
        status_code: its status.
        media_type: what the content is; None without any.
        headers: what else to say, each name as people write it.
    """

    def __init__(
        self,
        body: bytes = b"",
        status_code: int = 200,
        media_type: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.body = body
        self.status_code = status_code
        self.media_type = media_type
        self.headers: dict[str, str] = dict(headers or {})

    @property
    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        """The headers as ASGI has them."""
        raw = [] if self.status_code in _WITHOUT_LENGTH else [(b"content-length", b"%d" % len(self.body))]
        if self.media_type is not None:
            raw.append((b"content-type", self.media_type.encode("latin-1")))
        raw += [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers.items()]
        return raw

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        del scope, receive
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body})


def encode_json(value: object) -> bytes:
    """A value as JSON in UTF-8, without blanks."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _authority(hosts: list[str]) -> str | None:
    """What the Host header names; None for one that names nothing."""
    match = _HOST.fullmatch(hosts[0]) if hosts else None
    return hosts[0] if match and int(match["port"] or 0) <= _LARGEST_PORT else None


def _authority_of(server: tuple[str, int | None] | None, scheme: str) -> str | None:
    """The name of the address that the request came to."""
    if server is None:
        return None
    name = f"[{server[0]}]" if ":" in server[0] else server[0]
    return name if server[1] in {None, _DEFAULT_PORTS.get(scheme)} else f"{name}:{server[1]}"
