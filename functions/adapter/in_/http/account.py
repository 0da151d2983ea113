"""Accounts as answers show them, and the names that people may have."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field

from domain.model.kernel.names import MAX_PERSON_NAME, is_person_name
from domain.model.kernel.notation import format_time
from domain.model.ledger.account import Account
from functions.adapter.in_.http.schemas import ResponseBody, Time


def _require_person_name(text: str) -> str:
    if not is_person_name(text):
        raise ValueError(
            f"must have 1 to {MAX_PERSON_NAME} characters, no control characters and no blanks at either end"
        )
    return text


_CONTROLS = r"\u0000-\u001f\u007f-\u009f"
PersonName = Annotated[
    str,
    AfterValidator(_require_person_name),
    Field(
        min_length=1,
        max_length=MAX_PERSON_NAME,
        examples=["Łukasz"],
        json_schema_extra={"pattern": rf"^[^\s{_CONTROLS}](?:[^{_CONTROLS}]*[^\s{_CONTROLS}])?$"},
    ),
]


class PublicAccountResponse(ResponseBody):
    """What everybody may know of an account."""

    account: str
    name: str
    created_at: Time

    @classmethod
    def of(cls, account: Account) -> Self:
        """The answer for an account."""
        return cls(account=account.id, name=account.shown_name, created_at=format_time(account.created_at))
