"""The market maker once more, in binary floating point of 160 digits, straight from the formulas of the design."""

from collections.abc import Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction

from mpmath.ctx_mp import MPContext

ERROR = Fraction(1, 10**90)
"""More than the oracle is ever wrong by."""
_PLACES = 10**110
_mp = MPContext()
_mp.dps = 160
_wide = Context(prec=300, Emin=MIN_EMIN, Emax=MAX_EMAX)


def cost(quantities: Sequence[int], liquidity: int) -> Fraction:
    """C(q) = b ln Σ exp(q_i/b)."""
    total = _mp.fsum(_mp.exp(_mp.mpf(quantity) / liquidity) for quantity in quantities)
    return Fraction(int(_mp.nint(liquidity * _mp.ln(total) * _PLACES)), _PLACES)


def cost_change(quantities: Sequence[int], liquidity: int, outcome: int, change: int) -> Fraction:
    """What the market maker takes in when an outcome's outstanding shares change by that many."""
    return cost(moved(quantities, outcome, change), liquidity) - cost(quantities, liquidity)


def price(quantities: Sequence[int], liquidity: int, outcome: int) -> Fraction:
    """p_i = exp(q_i/b) / Σ exp(q_j/b)."""
    weights = [_mp.exp(_mp.mpf(quantity) / liquidity) for quantity in quantities]
    return Fraction(int(_mp.nint(weights[outcome] / _mp.fsum(weights) * _PLACES)), _PLACES)


def worst_loss(liquidity: int, outcomes: int) -> Fraction:
    """B ln n."""
    return Fraction(int(_mp.nint(liquidity * _mp.ln(outcomes) * _PLACES)), _PLACES)


def moved(quantities: Sequence[int], outcome: int, change: int) -> tuple[int, ...]:
    """The quantities with one of them changed."""
    return (*quantities[:outcome], quantities[outcome] + change, *quantities[outcome + 1 :])


def fraction_of(number: Decimal) -> Fraction:
    """A decimal to 110 places, however small it is."""
    return Fraction(int(_wide.to_integral_value(_wide.multiply(number, Decimal(_PLACES)))), _PLACES)
