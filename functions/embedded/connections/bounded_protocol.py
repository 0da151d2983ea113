"""HTTP within limits: a connection is read in small pieces, waited for only so long, and counted."""

import asyncio
from typing import ClassVar, cast, override

from functions.adapter.in_.http.problem_details import HEADERS_TOO_LARGE, REQUEST_TIMEOUT
from functions.embedded.connections.limits import ConnectionLimits
from functions.embedded.connections.register import Register
from functions.embedded.http_protocol import ProblemProtocol

_PIECE = 4_096
"""So much is read at a time: what is not counted yet is never more."""
_PIPELINED = 16
"""So many requests wait for the answers before theirs; what follows them is kept as it came."""
_KEPT = 1_048_576
"""So much is kept of it."""


def bounded_protocol(limits: ConnectionLimits) -> type["BoundedProtocol"]:
    """The protocol of a server with these limits: uvicorn makes protocols of a class, and gives it nothing of ours."""
    return type("_ServerProtocol", (BoundedProtocol,), {"limits": limits, "register": Register(limits)})


class BoundedProtocol(ProblemProtocol):
    """HTTP that nobody can make the server hold, or wait for, without end.

    Reading has a deadline while the client is expected to send, that is until a request is there as a whole. Answers
    have none, however long they take: only a client that takes nothing of one for a while is cut off.
    """

    limits: ClassVar[ConnectionLimits]
    register: ClassVar[Register]

    _unparsed = 0
    """Bytes since the last that were a body's, or the end of a request: of a head, of a chunk's header, of trailers."""
    _headers = 0
    _body_began = 0.0
    _body_bytes = 0
    _kept = b""
    _reading: asyncio.TimerHandle | None = None
    _sending: asyncio.TimerHandle | None = None

    @property
    def host(self) -> str:
        """The address of the other end; empty where it has none."""
        return self.client[0] if self.client else ""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast("asyncio.Transport", transport))  # a server has no others
        if self.register.enter(self):
            self._reading = self.loop.call_later(self.limits.head_seconds, self._end_head)
        else:
            self.abort()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.register.leave(self)
        self._unset_keepalive_if_required()
        self._stop_reading_deadline()
        self._stop_sending_deadline()
        self._kept = b""

    @override
    def data_received(self, data: bytes) -> None:
        if self._kept:
            self._keep(self._kept + data)
        else:
            self._read(data)

    def _read(self, data: bytes) -> None:
        """Parse piece by piece, as long as there is somebody to answer and the limits are kept."""
        position = 0
        while position < len(data) and not self.is_refused and not self.transport.is_closing():
            room = self.limits.head_bytes - self._unparsed
            if room <= 0:
                self._refuse_head()
            elif len(self.pipeline) >= _PIPELINED:
                self._keep(data[position:])
                return
            else:
                piece = data[position : position + min(_PIECE, room)]
                position += len(piece)
                self._unparsed += len(piece)
                super().data_received(piece)
        self._start_reading_deadline()

    def _keep(self, data: bytes) -> None:
        self._kept = data
        self.flow.pause_reading()
        if len(data) > _KEPT:
            self.abort()

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._headers = 0

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers += 1
        if self._headers > self.limits.headers:
            raise _TooManyHeadersError  # the parser stops at once
        if not self.is_reading_body:  # what follows a body is no header of a request that is being answered already
            super().on_header(name, value)

    @override
    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._stop_reading_deadline()
        self._body_began, self._body_bytes = self.loop.time(), 0

    @override
    def on_body(self, body: bytes) -> None:
        self._unparsed = 0
        self._body_bytes += len(body)
        super().on_body(body)

    @override
    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._stop_reading_deadline()
        self._unparsed = 0
        if not self.cycle.response_complete:
            self.register.work(self)

    @override
    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._start_sending_deadline()
        if not self.pipeline:
            self.register.wait(self)
        if self._kept:
            kept, self._kept = self._kept, b""
            self._read(kept)

    @override
    def refuse_unreadable(self) -> None:
        if self._headers > self.limits.headers:
            self._refuse_head()
        else:
            super().refuse_unreadable()

    def _refuse_head(self) -> None:
        detail = (
            f"A request has at most {self.limits.headers} headers, and {self.limits.head_bytes} bytes before its body."
        )
        self.refuse(HEADERS_TOO_LARGE, detail)

    @override
    def end(self) -> None:
        """Say that nothing more comes, and throw away what still does: closing at once would lose the answer."""
        self._stop_reading_deadline()
        if not self.transport.is_closing():
            self.flow.resume_reading()
            self.transport.write_eof()
            self._reading = self.loop.call_later(self.limits.linger_seconds, self.abort)

    def _start_reading_deadline(self) -> None:
        if self._reading is not None or self.is_refused or self.transport.is_closing():
            return
        if self.is_reading_body:
            self._look_at_body_later()
        elif self._unparsed:
            self._reading = self.loop.call_later(self.limits.head_seconds, self._end_head)

    def _stop_reading_deadline(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _end_head(self) -> None:
        """The head took too long; who has not even begun is told nothing, since browsers open connections in stock."""
        self._reading = None
        if self._unparsed:
            self.refuse(
                REQUEST_TIMEOUT, f"The head of a request has {self.limits.head_seconds:g} seconds. Send it again."
            )
        else:
            self.transport.close()

    def _look_at_body_later(self) -> None:
        left = self._body_began + self.limits.body_seconds - self.loop.time()
        delay = min(left, self.limits.body_window_seconds) if left > 0 else self.limits.body_window_seconds
        self._reading = self.loop.call_later(delay, self._look_at_body)

    def _look_at_body(self) -> None:
        """See whether the body takes too long, or comes too slowly; that it waits for us is not its fault."""
        self._reading = None
        took = self.loop.time() - self._body_began
        is_late = took >= self.limits.body_seconds or self._body_bytes < self.limits.body_rate * took
        if is_late and not self.flow.read_paused and not self.pipeline:
            detail = f"A body has {self.limits.body_seconds:g} seconds, and comes steadily. Send the request again."
            self.refuse(REQUEST_TIMEOUT, detail)
        else:
            self._look_at_body_later()

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        self._start_sending_deadline()

    @override
    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_sending_deadline()

    @override
    def timeout_keep_alive_handler(self) -> None:
        if self.write_transport.get_write_buffer_size():  # it still takes its answer, or is cut off for not doing so
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )
        else:
            super().timeout_keep_alive_handler()

    def _start_sending_deadline(self) -> None:
        self._stop_sending_deadline()
        if unsent := self.write_transport.get_write_buffer_size():
            self._sending = self.loop.call_later(self.limits.send_seconds, self._look_at_sending, unsent)

    def _stop_sending_deadline(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None

    def _look_at_sending(self, before: int) -> None:
        """Cut off a client that has taken nothing since: what it asked for would be kept for it for ever."""
        self._sending = None
        if self.write_transport.get_write_buffer_size() < before:
            self._start_sending_deadline()
        else:
            self.abort()


class _TooManyHeadersError(Exception):
    """A request has more headers than it may."""
