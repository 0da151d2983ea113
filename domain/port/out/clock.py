"""Time and chance, as ports: tests and simulations bring their own."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time, and waiting for it."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC. It may jump when somebody sets the machine's clock."""
        ...

    def monotonic(self) -> float:
        """Seconds from some fixed point. It never goes back: every duration is a difference of two of these."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Come back after that long."""
        ...


class Random(Protocol):
    """Chance, for spreading retries out."""

    def uniform(self, low: float, high: float) -> float:
        """A number between the two, each as likely."""
        ...
