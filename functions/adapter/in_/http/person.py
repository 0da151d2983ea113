"""Accounts as admins see them."""

from typing import Self

from domain.model.kernel.notation import format_micros, format_time
from domain.model.ledger.account import Account
from functions.adapter.in_.http.schemas import Decimal, ResponseBody, Time


class PersonResponse(ResponseBody):
    """What an admin may know of an account."""

    account: str
    name: str
    balance: Decimal
    created_at: Time
    suspended: bool

    @classmethod
    def of(cls, account: Account) -> Self:
        """The answer for an account."""
        return cls(
            account=account.id,
            name=account.shown_name,
            balance=format_micros(account.balance.amount),
            created_at=format_time(account.created_at),
            suspended=account.suspended,
        )
