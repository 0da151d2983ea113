"""How uvicorn serves an application here."""

import socket
import threading
from typing import override

import uvicorn
from starlette.types import ASGIApp

from functions.embedded.connections.bounded_protocol import bounded_protocol
from functions.embedded.connections.limits import ConnectionLimits

GRACE_SECONDS = 5


def server_config(app: ASGIApp, limits: ConnectionLimits) -> uvicorn.Config:
    """The configuration of a server.

    uvicorn's own settings bound the time between requests and the time that stopping takes. They neither bound a head
    nor the time for a request, and ``limit_concurrency`` does not see who says nothing: that is the protocol's.
    """
    return uvicorn.Config(
        app,
        http=bounded_protocol(limits),
        ws="none",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=limits.idle_seconds,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


class Server(uvicorn.Server):
    """A server that also ends because of a signal that came while it was being loaded.

    Args:
        config: see :func:`server_config`.
        is_stopped: set by whoever takes the signals until the server takes them itself.
    """

    def __init__(self, config: uvicorn.Config, is_stopped: threading.Event) -> None:
        super().__init__(config)
        self._is_stopped = is_stopped

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to serve: from here on every signal is taken by the server."""
        await super().startup(sockets)
        self.should_exit |= self._is_stopped.is_set()
