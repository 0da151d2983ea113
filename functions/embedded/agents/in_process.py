"""The MCP server of ``/mcp``: its tools call the API in the same process, as whoever sends the request."""

from contextlib import AbstractAsyncContextManager
from typing import override

import anyio.from_thread
import httpx
from mcp.server.mcpserver import Context
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp

from functions.embedded.agents.server import create_server
from functions.embedded.agents.surface import PATH
from hunch_client import Hunch, Retries

MAX_BODY_BYTES = 65_536
_BEARER, _KEY = "bearer ", "key "
_ADDRESS_HEADERS = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto")
"""What proxies say of the caller, passed on: the API judges the call as it would judge the caller's own."""


def create_http_server(api: ASGIApp) -> tuple[ASGIApp, AbstractAsyncContextManager[None]]:
    """What answers requests, and what has to run while it does.

    Each request is answered by itself, in JSON; there are no sessions.

    Args:
        api: the API, which the tools call.
    """

    def connect(ctx: Context) -> Hunch:
        request = ctx.request_context.request
        assert isinstance(request, Request)
        transport = _InProcess(api, request)
        return Hunch(
            str(request.base_url.replace(path="")),
            _credential(request.headers),
            retries=Retries(attempts=2),
            transport=transport,
        )

    server = create_server(connect)
    answering = server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=MAX_BODY_BYTES,
        # The guard in front of every address of this server checks the host's name, and the surface the origin.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return answering, server.session_manager.run()


class _InProcess(httpx.BaseTransport):
    """Carries requests from a thread of a tool to the application in the event loop.

    Args:
        api: the application.
        request: the request that is being answered, whose address is the caller's.
    """

    def __init__(self, api: ASGIApp, request: Request) -> None:
        address = (request.client.host, request.client.port) if request.client else ("127.0.0.1", 0)
        self._transport = httpx.ASGITransport(api, raise_app_exceptions=False, client=address)
        self._headers = {name: request.headers[name] for name in _ADDRESS_HEADERS if name in request.headers}

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.headers.update(self._headers)
        return anyio.from_thread.run(self._answer, request)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self._transport.handle_async_request(request)
        content = await answer.aread()
        return httpx.Response(answer.status_code, headers=answer.headers, content=content)


def _credential(headers: Headers) -> str | None:
    """The bot key or token that was sent, whatever the scheme is called."""
    sent = headers.get("authorization", "")
    for scheme in (_BEARER, _KEY):
        if sent.lower().startswith(scheme):
            return sent[len(scheme) :].strip() or None
    return None
