import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.trading import lmsr
from functions.embedded.simulation.scoring_rule import FastScoringRule

MICRO = 1_000_000
books = st.tuples(st.integers(1, 10_000), st.lists(st.integers(-300, 300), min_size=2, max_size=20)).map(
    lambda drawn: (drawn[0], [held * drawn[0] / 100 for held in drawn[1]])
)


def fast(liquidity: float, shares: list[float]) -> FastScoringRule:
    """A market with these shares outstanding."""
    market = FastScoringRule(liquidity, len(shares))
    market.shares = list(shares)
    return market


@given(books, st.floats(0.01, 1000), st.data())
def test_it_trades_as_the_exact_one_does(book: tuple[int, list[float]], spend: float, data: st.DataObject) -> None:
    """Prices, what a spend buys and what a sale brings are those of the domain's market maker, to a micro-credit."""
    liquidity, shares = book
    outcome = data.draw(st.integers(0, len(shares) - 1))
    exact = [round(held * MICRO) for held in shares]
    market = fast(liquidity, shares)
    assert market.prices() == pytest.approx([float(price) for price in lmsr.prices(exact, liquidity * MICRO)], rel=1e-6)
    bought = market.buy(outcome, spend)
    quantity = lmsr.quantity_for_spend(exact, liquidity * MICRO, outcome, round(spend * MICRO))
    assert bought == pytest.approx(quantity / MICRO, rel=1e-5, abs=1e-5)
    exact[outcome] += quantity
    proceeds = lmsr.proceeds_of_sale(exact, liquidity * MICRO, outcome, quantity)
    assert market.sell(outcome, bought) == pytest.approx(proceeds / MICRO, rel=1e-5, abs=1e-5)


@given(books, st.floats(0.01, 0.99), st.data())
def test_a_price_is_reached_exactly(book: tuple[int, list[float]], price: float, data: st.DataObject) -> None:
    """Spending, or selling, as much as is said to lead to a price leads there."""
    market = fast(*book)
    outcome = data.draw(st.integers(0, len(book[1]) - 1))
    spend = market.spend_to(outcome, price)
    if spend > 0:
        market.buy(outcome, spend)
    else:
        market.sell(outcome, market.shares_to(outcome, price))
    assert market.prices()[outcome] == pytest.approx(price, rel=1e-6)


def test_a_fortune_against_a_thimble_is_finite() -> None:
    """A million credits in a market of liquidity 1 buy a million shares of what is then certain, and can be sold."""
    market = FastScoringRule(1.0, 2)
    bought = market.buy(0, 1_000_000)
    assert bought == pytest.approx(1_000_000 + math.log(2))
    assert market.prices() == [1.0, 0.0]
    assert market.sell(0, bought) == pytest.approx(1_000_000)
    assert market.prices() == pytest.approx([0.5, 0.5])
