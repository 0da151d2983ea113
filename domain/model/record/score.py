"""How forecasts are scored: points, and the Brier score."""

from decimal import ROUND_HALF_EVEN, Context, Decimal

from domain.model.kernel.money import MICROS, Money

SMALLEST = 100 * MICROS
"""Markets of a smaller liquidity, in micro-credits, are scored as if they had this one: their points come cheaper."""
_CONTEXT = Context(prec=60, rounding=ROUND_HALF_EVEN)
_LN_2 = _CONTEXT.ln(Decimal(2))
_ONE = Decimal(1)


def points_of(profit: Money, liquidity: int) -> int:
    """100 · profit / (max(b, 100) ln 2), in millionths of a point, rounded half-even.

    From b = 100 on, and up to rounding, the points of all accounts on a market add up to 100 · log₂ of the final over
    the opening price of the outcome that happened.
    """
    dividend = Decimal(100 * MICROS * profit.amount)
    return to_integer(_CONTEXT.divide(dividend, _CONTEXT.multiply(Decimal(max(liquidity, SMALLEST)), _LN_2)))


def brier_of(squares: Decimal, weight: Decimal) -> int | None:
    """Σ w (p - o)² / Σ w in millionths, rounded half-even; None where nothing was bought."""
    if not weight:
        return None
    return to_integer(_CONTEXT.divide(_CONTEXT.multiply(squares, Decimal(MICROS)), weight))


def to_micros(value: Decimal) -> int:
    """A decimal in micro-units, rounded half-even."""
    return to_integer(_CONTEXT.multiply(value, Decimal(MICROS)))


def to_integer(value: Decimal) -> int:
    """The nearest integer; half-way between two it is the even one."""
    return int(value.quantize(_ONE, context=_CONTEXT))
