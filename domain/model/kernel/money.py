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
BALANCE_LIMIT = Money(1_000_000_000 * MICROS)
"""What an account holds at most; what settlement owes is paid all the same."""


def add_money(left: Money, right: Money) -> Money:
    """The sum of two amounts.

    Raises:
        CurrencyMismatchError: the currencies differ.
    """
    return Money(left.amount + _amount_of(right, left.currency), left.currency)


def negate_money(money: Money) -> Money:
    """The same amount, moving the other way."""
    return Money(-money.amount, money.currency)


def subtract_money(left: Money, right: Money) -> Money:
    """What is left of the first amount after the second; may be negative.

    Raises:
        CurrencyMismatchError: the currencies differ.
    """
    return Money(left.amount - _amount_of(right, left.currency), left.currency)


def sum_money(amounts: Iterable[Money]) -> Money:
    """The sum of any number of amounts; zero credits for none.

    Raises:
        CurrencyMismatchError: one of them is of another currency.
    """
    return Money(sum([_amount_of(amount, CREDIT) for amount in amounts]))


def _amount_of(money: Money, currency: str) -> int:
    if money.currency != currency:
        raise CurrencyMismatchError(f"{currency} and {money.currency} cannot be added")
    return money.amount
