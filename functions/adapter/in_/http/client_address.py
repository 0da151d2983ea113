"""The address a request comes from, also behind proxies that are known by name."""

import logging
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from functions.adapter.in_.http.messages import Request

type Address = IPv4Address | IPv6Address
type Network = IPv4Network | IPv6Network

FORWARDED_HEADER = "x-forwarded-for"
_PREFIX_OF_A_SITE = 64
"""Whoever has one IPv6 address has this whole network of them."""
_logger = logging.getLogger(__name__)


class ClientAddresses:
    """Tells the addresses of clients.

    A proxy adds the address it was called from at the end of ``X-Forwarded-For``. What stands before that anybody can
    write, so the header is read from its end, and only as far as trusted proxies wrote it.

    Args:
        trusted: the addresses of proxies whose word counts.
    """

    def __init__(self, trusted: Sequence[Network] = ()) -> None:
        self._trusted = trusted
        self._has_warned = False

    def of(self, request: Request) -> str:
        """Where a request comes from: an IPv4 address, or the /64 network of an IPv6 one; empty where it has none."""
        peer = parse_address(request.client)
        if peer is None:
            return request.client
        forwarded = request.header(FORWARDED_HEADER)
        if forwarded and not self._is_trusted(peer):
            self._warn(peer)
        return name_site(self._origin(peer, ",".join(forwarded)))

    def _origin(self, address: Address, forwarded: str) -> Address:
        """The last address that no trusted proxy has."""
        while forwarded and self._is_trusted(address):
            forwarded, _, last = forwarded.rpartition(",")
            named = parse_address(last)
            if named is None:
                return address  # a proxy that hides its clients: they are all one
            address = named
        return address

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)

    def _warn(self, peer: Address) -> None:
        if not self._has_warned:
            self._has_warned = True
            _logger.warning(
                "A request from %s says that it was forwarded. If that is your proxy, name it in "
                "HUNCH_TRUSTED_PROXIES: until then all who come through it without signing in share one rate limit.",
                peer,
            )


def parse_address(text: str) -> Address | None:
    """An address with or without a port, ``192.0.2.1:80`` or ``[2001:db8::1]:80``; None where it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def name_site(address: Address) -> str:
    """What belongs to one client: an IPv4 address, or the /64 network of an IPv6 one."""
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), _PREFIX_OF_A_SITE), strict=False))
    return str(address)
