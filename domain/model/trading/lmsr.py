"""Hanson's logarithmic market scoring rule, in exact decimal arithmetic that rounds toward the pool.

For shares outstanding q and liquidity b the market maker has taken in C(q) = b ln Σ exp(q_j/b) and quotes
p_i = exp(q_i/b) / Σ exp(q_j/b) (R. Hanson, "Logarithmic Market Scoring Rules for Modular Combinatorial
Information Aggregation", 2003). Everything here follows from the weights w_j = exp((q_j - m)/b), where m is the
largest of the quantities, so that nothing overflows, and from their sum S: C = m + b ln S and p_i = w_i / S.

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


@lru_cache(REMEMBERED_STATES)
@_exactly
def _weights(quantities: tuple[int, ...], liquidity: int) -> tuple[Decimal, ...]:
    """W_j = exp((q_j - m)/b) for each j; the largest is 1."""
    largest = max(quantities)
    return tuple([(Decimal(quantity - largest) / liquidity).exp() for quantity in quantities])


@lru_cache(REMEMBERED_STATES)
@_exactly
def _cost(quantities: tuple[int, ...], liquidity: int) -> Decimal:
    """C = m + b ln S."""
    return max(quantities) + liquidity * _sum(_weights(quantities, liquidity)).ln()


def _sum(weights: Sequence[Decimal]) -> Decimal:
    return sum(weights, Decimal(0))


def _weight_of_others(weights: Sequence[Decimal], outcome: int) -> Decimal:
    """S - w_i, without the digits that a subtraction loses when the outcome is all but certain."""
    return _sum((*weights[:outcome], *weights[outcome + 1 :]))


def _cost_change(quantities: Sequence[int], liquidity: int, outcome: int, change: int) -> Decimal:
    """C(q') - C(q) when the outcome's outstanding shares change by that many."""
    after = (*quantities[:outcome], quantities[outcome] + change, *quantities[outcome + 1 :])
    return _cost(after, liquidity) - _cost(tuple(quantities), liquidity)


def _ceiling(value: Decimal) -> int:
    return int((value + MARGIN).to_integral_value(ROUND_CEILING))


def _floor(value: Decimal) -> int:
    return int((value - MARGIN).to_integral_value(ROUND_FLOOR))


def cost(quantities: Sequence[int], liquidity: int) -> Decimal:
    """C(q) = b ln Σ exp(q_j/b), in micro-credits, unrounded."""
    return _cost(tuple(quantities), liquidity)


@_exactly
def worst_loss(liquidity: int, outcomes: int) -> int:
    """The most the market maker can lose: ⌈b ln n⌉ micro-credits, which is also C(0)."""
    return _ceiling(liquidity * Decimal(outcomes).ln())


@_exactly
def prices(quantities: Sequence[int], liquidity: int) -> tuple[Decimal, ...]:
    """The marginal price of each outcome, unrounded; they sum to one within the precision."""
    weights = _weights(tuple(quantities), liquidity)
    total = _sum(weights)
    return tuple([weight / total for weight in weights])


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

    Spending x lifts S to S exp(x/b), all of it by the outcome's weight: q' = C + x + b ln(1 - (1 - p) exp(-x/b)).
    """
    weights = _weights(tuple(quantities), liquidity)
    others = _weight_of_others(weights, outcome) / _sum(weights)
    reached = cost(quantities, liquidity) + spend + liquidity * (1 - others * (Decimal(-spend) / liquidity).exp()).ln()
    quantity = max(spend, int((reached - quantities[outcome]).to_integral_value(ROUND_FLOOR)))  # a price is below one
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
    """The micro-shares to buy until the price is t, b (logit t - logit p); negative for a sale."""
    weights = _weights(tuple(quantities), liquidity)
    odds_against = _weight_of_others(weights, outcome) / weights[outcome]
    return liquidity * (price * odds_against / (MICROS - price)).ln()
