"""An event stream as an HTTP answer: it ends when its reader goes, when it is cut off, and at once for HEAD."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import override

from fastapi.sse import EventSourceResponse
from starlette.types import Receive, Scope, Send

from functions.adapter.in_.http.application import IS_HEAD
from functions.embedded.http_protocol import connection_of

LONGEST_SECONDS = 3600.0
"""A reader comes back after that long, so that its credential is looked at again."""

type Follow = Callable[[Callable[[], None]], AbstractAsyncContextManager[AsyncIterator[bytes]]]
"""Makes what there is to send, of what ends the connection."""


class EventStream(EventSourceResponse):
    """The answer.

    Args:
        follow: makes the chunks to send.
    """

    def __init__(self, follow: Follow) -> None:
        super().__init__((), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._follow = follow

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if not scope.get(IS_HEAD):
            await self._stream(scope, receive, send)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = connection_of(scope)
        connection.begin_stream()
        sending = asyncio.ensure_future(self._send_all(connection.abort, send))
        leaving = asyncio.ensure_future(_wait_for_disconnect(receive))
        try:
            await asyncio.wait({sending, leaving}, timeout=LONGEST_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, leaving):
                task.cancel()
            results = await asyncio.gather(sending, leaving, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _send_all(self, abort: Callable[[], None], send: Send) -> None:
        async with self._follow(abort) as chunks:
            async for chunk in chunks:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
