"""Hanson's logarithmic market scoring rule, in exact decimal arithmetic that rounds toward the pool.

For shares outstanding q and liquidity b the market maker has taken in C(q) = b ln Σ exp(q_i/b) and quotes
p_i = exp(q_i/b) / Σ exp(q_j/b) (R. Hanson, "Logarithmic Market Scoring Rules for Modular Combinatorial
Information Aggregation", 2003). Everything here follows from one rearrangement: with the other outcomes folded
into o = b ln Σ_{j≠i} exp(q_j/b), a market of any size is a two-sided one, C = b ln(exp(q_i/b) + exp(o/b)) and
logit p_i = (q_i - o)/b. Sums are shifted by their largest exponent, so nothing overflows and no price is a 0/0.

Units: quantities are micro-shares, b, costs and spends micro-credits, all integers; a share of the winner pays
one credit, so b is in micro-shares as well. Results that are money are integers, already rounded.

Precision: PRECISION digits leave an absolute error far below MARGIN micro-credits for every q and b the product
admits (C < 10^20, about ten roundings). A charge is the ceiling of the cost plus MARGIN and a sale's proceeds the
floor of the value less MARGIN: the pool never holds less than C(q), whatever the last digit did. Decimal arithmetic
is the same on every processor, so a trade can be replayed anywhere.

Reads ask for the same numbers again and again. What depends on the state of a book alone is remembered by the value of
that state, so a remembered number is never out of date; a few thousand states are kept, some kilobytes each.
"""

from collections.abc import Callable, Sequence
from decimal import MAX_EMAX, MIN_EMIN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal, localcontext
from functools import lru_cache, wraps

from domain.model.kernel.money import MICROS

PRECISION = 64
MARGIN = Decimal("1e-30")
REMEMBERED_STATES = 4096
REMEMBERED_SALES = 8192
_EXACT = Context(prec=PRECISION, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX)


def _exactly[**P, R](compute: Callable[P, R]) -> Callable[P, R]:
    """Run a function in the market maker's own decimal context, whatever the caller's is."""

    @wraps(compute)
    def in_context(*args: P.args, **kwargs: P.kwargs) -> R:
        with localcontext(_EXACT):
            return compute(*args, **kwargs)

    return in_context


def _log_sum(quantities: Sequence[int], liquidity: int) -> Decimal:
    """B ln Σ exp(q_j/b), shifted by the largest q."""
    total = sum(_weights(quantities, liquidity), Decimal(0))
    return max(quantities) + liquidity * total.ln()


def _weights(quantities: Sequence[int], liquidity: int) -> list[Decimal]:
    """Exp(q_j/b) for each j, all divided by the largest of them."""
    largest = max(quantities)
    return [(Decimal(quantity - largest) / liquidity).exp() for quantity in quantities]


def _others(quantities: Sequence[int], liquidity: int, outcome: int) -> Decimal:
    """The other outcomes folded into one: o = b ln Σ_{j≠i} exp(q_j/b)."""
    return _fold((*quantities[:outcome], *quantities[outcome + 1 :]), liquidity)


@lru_cache(REMEMBERED_STATES)
@_exactly
def _fold(quantities: tuple[int, ...], liquidity: int) -> Decimal:
    """Some outcomes folded into one."""
    return _log_sum(quantities, liquidity)


@lru_cache(REMEMBERED_STATES)
@_exactly
def _two_sided_cost(quantity: Decimal, others: Decimal, liquidity: int) -> Decimal:
    """C = b ln(exp(q_i/b) + exp(o/b)), shifted by the larger."""
    high, low = max(others, quantity), min(others, quantity)
    return high + liquidity * (1 + ((low - high) / liquidity).exp()).ln()


def _cost_change(quantities: Sequence[int], liquidity: int, outcome: int, change: int) -> Decimal:
    """C(q') - C(q) when the outcome's outstanding shares change by that many."""
    others = _others(quantities, liquidity, outcome)
    before = _two_sided_cost(Decimal(quantities[outcome]), others, liquidity)
    return _two_sided_cost(Decimal(quantities[outcome] + change), others, liquidity) - before


def _ceiling(value: Decimal) -> int:
    return int((value + MARGIN).to_integral_value(ROUND_CEILING))


def _floor(value: Decimal) -> int:
    return int((value - MARGIN).to_integral_value(ROUND_FLOOR))


@_exactly
def cost(quantities: Sequence[int], liquidity: int) -> Decimal:
    """C(q) = b ln Σ exp(q_i/b), in micro-credits, unrounded."""
    return _log_sum(quantities, liquidity)


@_exactly
def worst_loss(liquidity: int, outcomes: int) -> int:
    """The most the market maker can lose: ⌈b ln n⌉ micro-credits, which is also C(0)."""
    return _ceiling(liquidity * Decimal(outcomes).ln())


@_exactly
def prices(quantities: Sequence[int], liquidity: int) -> tuple[Decimal, ...]:
    """The marginal price of each outcome, unrounded; they sum to one within the precision."""
    weights = _weights(quantities, liquidity)
    total = sum(weights, Decimal(0))
    return tuple(weight / total for weight in weights)


def shown_prices(quantities: Sequence[int], liquidity: int) -> tuple[int, ...]:
    """The prices in millionths, each rounded half-even by itself: they may not sum to exactly one million."""
    return _shown_prices(tuple(quantities), liquidity)


@lru_cache(REMEMBERED_STATES)
@_exactly
def _shown_prices(quantities: tuple[int, ...], liquidity: int) -> tuple[int, ...]:
    return tuple(int((price * MICROS).to_integral_value(ROUND_HALF_EVEN)) for price in prices(quantities, liquidity))


@_exactly
def charge_for_purchase(quantities: Sequence[int], liquidity: int, outcome: int, quantity: int) -> int:
    """What buying that many micro-shares costs: ⌈ΔC⌉, with the margin at least 1 micro-credit.

    It is never more than the quantity itself: a price is below one, so ΔC < quantity, and the bound only undoes
    the margin where the outcome is all but certain.
    """
    charge = _ceiling(_cost_change(quantities, liquidity, outcome, quantity))
    return min(quantity, charge)


def proceeds_of_sale(quantities: Sequence[int], liquidity: int, outcome: int, quantity: int) -> int:
    """What selling that many micro-shares brings: ⌊-ΔC⌋ micro-credits, possibly 0."""
    return _proceeds_of_sale(tuple(quantities), liquidity, outcome, quantity)


@lru_cache(REMEMBERED_SALES)
@_exactly
def _proceeds_of_sale(quantities: tuple[int, ...], liquidity: int, outcome: int, quantity: int) -> int:
    return max(0, _floor(-_cost_change(quantities, liquidity, outcome, -quantity)))


@_exactly
def quantity_for_spend(quantities: Sequence[int], liquidity: int, outcome: int, spend: int) -> int:
    """The micro-shares a spend buys, rounded down so that their charge is at most the spend; at least ``spend``.

    From C' = C + x and C' = b ln(exp(q'/b) + exp(o/b)): q' = C' + b ln(1 - exp((o - C')/b)).
    """
    held = quantities[outcome]
    others = _others(quantities, liquidity, outcome)
    target = _two_sided_cost(Decimal(held), others, liquidity) + spend
    reached = target + liquidity * (1 - ((others - target) / liquidity).exp()).ln()
    quantity = max(spend, int((reached - held).to_integral_value(ROUND_FLOOR)))  # a price is below one
    within = charge_for_purchase(quantities, liquidity, outcome, quantity) <= spend
    return quantity if within else quantity - 1


@_exactly
def most_to_buy(quantities: Sequence[int], liquidity: int, outcome: int, price: int) -> int:
    """The most micro-shares that leave the outcome's price at or below the given one; negative if it is above now.

    Args:
        quantities: micro-shares outstanding, one for each outcome.
        liquidity: b, in micro-credits.
        outcome: the index of the outcome that is traded.
        price: the limit in millionths, strictly between 0 and 1 000 000.
    """
    return int((_distance(quantities, liquidity, outcome, price) + MARGIN).to_integral_value(ROUND_FLOOR))


@_exactly
def most_to_sell(quantities: Sequence[int], liquidity: int, outcome: int, price: int) -> int:
    """The most micro-shares whose sale leaves the price at or above the given one; see :func:`most_to_buy`."""
    return int((MARGIN - _distance(quantities, liquidity, outcome, price)).to_integral_value(ROUND_FLOOR))


def _distance(quantities: Sequence[int], liquidity: int, outcome: int, price: int) -> Decimal:
    """The micro-shares to buy until the price is reached, b logit t - (q_i - o); negative for a sale."""
    logit = (Decimal(price) / (MICROS - price)).ln()
    return liquidity * logit - (quantities[outcome] - _others(quantities, liquidity, outcome))
