"""Entries of the journal as answers show them."""

from typing import Self

from pydantic import Field

from domain.model.ledger.journal import EntryKind, JournalEntry, entry_document
from functions.adapter.in_.http.schemas import Decimal, ResponseBody, Time, is_none


class JournalEntryResponse(ResponseBody):
    """A movement of an account's money; ``amount`` is signed, and all amounts add up to the balance."""

    id: str
    kind: EntryKind
    amount: Decimal
    balance_after: Decimal
    market: str | None = Field(default=None, exclude_if=is_none)
    reason: str | None = Field(default=None, exclude_if=is_none)
    created_at: Time

    @classmethod
    def of(cls, entry: JournalEntry) -> Self:
        """The answer for an entry."""
        return cls.model_validate(entry_document(entry))
