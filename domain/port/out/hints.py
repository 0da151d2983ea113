"""Telling the pages that look at a market that something has happened to it."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from domain.model.trading.trade import OutcomePrice


class Hint(NamedTuple):
    """What a page is told. It decides nothing: the page asks for the events that it does not know yet.

    Args:
        market: the market's slug.
        position: of the market's last event.
        prices: the shown price of each outcome.
    """

    market: str
    position: int
    prices: tuple[OutcomePrice, ...]


class Hints(Protocol):
    """Publishes hints to whoever listens just then."""

    async def publish(self, hints: Sequence[Hint]) -> int:
        """Publish each of these once, without a second try, and within a few seconds.

        Returns:
            How many were lost. Pages find out by themselves, a minute later at most.
        """
        ...
