"""Saying on standard error that something takes its time, and ending what may not take longer than that."""

import math
import time

import click

QUIET_SECONDS = 2.0
"""What takes no longer is not worth a word."""
_BETWEEN_SECONDS = 5.0


class Watch:
    """Is asked again and again whether to go on, and tells people what takes so long.

    Args:
        doing: what is being done, such as "Checking hunch.db".
        limit: after so many seconds it says no.
    """

    def __init__(self, doing: str, limit: float = math.inf) -> None:
        self._doing = doing
        self._started = time.monotonic()
        self._limit = limit
        self._due = QUIET_SECONDS

    def __call__(self) -> bool:
        """Whether to go on."""
        passed = time.monotonic() - self._started
        if passed >= self._due:
            self._due = passed + _BETWEEN_SECONDS
            click.echo(f"{self._doing}: {passed:.0f} s so far ...", err=True)
        return passed < self._limit
