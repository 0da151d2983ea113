"""Which addresses a webhook may call: none of this machine, of its network, or of anything special."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from domain.model.kernel.errors import InvalidWebhookError

MAX_URL = 2048
_NOT_PUBLIC = "The url leads to an address that is not on the public internet."
_PORTS = {"https": 443, "http": 80}
_NOT_GLOBAL = (IPv6Network("64:ff9b::/96"), IPv6Network("fec0::/10"))
"""What Python takes for global: translated IPv4 addresses (RFC 6052), and site-local ones of old."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a webhook's messages go.

    Args:
        is_secure: whether it is https.
        host: the name or the address, without brackets.
        port: the port.
        path: the path with its query, as it is sent.
        authority: what the Host header says.
        has_credentials: whether the address carries a user or a password.
        scheme: as it is written, in lower case.
    """

    is_secure: bool
    host: str
    port: int
    path: str
    authority: str
    has_credentials: bool
    scheme: str


def parse_target(url: str) -> Target:
    """Read an address.

    Raises:
        ValueError: it is no URL.
    """
    if len(url) > MAX_URL or not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*://[!-~]+", url, re.ASCII):
        raise ValueError(f"must be a URL such as https://example.com/hook, of at most {MAX_URL} ASCII characters")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError("must be a URL such as https://example.com/hook") from error
    if not host or port == 0 or not re.fullmatch(r"[A-Za-z0-9._:%-]+", host, re.ASCII):
        raise ValueError("must name a host, such as https://example.com/hook")
    return _target(parts, host, port)


def _target(parts: SplitResult, host: str, port: int | None) -> Target:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    name = f"[{host}]" if ":" in host else host
    return Target(
        is_secure=parts.scheme == "https",
        host=host,
        port=port or _PORTS.get(parts.scheme, 0),
        path=path,
        authority=name if port in {None, _PORTS.get(parts.scheme)} else f"{name}:{port}",
        has_credentials="@" in parts.netloc,
        scheme=parts.scheme,
    )


def require_callable(target: Target, *, to_private: bool) -> None:
    """See that the form of an address is one that may be called.

    Args:
        target: the address.
        to_private: whether http and names of this machine will do, too.

    Raises:
        InvalidWebhookError: it is not https, carries credentials, or names this machine.
    """
    if target.has_credentials:
        raise InvalidWebhookError("The url must carry no user and no password. Verify the signature instead.")
    if not target.is_secure and not (to_private and target.scheme == "http"):
        raise InvalidWebhookError("The url must begin with https://.")
    if not to_private and f".{target.host.removesuffix('.')}".endswith(".localhost"):  # whatever a resolver knows of it
        raise InvalidWebhookError(_NOT_PUBLIC)


def require_public(address: str) -> None:
    """See that an address of the network is one of the public internet.

    Args:
        address: as the resolver gives it, perhaps with a zone.

    Raises:
        InvalidWebhookError: it is private, loopback, link-local, multicast or otherwise special.
    """
    if not _is_public(_unwrap(ip_address(address.partition("%")[0]))):
        raise InvalidWebhookError(_NOT_PUBLIC)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in _NOT_GLOBAL)
    )


def _unwrap(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that is written as an IPv6 one."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
