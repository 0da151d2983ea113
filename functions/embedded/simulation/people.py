"""The invented people: some know something and bet on it within their means, the others do as they please."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from functions.embedded.simulation.scoring_rule import FastScoringRule

_LARGEST_STAKE = 0.25
"""The part of its credits that an uninformed person spends at once, at most."""


@dataclass(slots=True)
class Person:
    """Somebody who trades.

    Args:
        credits: what there is to spend.
        held: shares of each outcome.
        belief: the probability of each outcome, of an informed person; None of others.
    """

    credits: float
    held: list[float]
    belief: Sequence[float] | None = None
    chance: random.Random = field(default_factory=random.Random)

    def visit(self, market: FastScoringRule) -> float:
        """Trade; the credits that changed hands."""
        if self.belief is None:
            return self._trade_at_random(market)
        return self._sell_what_is_dear(market, self.belief) + self._buy_what_is_cheap(market, self.belief)

    def _sell_what_is_dear(self, market: FastScoringRule, belief: Sequence[float]) -> float:
        """Sell shares as far as their price is above the belief."""
        volume = 0.0
        for outcome, probability in enumerate(belief):
            shares = min(self.held[outcome], market.shares_to(outcome, probability))
            volume += self._sell(market, outcome, shares)
        return volume

    def _buy_what_is_cheap(self, market: FastScoringRule, belief: Sequence[float]) -> float:
        """Buy the outcome with the best odds, up to the belief, for at most what Kelly's rule stakes."""
        prices = market.prices()
        outcome = max(range(len(prices)), key=lambda index: belief[index] / prices[index])
        edge = belief[outcome] - prices[outcome]
        if edge <= 0:
            return 0.0
        stake = self.credits * edge / (1 - prices[outcome])
        return self._buy(market, outcome, min(stake, market.spend_to(outcome, belief[outcome])))

    def _trade_at_random(self, market: FastScoringRule) -> float:
        """Sell all of what is held of some outcome, or buy some of it."""
        outcome = self.chance.randrange(len(self.held))
        stake = self.credits * _LARGEST_STAKE * self.chance.random()
        if self.chance.getrandbits(1) and self.held[outcome] > 0:
            return self._sell(market, outcome, self.held[outcome])
        return self._buy(market, outcome, stake)

    def _buy(self, market: FastScoringRule, outcome: int, spend: float) -> float:
        if spend <= 0:
            return 0.0
        self.held[outcome] += market.buy(outcome, spend)
        self.credits -= spend
        return spend

    def _sell(self, market: FastScoringRule, outcome: int, shares: float) -> float:
        if shares <= 0:
            return 0.0
        proceeds = market.sell(outcome, shares)
        self.held[outcome] -= shares
        self.credits += proceeds
        return proceeds
