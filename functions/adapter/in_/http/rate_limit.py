"""How often somebody may ask: so many requests a minute, as a burst or spread out."""

import math
from dataclasses import dataclass
from typing import Protocol

from domain.model.kernel.caller import Caller
from domain.port.out.clock import Clock
from functions.adapter.in_.http.client_address import ClientAddresses
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.problem_details import TOO_MANY_REQUESTS, ProblemError

_WINDOW_SECONDS = 60.0
MOST_REMEMBERED = 10_000
"""How many callers are remembered; beyond that, the one who has not asked for longest is forgotten."""


class CallerLimits(Protocol):
    """How often callers may ask: each account, and each address that sends no credential."""

    async def count(self, request: Request, caller: Caller | None) -> None:
        """Let one more request pass.

        Args:
            request: the request.
            caller: whose it is; None for nobody's in particular.

        Raises:
            ProblemError: there are too many.
        """
        ...


def too_many(refusal: str, seconds: int) -> ProblemError:
    """The refusal of a request that is one too many.

    Args:
        refusal: who asks too often, as a sentence.
        seconds: after how many to go on.
    """
    return ProblemError(TOO_MANY_REQUESTS, f"{refusal} Go on in {seconds} s.", headers={"Retry-After": str(seconds)})


ACCOUNT_REFUSAL = "This account asks too often."
ADDRESS_REFUSAL = "Too many requests come from this address. Sign in, or wait."


class RateLimit:
    """The generic cell rate algorithm: one instant per caller says until when its requests are paid off.

    Time is the clock's monotonic one, so that setting the machine's clock locks nobody out. Each request costs the same
    however many callers are remembered.

    Args:
        requests: how many a minute.
        clock: the time.
    """

    def __init__(self, requests: int, clock: Clock) -> None:
        self._cost = _WINDOW_SECONDS / requests
        self._clock = clock
        self._paid_off_at: dict[str, float] = {}  # in the order in which callers asked last

    def count(self, caller: str, refusal: str) -> None:
        """Let one more request of a caller pass.

        Args:
            caller: who asks.
            refusal: what to say to a caller who asks too often, as a sentence.

        Raises:
            ProblemError: the caller has asked for a minute's worth already; nothing is counted then.
        """
        now = self._clock.monotonic()
        paid_off_at = max(self._paid_off_at.get(caller, now), now) + self._cost
        wait = paid_off_at - _WINDOW_SECONDS - now
        if wait > 0:
            raise too_many(refusal, math.ceil(wait))
        self._paid_off_at.pop(caller, None)
        self._paid_off_at[caller] = paid_off_at
        self._forget(now)

    def _forget(self, now: float) -> None:
        """Drop the callers who asked longest ago: those who are paid off, and any beyond the limit."""
        while self._paid_off_at:
            first = next(iter(self._paid_off_at))
            if self._paid_off_at[first] > now and len(self._paid_off_at) <= MOST_REMEMBERED:
                return
            del self._paid_off_at[first]


@dataclass(frozen=True, slots=True)
class RateLimits:
    """How often accounts may ask, and addresses that send no credential or a bad one.

    Args:
        accounts: of each account.
        addresses: of each address.
        clients: tells the addresses.
    """

    accounts: RateLimit
    addresses: RateLimit
    clients: ClientAddresses

    async def count(self, request: Request, caller: Caller | None) -> None:
        """See :class:`CallerLimits`."""
        if caller is not None:
            self.accounts.count(caller.account, ACCOUNT_REFUSAL)
        else:
            self.addresses.count(self.clients.of(request), ADDRESS_REFUSAL)
