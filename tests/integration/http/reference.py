"""An independent market maker to compare with: the logarithmic rule in sixty decimal digits, from its formula."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, localcontext

DIGITS = 60
MICRO = Decimal("0.000001")


def six(number: Decimal, rounding: str = ROUND_HALF_EVEN) -> str:
    """The number with exactly six decimals."""
    with localcontext(prec=DIGITS):
        return f"{number.quantize(MICRO, rounding):f}"


def cost(shares: Sequence[Decimal], liquidity: Decimal) -> Decimal:
    """C(q) = b ln Σ exp(q_i / b)."""
    with localcontext(prec=DIGITS):
        return liquidity * sum(((quantity / liquidity).exp() for quantity in shares), Decimal(0)).ln()


def prices(shares: Sequence[Decimal], liquidity: Decimal) -> list[Decimal]:
    """p_i = exp(q_i / b) / Σ exp(q_j / b)."""
    with localcontext(prec=DIGITS):
        weights = [(quantity / liquidity).exp() for quantity in shares]
        total = sum(weights)
        return [weight / total for weight in weights]


def moved(shares: Sequence[Decimal], outcome: int, quantity: Decimal) -> list[Decimal]:
    """The shares outstanding once `quantity` of one outcome is added, or taken where it is negative."""
    return [held + quantity if index == outcome else held for index, held in enumerate(shares)]


def amount_of(shares: Sequence[Decimal], liquidity: Decimal, outcome: int, quantity: Decimal) -> str:
    """What a buy of `quantity` pays, rounded up; what a sale of minus `quantity` receives, rounded down."""
    with localcontext(prec=DIGITS):
        change = cost(moved(shares, outcome, quantity), liquidity) - cost(shares, liquidity)
        return six(change, ROUND_CEILING) if quantity > 0 else six(-change, ROUND_FLOOR)


def quantity_for(shares: Sequence[Decimal], liquidity: Decimal, outcome: int, spend: Decimal) -> str:
    """The shares of one outcome that `spend` buys, rounded down: q' = C' + b ln(1 − exp((o − C') / b))."""
    with localcontext(prec=DIGITS):
        others = cost([held for index, held in enumerate(shares) if index != outcome], liquidity)
        after = cost(shares, liquidity) + spend
        reached = after + liquidity * (1 - ((others - after) / liquidity).exp()).ln()
        return six(reached - shares[outcome], ROUND_FLOOR)


def subsidy_of(liquidity: Decimal, outcomes: int) -> str:
    """What a publisher escrows: b ln n, rounded up."""
    with localcontext(prec=DIGITS):
        return six(liquidity * Decimal(outcomes).ln(), ROUND_CEILING)
