"""Time and chance that a test decides."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

START = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)


@dataclass
class FakeClock:
    """A clock that stands still until it is told otherwise; sleeping moves it on and lets the other tasks run."""

    instant: datetime = START
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.instant

    def monotonic(self) -> float:
        return (self.instant - START).total_seconds()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(timedelta(seconds=seconds))
        await asyncio.sleep(0)

    def advance(self, by: timedelta) -> None:
        """Let that much time pass."""
        self.instant += by


class SeededRandom:
    """Chance that repeats itself."""

    def __init__(self, seed: int = 0) -> None:
        self._random = Random(seed)

    def uniform(self, low: float, high: float) -> float:
        return self._random.uniform(low, high)


class LowestRandom:
    """Chance that always draws the lowest number: retries then take no time, and worlds can be compared exactly."""

    def uniform(self, low: float, high: float) -> float:
        return low


class HighestRandom:
    """Chance that always draws the highest number: the longest a retry may wait."""

    def uniform(self, low: float, high: float) -> float:
        return high
