"""Telling the workers that a market wants them."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Ring(NamedTuple):
    """One ring. It says where to look and nothing more: the worker reads what there is to do.

    Args:
        market: the market's slug.
        occasion: what it is about: the same occasion need not be rung twice.
        subject: who is concerned, where not the market as a whole. Rings of one market and subject are answered one
            after the other.
    """

    market: str
    occasion: str
    subject: str = ""


class Doorbell(Protocol):
    """Rings for the workers of one kind."""

    async def ring(self, rings: Sequence[Ring]) -> None:
        """Ring all of these. When this returns, each will be answered at least once, perhaps late, perhaps twice.

        Raises:
            RingLostError: some could not be delivered; ringing all of them again is harmless.
        """
        ...


class RingLostError(Exception):
    """A ring could not be delivered; it has to be rung again."""
