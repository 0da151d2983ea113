"""How often an account may ask: so many requests a minute, as a burst or spread out."""

import math
from datetime import datetime, timedelta

from domain.port.out.clock import Clock
from functions.adapter.in_.http.problem_details import TOO_MANY_REQUESTS, ProblemError

_WINDOW = timedelta(minutes=1)
_ACCOUNTS = 10_000
"""How many accounts are remembered before those are dropped that have long paid off what they asked."""


class RateLimit:
    """The generic cell rate algorithm: one instant per account says until when its requests are paid off.

    Args:
        requests: how many a minute.
        clock: the time.
    """

    def __init__(self, requests: int, clock: Clock) -> None:
        self._cost = _WINDOW / requests
        self._clock = clock
        self._paid_off_at: dict[str, datetime] = {}

    def count(self, account: str) -> None:
        """Let one more request of an account pass.

        Raises:
            ProblemError: it has asked for a minute's worth already; nothing is counted then.
        """
        now = self._clock.now()
        paid_off_at = max(self._paid_off_at.get(account, now), now) + self._cost
        wait = paid_off_at - _WINDOW - now
        if wait > timedelta():
            seconds = math.ceil(wait.total_seconds())
            detail = f"This account asks too often. Go on in {seconds} s."
            raise ProblemError(TOO_MANY_REQUESTS, detail, headers={"Retry-After": str(seconds)})
        self._paid_off_at[account] = paid_off_at
        if len(self._paid_off_at) > _ACCOUNTS:
            self._paid_off_at = {name: instant for name, instant in self._paid_off_at.items() if instant > now}
