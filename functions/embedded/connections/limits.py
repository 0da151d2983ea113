"""What a connection may send, how long it may take, and how many there may be."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Self

if sys.platform != "win32":
    import resource

MOST_CONNECTIONS = 5_000
_RESERVED_DESCRIPTORS = 64
"""Files that are not connections: the database, the log, calls of webhooks, connections that are just being closed."""
_FEWEST_CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """The limits of a server's connections.

    Args:
        total: how many connections are kept open.
        per_address: how many of them one address may have.
        proxies: addresses that many clients share, which ``per_address`` does not bind.
        head_bytes: the longest head of a request: its first line and its headers.
        headers: how many headers it may have.
        head_seconds: how long a head may take, from its first byte or the connection's beginning.
        body_seconds: how long a body may take, from the end of the head.
        body_window_seconds: how often the rate of a body is looked at.
        body_rate: the bytes a second that a body has to bring on the whole by then.
        idle_seconds: how long a connection stays open for the next request.
        send_seconds: how long a client may take nothing of an answer.
        linger_seconds: how long is read, and thrown away, after a refusal: who still sends would otherwise not see it.
    """

    total: int = MOST_CONNECTIONS
    per_address: int = MOST_CONNECTIONS // 2
    proxies: Sequence[IPv4Network | IPv6Network] = ()
    head_bytes: int = 65_536
    headers: int = 100
    head_seconds: float = 10.0
    body_seconds: float = 30.0
    body_window_seconds: float = 10.0
    body_rate: float = 100.0
    idle_seconds: int = 75
    send_seconds: float = 120.0
    linger_seconds: float = 2.0

    @classmethod
    def of_this_process(cls, proxies: Sequence[IPv4Network | IPv6Network] = ()) -> Self:
        """The limits of a server that this process is: as many connections as it may have open files.

        Half of them at most are one address's, so that no one address keeps everybody else out; a school's may need
        hundreds. The process's own limit is raised as far as it may raise it.
        """
        total = max(_FEWEST_CONNECTIONS, min(MOST_CONNECTIONS, _raise_descriptor_limit() - _RESERVED_DESCRIPTORS))
        return cls(total=total, per_address=total // 2, proxies=proxies)


def _raise_descriptor_limit() -> int:
    """How many files this process may have open, from now on."""
    if sys.platform == "win32":
        return MOST_CONNECTIONS + _RESERVED_DESCRIPTORS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + _RESERVED_DESCRIPTORS
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    raised = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
    return raised
