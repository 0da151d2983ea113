"""What a simulation assumes, and what comes out of one run of it."""

from dataclasses import dataclass
from typing import NamedTuple

SLICES = 60
"""Into how many parts of equal length the life of a market is divided, where it has as many visits."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Who trades, on what.

    Args:
        people: how many trade.
        budget: the credits that each of them brings.
        outcomes: how many outcomes the market has.
        informed: how many of the people know something; the others trade at random.
        visits: how often each of them comes by, in random order.
        evidence: how many independent observations of the truth an informed person has made.
    """

    people: int = 30
    budget: float = 100.0
    outcomes: int = 2
    informed: int = 15
    visits: int = 6
    evidence: int = 10


class RunResult(NamedTuple):
    """What one market came to.

    Attributes:
        opening: the distance of the opening prices from the truth, averaged over outcomes.
        errors: the same of the prices in each part of the market's life.
        best: the same for somebody who knows all that the people know together.
        loss: what the creator of the market lost, in credits; negative for a gain.
        volume: credits paid and received.
    """

    opening: float
    errors: tuple[float, ...]
    best: float
    loss: float
    volume: float
