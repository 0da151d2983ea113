"""How uvicorn serves an application here."""

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
