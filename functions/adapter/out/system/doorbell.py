"""Doorbells within one process."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from domain.model.kernel.errors import DegradedError
from domain.port.out.doorbell import Doorbell, Ring, RingLostError


class ProcessDoorbell:
    """The Doorbell of a server that has its worker in the same process; rings do not outlive it."""

    def __init__(self) -> None:
        self._waiting: dict[str, None] = {}
        self._rung = asyncio.Event()

    async def ring(self, rings: Sequence[Ring]) -> None:
        """Note the markets; one that waits already is not noted twice."""
        self._waiting.update(dict.fromkeys(ring.market for ring in rings))
        self._rung.set()

    async def answer(self) -> str:
        """The next market that was rung for, as soon as there is one."""
        while not self._waiting:
            self._rung.clear()
            await self._rung.wait()
        slug = next(iter(self._waiting))
        del self._waiting[slug]
        return slug


class ImmediateDoorbell:
    """A Doorbell that is answered before the ring is over.

    Args:
        answer: what to do for a market's slug.
    """

    def __init__(self, answer: Callable[[str], Awaitable[object]]) -> None:
        self._answer = answer

    async def ring(self, rings: Sequence[Ring]) -> None:
        """Answer for each market, once.

        Raises:
            RingLostError: nothing can be written at the moment.
        """
        try:
            for slug in dict.fromkeys(ring.market for ring in rings):
                await self._answer(slug)
        except DegradedError as error:
            raise RingLostError from error


class RetriedDoorbell:
    """A Doorbell whose rings are answered later where they cannot be answered at once: none of them is lost.

    Args:
        at_once: is rung first.
        later: is rung for what fails there; who answers it tells of what goes on failing.
    """

    def __init__(self, at_once: Doorbell, later: ProcessDoorbell) -> None:
        self._at_once = at_once
        self._later = later

    async def ring(self, rings: Sequence[Ring]) -> None:
        """Ring for these markets."""
        try:
            await self._at_once.ring(rings)
        except Exception:  # noqa: BLE001 -- whatever it is, it is met again
            await self._later.ring(rings)
