"""Forgetting an account: what was removed of what a person left, and at whose word."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from domain.model.kernel.command import answer
from domain.model.kernel.record import record


@dataclass(frozen=True, slots=True)
class Removed:
    """How many records were removed of what has a person's words or lets somebody in."""

    comments: int = 0
    drafts: int = 0
    api_keys: int = 0
    webhooks: int = 0
    sign_in_links: int = 0

    def __add__(self, other: Self) -> Self:
        return replace(
            self,
            comments=self.comments + other.comments,
            drafts=self.drafts + other.drafts,
            api_keys=self.api_keys + other.api_keys,
            webhooks=self.webhooks + other.webhooks,
            sign_in_links=self.sign_in_links + other.sign_in_links,
        )


@answer("Forgetting")
@record("forgetting", key=("account",), counters=("version",))
@dataclass(frozen=True, slots=True)
class Forgetting:
    """The account of a deed that cannot be undone; it holds nothing of what was removed.

    Args:
        account: who is forgotten.
        by: the account of the admin who asked for it; the house where it was whoever runs the instance.
        begun_at: when the account lost its name and was closed.
        ended_at: when everything else was removed; None until then.
        removed: what was removed so far.
        version: counts its changes.
    """

    account: str
    by: str
    begun_at: datetime
    ended_at: datetime | None = None
    removed: Removed = Removed()
    version: int = 0

    def with_removed(self, removed: Removed) -> Self:
        """With what was removed just now. Once it has ended its counts stay as they were told."""
        total = self.removed + removed if self.ended_at is None else self.removed
        return replace(self, removed=total, version=self.version + 1)

    def ended(self, now: datetime) -> Self:
        """Once nothing is left to remove; the same where that is so already."""
        return self if self.ended_at else replace(self, ended_at=now, version=self.version + 1)
