import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.kernel.money import (
    CREDIT,
    MICROS,
    ZERO,
    CurrencyMismatchError,
    Money,
    add_money,
    negate_money,
    subtract_money,
    sum_money,
)

EURO_CENT = Money(1, "EUR")
credits_ = st.builds(Money, st.integers())


def test_a_credit_is_a_million_micros() -> None:
    """Play money has one currency and is counted in millionths."""
    assert MICROS == 1_000_000
    assert Money(5).currency == CREDIT
    assert Money(0) == ZERO


@given(credits_, credits_)
def test_sums_and_differences_are_exact(left: Money, right: Money) -> None:
    """Adding and taking away are those of the integers, of any size."""
    assert add_money(left, right) == Money(left.amount + right.amount)
    assert subtract_money(left, right) == Money(left.amount - right.amount)
    assert subtract_money(add_money(left, right), right) == left


@given(credits_)
def test_negation_moves_the_other_way(money: Money) -> None:
    """An amount and its negation are nothing together, in the amount's own currency."""
    assert add_money(money, negate_money(money)) == ZERO
    assert negate_money(EURO_CENT) == Money(-1, "EUR")


@given(st.lists(credits_))
def test_sum_of_any_number(amounts: list[Money]) -> None:
    """A sum is the sum of the amounts, and zero for none."""
    assert sum_money(iter(amounts)) == Money(sum(money.amount for money in amounts))


def test_one_foreign_currency_adds_up() -> None:
    """Two amounts of one other currency are added in that currency."""
    assert add_money(EURO_CENT, EURO_CENT) == Money(2, "EUR")


def test_currencies_do_not_mix() -> None:
    """Two currencies never meet in a sum, not even with nothing of one of them."""
    with pytest.raises(CurrencyMismatchError):
        add_money(Money(1), EURO_CENT)
    with pytest.raises(CurrencyMismatchError):
        subtract_money(EURO_CENT, ZERO)
    with pytest.raises(CurrencyMismatchError):
        sum_money([Money(1), EURO_CENT])
