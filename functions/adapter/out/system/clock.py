"""The real clock and real chance."""

import asyncio
import random
import time
from datetime import UTC, datetime


class SystemClock:
    """The Clock of the operating system."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds from some fixed point, which nobody can set."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Come back after that long."""
        await asyncio.sleep(seconds)


class SystemRandom:
    """The Random of the operating system."""

    def __init__(self) -> None:
        self._random = random.SystemRandom()

    def uniform(self, low: float, high: float) -> float:
        """A number between the two, each as likely."""
        return self._random.uniform(low, high)
