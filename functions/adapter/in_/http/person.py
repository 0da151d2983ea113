"""Accounts as admins see them."""

from typing import Annotated, Self

from pydantic import Field

from domain.model.kernel.notation import format_micros, format_time
from domain.model.ledger.account import Account
from functions.adapter.in_.http.schemas import Decimal, ResponseBody, Time, is_none

CameBy = Annotated[
    Annotated[str, Field(pattern="^[0-9a-f]{28}$")] | None,
    Field(description="Only those who came by this invitation, by its id."),
]


class PersonResponse(ResponseBody):
    """What an admin may know of an account."""

    account: str
    name: str
    balance: Decimal
    created_at: Time
    suspended: bool
    forgotten_at: Time | None = Field(default=None, exclude_if=is_none)

    @classmethod
    def of(cls, account: Account) -> Self:
        """The answer for an account."""
        return cls(
            account=account.id,
            name=account.shown_name,
            balance=format_micros(account.balance.amount),
            created_at=format_time(account.created_at),
            suspended=account.suspended,
            forgotten_at=format_time(account.forgotten_at) if account.forgotten_at else None,
        )
