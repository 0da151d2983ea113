"""How often somebody may ask: so many requests a minute, as a burst or spread out."""

import math

from domain.port.out.clock import Clock
from functions.adapter.in_.http.problem_details import TOO_MANY_REQUESTS, ProblemError

_WINDOW_SECONDS = 60.0
MOST_REMEMBERED = 10_000
"""How many callers are remembered; beyond that, the one who has not asked for longest is forgotten."""


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
            seconds = math.ceil(wait)
            detail = f"{refusal} Go on in {seconds} s."
            raise ProblemError(TOO_MANY_REQUESTS, detail, headers={"Retry-After": str(seconds)})
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
