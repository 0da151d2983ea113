"""The connections that are open: how many there are, and which of them gives way to a new one."""

import logging
from collections import Counter
from typing import Protocol

from functions.adapter.in_.http.client_address import name_site, parse_address
from functions.embedded.connections.limits import ConnectionLimits

_logger = logging.getLogger(__name__)


class Open(Protocol):
    """An open connection."""

    @property
    def host(self) -> str:
        """The address of its other end."""
        ...

    def abort(self) -> None:
        """End it at once."""
        ...


class Register:
    """Keeps the connections within their number.

    A connection waits while it is its client's turn: before a request is there as a whole, and between requests. When
    there are too many, the one that has waited longest gives way to a new one, so silent connections keep nobody out.
    Those on which an answer is under way never do.

    Args:
        limits: how many there may be.
    """

    def __init__(self, limits: ConnectionLimits) -> None:
        self._limits = limits
        self._site_of: dict[Open, str | None] = {}
        self._at: Counter[str | None] = Counter()
        self._waiting: dict[Open, None] = {}
        self._waiting_at: dict[str | None, dict[Open, None]] = {}
        self._has_warned = {"total": False, "address": False}

    def enter(self, connection: Open) -> bool:
        """Count a new connection in, which waits; False when there is no room for it."""
        site = self._site(connection.host)
        if site is not None and self._at[site] >= self._limits.per_address:
            self._warn("address", "%s has %d connections open, which is all one address may have.", connection.host)
            if not self._make_room(self._waiting_at.get(site, {})):
                return False
        if len(self._site_of) >= self._limits.total:
            self._warn("total", "The connection from %s makes %d: older ones that wait give way.", connection.host)
            if not self._make_room(self._waiting):
                return False
        self._site_of[connection] = site
        self._at[site] += 1
        self.wait(connection)
        return True

    def wait(self, connection: Open) -> None:
        """Note that it is the client's turn."""
        if connection in self._site_of:
            self._waiting[connection] = None
            self._waiting_at.setdefault(self._site_of[connection], {})[connection] = None

    def work(self, connection: Open) -> None:
        """Note that an answer is under way."""
        if connection in self._waiting:
            site = self._site_of[connection]
            del self._waiting[connection], self._waiting_at[site][connection]
            if not self._waiting_at[site]:
                del self._waiting_at[site]

    def leave(self, connection: Open) -> None:
        """Count a connection out, if it is still counted."""
        self.work(connection)
        if connection in self._site_of:
            site = self._site_of.pop(connection)
            self._at[site] -= 1
            if not self._at[site]:
                del self._at[site]

    def _make_room(self, waiting: dict[Open, None]) -> bool:
        oldest = next(iter(waiting), None)
        if oldest is None:
            return False
        self.leave(oldest)
        oldest.abort()
        return True

    def _site(self, host: str) -> str | None:
        """Whose connections are counted together: an IPv4 address's, an IPv6 network's; None for a known proxy's."""
        address = parse_address(host)
        if address is None:
            return host
        is_shared = any(address in network for network in self._limits.proxies)
        return None if is_shared else name_site(address)

    def _warn(self, cap: str, message: str, host: str) -> None:
        """Say it once: whoever opens connections without end must not fill the log as well."""
        if not self._has_warned[cap]:
            self._has_warned[cap] = True
            number = self._limits.total if cap == "total" else self._limits.per_address
            _logger.warning(message, host, number)
