"""What an account bought of a market, summed so that its forecasts can be scored without its trades.

A purchase of w shares at which the shown price came to p is a forecast of p with the weight w. The score is
Σ w (p - o)² over the outcomes' payouts o, which is Σ w p² - 2 o Σ w p + o² Σ w: three sums for each outcome, kept
exactly. They ride in the position, which a trade writes anyway.
"""

from collections.abc import Sequence
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from typing import NamedTuple

from domain.model.kernel.money import MICROS

STEPS = 10
"""Prices are told apart in so many steps of the same width: a price of 1 is in the last."""
EXACT = Context(prec=200, traps=[Inexact, InvalidOperation, Overflow])
"""Sums and products of decimals that lose no digit, or fail."""


class StepShares(NamedTuple):
    """Shares bought at prices of one step, from 0 to 9."""

    step: int
    shares: Decimal


class OutcomeBuys(NamedTuple):
    """All that was bought of one outcome.

    Args:
        outcome: the index of the outcome.
        prices: Σ w p, in shares; p is the price shown after each purchase.
        squares: Σ w p².
        steps: Σ w for each step of p in which there is any, in order.
    """

    outcome: int
    prices: Decimal
    squares: Decimal
    steps: tuple[StepShares, ...]


def from_micros(micros: int) -> Decimal:
    """The decimal that micro-units stand for."""
    return EXACT.scaleb(Decimal(micros), -6)


def sum_exactly(terms: Sequence[Decimal]) -> Decimal:
    """The exact sum."""
    total = Decimal(0)
    for term in terms:
        total = EXACT.add(total, term)
    return total


def add_buy(buys: Sequence[OutcomeBuys], outcome: int, quantity: int, price: int) -> tuple[OutcomeBuys, ...]:
    """The sums with one more purchase of that many micro-shares, after which that price in millionths was shown."""
    before = {each.outcome: each for each in buys}
    known = before.get(outcome, OutcomeBuys(outcome, Decimal(0), Decimal(0), ()))
    weight, shown = from_micros(quantity), from_micros(price)
    weighted = EXACT.multiply(weight, shown)
    before[outcome] = OutcomeBuys(
        outcome,
        EXACT.add(known.prices, weighted),
        EXACT.add(known.squares, EXACT.multiply(weighted, shown)),
        add_shares(known.steps, step_of(price), weight),
    )
    return tuple(before[index] for index in sorted(before))


def add_shares(steps: Sequence[StepShares], step: int, shares: Decimal) -> tuple[StepShares, ...]:
    """The steps with more shares in one of them."""
    before = dict(steps)
    before[step] = EXACT.add(before.get(step, Decimal(0)), shares)
    return tuple(StepShares(index, before[index]) for index in sorted(before))


def step_of(price: int) -> int:
    """The step that a price in millionths is in."""
    return min(price * STEPS // MICROS, STEPS - 1)
