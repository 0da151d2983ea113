"""Sends messages over HTTP/1.1, to addresses that were looked at, and to no others.

Written by hand, since what matters here is what clients hide: which address is connected to, that no redirect is
followed, that no proxy of the environment is used, and that a receiver can neither keep us waiting nor flood us.
"""

import asyncio
import os
import socket
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

from domain.model.kernel.errors import InvalidWebhookError
from domain.model.webhooks.address import Target, require_callable, require_public
from domain.model.webhooks.delivery import Answer
from functions.adapter.out.webhook.response import ANSWER_BYTES, MalformedAnswerError, read_answer

TIMEOUT_SECONDS = 15.0
RESOLVE_SECONDS = 3.0
"""How long a new webhook waits for its name to be looked up."""
SLOTS = 64
"""Messages that are under way at once."""
SLOTS_OF_HOST = 8
"""Of these, to one host: a dead one holds up nobody else's."""
_ADDRESSES = 3
"""So many addresses of a name are tried."""


class HttpSender:
    """The WebhookSender.

    Args:
        to_private: whether http and private addresses may be called.
        trusted: whose certificates count; the system's when None.
    """

    def __init__(self, *, to_private: bool = False, trusted: ssl.SSLContext | None = None) -> None:
        self._to_private = to_private
        self._trusted = trusted
        self._slots = asyncio.Semaphore(SLOTS)
        self._slots_of: dict[str, asyncio.Semaphore] = {}
        self._waiting: Counter[str] = Counter()

    async def check(self, target: Target) -> None:
        """Refuse a target that leads to an address that may not be called, as far as can be known now."""
        with suppress(OSError, TimeoutError, UnicodeError):
            async with asyncio.timeout(RESOLVE_SECONDS):
                await self._resolve(target)

    async def post(self, target: Target, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send one message, and wait for the answer."""
        async with self._slot(target.host.lower()):
            try:
                async with asyncio.timeout(TIMEOUT_SECONDS):
                    return await self._exchange(target, headers, body)
            except TimeoutError:
                return Answer(None, f"no answer within {TIMEOUT_SECONDS:.0f} seconds")
            except InvalidWebhookError as error:
                return Answer(None, str(error))
            except MalformedAnswerError:
                return Answer(None, "the answer is not HTTP")
            except ssl.SSLError as error:
                return Answer(None, f"no secure connection: {error.reason or 'refused'}")
            except (OSError, UnicodeError, asyncio.IncompleteReadError) as error:
                return Answer(None, f"no connection: {_reason(error)}")

    @asynccontextmanager
    async def _slot(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn at this host, and then for one of all."""
        self._waiting[host] += 1
        try:
            async with self._slots_of.setdefault(host, asyncio.Semaphore(SLOTS_OF_HOST)), self._slots:
                yield
        finally:
            self._waiting[host] -= 1
            if not self._waiting[host]:
                del self._waiting[host], self._slots_of[host]

    async def _exchange(self, target: Target, headers: Mapping[str, str], body: bytes) -> Answer:
        require_callable(target, to_private=self._to_private)
        reader, writer = await self._connect(target, await self._resolve(target))
        try:
            writer.write(_request(target, headers, body))
            await writer.drain()
            return await read_answer(reader)
        finally:
            writer.transport.abort()  # nothing more is wanted of it; a graceful end would be the receiver's to delay

    async def _resolve(self, target: Target) -> Sequence[str]:
        """The addresses of a target, all of which may be called.

        Raises:
            InvalidWebhookError: one of them may not.
            OSError: the name does not resolve.
        """
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
        if not self._to_private:
            for address in addresses:
                require_public(address)
        return addresses[:_ADDRESSES]

    async def _connect(
        self, target: Target, addresses: Sequence[str]
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to one of these very addresses, whatever the name resolves to by now."""
        failure: OSError | None = None
        context = (self._trusted or ssl.create_default_context()) if target.is_secure else None
        for address in addresses:
            try:
                return await asyncio.open_connection(
                    address,
                    target.port,
                    limit=ANSWER_BYTES,
                    ssl=context,
                    server_hostname=target.host if context else None,
                )
            except ssl.SSLError:
                raise
            except OSError as error:
                failure = error
        raise failure or OSError("no address")


def _request(target: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    fields = {"Host": target.authority, **headers, "Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"POST {target.path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body


def _reason(error: Exception) -> str:
    """What the operating system says, without addresses or names."""
    if isinstance(error, socket.gaierror):
        return "the name does not resolve"
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "it was closed"
