"""Money: exact integers of micro-credits, never floats."""

from collections.abc import Iterable
from dataclasses import dataclass

CREDIT = "CREDIT"
MICROS = 1_000_000
"""Micro-units in one unit: micro-credits in a credit, micro-shares in a share, and the denominator of a price."""


class CurrencyMismatchError(ValueError):
    """Amounts of two currencies met in one sum: a bug in the caller, never a refusal."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency.

    Args:
        amount: micro-units; may be negative.
        currency: the currency's code; play money has just one.
    """

    amount: int
    currency: str = CREDIT


ZERO = Money(0)


def add_money(left: Money, right: Money) -> Money:
    """The sum of two amounts.

    Raises:
        CurrencyMismatchError: the currencies differ.
    """
    if left.currency != right.currency:
        raise CurrencyMismatchError(f"{left.currency} and {right.currency} cannot be added")
    return Money(left.amount + right.amount, left.currency)


def negate_money(money: Money) -> Money:
    """The same amount, moving the other way."""
    return Money(-money.amount, money.currency)


def subtract_money(left: Money, right: Money) -> Money:
    """What is left of the first amount after the second; may be negative.

    Raises:
        CurrencyMismatchError: the currencies differ.
    """
    return add_money(left, negate_money(right))


def sum_money(amounts: Iterable[Money]) -> Money:
    """The sum of any number of amounts; zero credits for none.

    Raises:
        CurrencyMismatchError: the currencies differ.
    """
    total = ZERO
    for amount in amounts:
        total = add_money(total, amount)
    return total
