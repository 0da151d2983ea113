"""What the server says to bytes that are no request: a problem, as to everything else that is wrong."""

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol, cast, override

from httptools import HttpParserError, HttpParserUpgrade
from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from functions.adapter.in_.http.application import REQUEST_ID_HEADER
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.problem_details import VALIDATION_FAILED, FieldError, Problem, problem_response
from functions.embedded.security_headers import security_headers

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
    """HTTP as uvicorn speaks it, whose answers of its own keep the contract.

    They are to what cannot be read: a method that HTTP does not know, a Content-Length that is no number, an address
    that is not ASCII or has no end. No application is asked about those. There are no WebSockets.
    """

    is_streaming = False
    is_refused = False
    """Whether nothing of what comes is read any more."""
    is_reading_body = False
    """Whether the head of the request that is being read is complete, and its body is not."""
    _task: "asyncio.Task[Any] | None" = None

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.is_streaming = False
        self.scope["extensions"] = {_CONNECTION: cast("dict[object, object]", self)}  # ours, and no dictionary

    @override
    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self.is_reading_body = True

    @override
    def on_message_complete(self) -> None:
        super().on_message_complete()
        self.is_reading_body = False

    @override
    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        if self.is_refused:
            return
        try:
            self.parser.feed_data(data)
        except HttpParserError:
            self.refuse_unreadable()
        except HttpParserUpgrade:
            self._ignore_upgrade()

    @override
    def _should_upgrade(self) -> bool:
        return False

    def _ignore_upgrade(self) -> None:
        """Answer the request as one that asks for nothing else.

        The parser takes its body for something in another protocol, so what follows must not be read as a request.
        """
        if any(name in {b"content-length", b"transfer-encoding"} for name, _ in self.headers):
            self.is_refused = True
            self.cycle.keep_alive = False

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
        self.write_transport.abort()

    @property
    def write_transport(self) -> "asyncio.WriteTransport":
        """The transport, by its precise type."""
        return cast("asyncio.WriteTransport", self.transport)

    def refuse_unreadable(self) -> None:
        """Refuse what the parser cannot read."""
        errors = [FieldError(field="request", detail="must be a request that HTTP knows")]
        self.refuse(VALIDATION_FAILED, "This is no request that HTTP knows: mend it and send it again.", errors)

    def refuse(self, problem: Problem, detail: str, errors: Iterable[FieldError] = ()) -> None:
        """Refuse the request that is being read, and end the connection.

        What was asked before it is answered first, and then the connection's end has to say enough.
        """
        self.is_refused = True
        unanswered = self._unanswered()
        if not self.is_reading_body and unanswered:
            unanswered.keep_alive = False
        elif unanswered and (self.pipeline or unanswered.response_started):
            self.abort()  # an answer that is half sent cannot be taken back
        elif unanswered:
            self._send_problem(problem, detail, errors)
            unanswered.disconnected = True
            unanswered.message_event.set()
            self.end()
        else:
            if not self.is_reading_body:  # otherwise it has its answer already
                self._send_problem(problem, detail, errors)
            self.end()

    def _unanswered(self) -> RequestResponseCycle | None:
        """The last request with a complete head, if its answer is not complete."""
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return None if cycle is None or cycle.response_complete else cycle

    def end(self) -> None:
        """End the connection after what was written."""
        self.transport.close()

    def _send_problem(self, problem: Problem, detail: str, errors: Iterable[FieldError]) -> None:
        url = getattr(self, "url", b"")  # not yet there when the very first bytes make no sense
        scope: dict[str, Any] = {
            "type": "http",
            "scheme": self.scheme,
            "server": self.server,
            "path": "/",
            "raw_path": url.partition(b"?")[0] or b"/",
            "headers": [],
        }
        refusal = problem_response(Request(scope), problem, detail, errors, security_headers())
        headers = [*refusal.raw_headers, (REQUEST_ID_HEADER, uuid.uuid4().hex.encode()), (b"connection", b"close")]
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        self.transport.write(STATUS_LINE[problem.status] + lines + b"\r\n" + refusal.body)
