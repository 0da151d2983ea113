"""What the server says to bytes that are no request: a problem, as to everything else that is wrong."""

import uuid
from typing import TYPE_CHECKING, Any, Protocol, cast, override

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from functions.adapter.in_.http.application import REQUEST_ID_HEADER
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.problem_details import VALIDATION_FAILED, FieldError, problem_response

if TYPE_CHECKING:
    import asyncio

_CONNECTION = "hunch.connection"


class Connection(Protocol):
    """What a stream asks of its connection."""

    def begin_stream(self) -> None:
        """Say that the answer has no end of its own: a server that stops does not wait for it."""
        ...

    def abort(self) -> None:
        """End it at once, whatever has not been sent yet."""
        ...

    def serve_in(self, task: "asyncio.Task[Any] | None") -> None:
        """Say which task is about to answer: it is cancelled when the client goes away before there is an answer."""
        ...


class _NoConnection:
    """Where nothing is between a client and the application, there is nothing to end."""

    def begin_stream(self) -> None:
        """Nothing has to know."""

    def abort(self) -> None:
        """The chunk that is being sent ends by itself."""

    def serve_in(self, task: "asyncio.Task[Any] | None") -> None:
        """Nobody goes away."""


def connection_of(scope: Scope) -> Connection:
    """The connection that a request came by."""
    return cast("Connection", scope.get("extensions", {}).get(_CONNECTION, _NoConnection()))


class ProblemProtocol(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, whose one answer of its own keeps the contract.

    That answer is to what cannot be read: a method that HTTP does not know, a Content-Length that is no number, an
    address that is not ASCII or has no end. No application is asked about those.
    """

    is_streaming = False
    _task: "asyncio.Task[Any] | None" = None

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.is_streaming = False
        self.scope["extensions"] = {_CONNECTION: cast("dict[object, object]", self)}  # ours, and no dictionary

    @override
    def shutdown(self) -> None:
        super().shutdown()
        if self.is_streaming:
            self.abort()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._task is not None and not self.cycle.response_started:
            self._task.cancel()

    def serve_in(self, task: "asyncio.Task[Any] | None") -> None:
        """Say which task is about to answer."""
        self._task = task

    def begin_stream(self) -> None:
        """Say that the answer has no end of its own."""
        self.is_streaming = True

    def abort(self) -> None:
        """End the connection, whatever has not been sent yet."""
        cast("asyncio.WriteTransport", self.transport).abort()

    @override
    def send_400_response(self, msg: str) -> None:
        url = getattr(self, "url", b"")  # not yet there when the very first bytes make no sense
        scope: dict[str, Any] = {
            "type": "http",
            "scheme": self.scheme,
            "server": self.server,
            "path": "/",
            "raw_path": url.partition(b"?")[0] or b"/",
            "headers": [],
        }
        errors = [FieldError(field="request", detail="must be a request that HTTP knows")]
        refusal = problem_response(
            Request(scope), VALIDATION_FAILED, "This is no request that HTTP knows: mend it and send it again.", errors
        )
        headers = [*refusal.raw_headers, (REQUEST_ID_HEADER, uuid.uuid4().hex.encode()), (b"connection", b"close")]
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        self.transport.write(STATUS_LINE[400] + lines + b"\r\n" + refusal.body)
        self.transport.close()
