"""How often callers may ask, where many environments answer them and none knows of the others' requests."""

import math
from dataclasses import dataclass

from domain.model.kernel.caller import Caller
from domain.port.out.allowance import Allowance
from domain.port.out.clock import Clock
from functions.adapter.in_.http.client_address import name_site, parse_address
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.rate_limit import ACCOUNT_REFUSAL, ADDRESS_REFUSAL, too_many
from functions.registry import ADDRESS_HEADER

MOST_REMEMBERED = 10_000
"""How many callers are remembered; beyond that, the one who has not asked for longest is forgotten."""
_ADDRESS_HEADER = ADDRESS_HEADER.lower()


@dataclass(slots=True)
class _Tab:
    """What one caller has asked of this environment.

    Args:
        unpaid: how many requests were let pass and are not taken off the caller's allowance.
        refused_until: the monotonic time before which nothing will be left of it.
    """

    unpaid: int = 0
    refused_until: float = -math.inf


class SharedRateLimits:
    """Takes requests off an allowance that all environments share, several at a time.

    An environment lets the first few of a caller's requests pass, and takes them off the allowance together with the
    one that makes them ``together``; when there are not so many left, that one is refused. So whatever environments
    answer, in any time a caller gets what the allowance gives, and for each environment ``together - 1`` requests more,
    once. Being refused costs nothing until it is time to ask again.

    Args:
        allowance: what is left to whom.
        together: how many requests are taken off at a time.
        clock: the time.
    """

    def __init__(self, allowance: Allowance, together: int, clock: Clock) -> None:
        self._allowance = allowance
        self._together = together
        self._clock = clock
        self._tabs: dict[str, _Tab] = {}  # in the order in which callers asked last

    async def count(self, request: Request, caller: Caller | None) -> None:
        """See :class:`CallerLimits`."""
        name = f"account {caller.account}" if caller else f"address {address_of(request)}"
        wait = await self._pass(name, self._tab(name))
        if wait:
            raise too_many(ACCOUNT_REFUSAL if caller else ADDRESS_REFUSAL, wait)

    async def _pass(self, name: str, tab: _Tab) -> int:
        """Let a request pass; or the seconds that it is too early."""
        now = self._clock.monotonic()
        if now < tab.refused_until:
            return math.ceil(tab.refused_until - now)
        if tab.unpaid + 1 < self._together:
            tab.unpaid += 1
            return 0
        wait = await self._allowance.take(name, self._together)
        tab.unpaid = self._together - 1 if wait else 0
        tab.refused_until = now + wait
        return wait

    def _tab(self, name: str) -> _Tab:
        tab = self._tabs.pop(name, None) or _Tab()
        self._tabs[name] = tab
        if len(self._tabs) > MOST_REMEMBERED:
            del self._tabs[next(iter(self._tabs))]
        return tab


def address_of(request: Request) -> str:
    """Where a request comes from: an IPv4 address, or the /64 network of an IPv6 one.

    CloudFront says it, who is all that the gateway sees. Whoever asks the gateway itself can say anything: they are
    held by the limits of its methods, as everybody is.
    """
    named = [*request.header(_ADDRESS_HEADER), request.client]
    address = parse_address(named[0]) or parse_address(request.client)
    return name_site(address) if address else request.client
