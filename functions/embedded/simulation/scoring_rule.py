"""The market maker in floating point: the same formulas as the one that trades, a hundred times faster and not exact.

It prices invented credits alone; a test holds it to the exact one of the domain.
"""

import math


class FastScoringRule:
    """A logarithmic market scoring rule.

    Args:
        liquidity: b, in credits.
        outcomes: how many there are.
    """

    def __init__(self, liquidity: float, outcomes: int) -> None:
        self.liquidity = liquidity
        self.shares = [0.0] * outcomes

    def prices(self) -> list[float]:
        """The price of each outcome."""
        largest = max(self.shares)
        weights = [math.exp((held - largest) / self.liquidity) for held in self.shares]
        total = math.fsum(weights)
        return [weight / total for weight in weights]

    def cost(self) -> float:
        """C(q) = b ln Σ exp(q_i/b)."""
        largest = max(self.shares)
        weights = math.fsum(math.exp((held - largest) / self.liquidity) for held in self.shares)
        return largest + self.liquidity * math.log(weights)

    def buy(self, outcome: int, spend: float) -> float:
        """Buy for a spend: the shares, b ln(exp(s/b) − (1 − p)) − b ln p, written so that nothing overflows."""
        b = self.liquidity
        price = self._log_price(outcome)
        shares = spend + b * math.log1p(math.expm1(price) * math.exp(-spend / b)) - b * price
        self.shares[outcome] += shares
        return shares

    def sell(self, outcome: int, shares: float) -> float:
        """Sell shares: the proceeds, C(q) − C(q')."""
        before = self.cost()
        self.shares[outcome] -= shares
        return before - self.cost()

    def spend_to(self, outcome: int, price: float) -> float:
        """What a purchase that moves the price up to that one costs: b ln((1 − p) / (1 − price))."""
        return self.liquidity * (math.log(-math.expm1(self._log_price(outcome))) - math.log1p(-price))

    def shares_to(self, outcome: int, price: float) -> float:
        """The shares whose sale moves the price down to that one: b (logit p − logit price)."""
        log_price = self._log_price(outcome)
        logit = log_price - math.log(-math.expm1(log_price))
        return self.liquidity * (logit - math.log(price / (1 - price)))

    def _log_price(self, outcome: int) -> float:
        """The logarithm of a price, below zero also where the price is one but for the last digit."""
        return min(-1e-300, (self.shares[outcome] - self.cost()) / self.liquidity)
