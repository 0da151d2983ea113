from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.kernel.money import MICROS, Money
from domain.model.trading.order import OrderTerms, TimeInForce, average_price
from domain.model.trading.trade import Side


@pytest.mark.parametrize(
    ("amount", "quantity", "price"),
    [
        (5_124_948, 10 * MICROS, 512_495),  # .5124948 is nearer to .512495
        (1, 2 * MICROS, 0),  # half a millionth: to the even 0
        (3, 2 * MICROS, 2),  # one and a half: to the even 2
        (5, 2 * MICROS, 2),  # two and a half: to the even 2
        (7, 2 * MICROS, 4),
        (0, 1, 0),
        (1, 1, MICROS),
        (1, 3, 333_333),
        (2, 3, 666_667),
        (10**15, 10**15, MICROS),
    ],
)
def test_average_price_is_rounded_half_even(amount: int, quantity: int, price: int) -> None:
    """The average price is the amount for each share in millionths; a tie goes to the even one."""
    assert average_price(Money(amount), quantity) == price


@given(st.integers(0, 10**18), st.integers(1, 10**18))
def test_average_price_is_the_nearest(amount: int, quantity: int) -> None:
    """No other millionth is nearer to the exact quotient."""
    exact = Fraction(amount, quantity) * MICROS
    found = average_price(Money(amount), quantity)
    assert abs(found - exact) <= Fraction(1, 2)
    assert abs(found - exact) < Fraction(1, 2) or found % 2 == 0


def test_orders_fill_entirely_unless_told_otherwise() -> None:
    """An order that says no more than what to buy is fill_or_kill, without limit and at any version."""
    terms = OrderTerms("YES", Side.BUY, quantity=1)
    assert terms.time_in_force is TimeInForce.FILL_OR_KILL
    assert (terms.spend, terms.limit_price, terms.version) == (None, None, None)
