"""How far the index of all that holds credits is to be trusted: a record of this adapter alone."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.model.kernel.record import record

TRUST = timedelta(days=30)
"""After that long the table is looked through once more, in case an earlier release was deployed in between."""


@record("balance_index", key=(), counters=("version",))
@dataclass(frozen=True, slots=True)
class BalanceIndex:
    """How far the table was looked through for items that are not in the index, as earlier releases left them.

    Args:
        version: counts the pages looked through.
        cursor: where it goes on; None where it begins anew.
        added: how many were found and added since it last began.
        complete_at: when all of the table was last looked through and nothing was missing; None where that was not so
            yet, or something was missing since. Only then is the index asked in place of the table.
    """

    version: int
    cursor: str | None
    added: int
    complete_at: datetime | None

    def is_due(self, now: datetime) -> bool:
        """Whether the table is to be looked through, or is being so."""
        return self.cursor is not None or self.complete_at is None or now - self.complete_at >= TRUST


UNKNOWN = BalanceIndex(0, None, 0, None)
"""What is known before the table was looked through."""


def advance(index: BalanceIndex, added: int, cursor: str | None, now: datetime) -> BalanceIndex:
    """What is known after one more page; after the last, which has no cursor, whether nothing was missing."""
    added += index.added
    if cursor is None:
        return BalanceIndex(index.version + 1, None, 0, None if added else now)
    return replace(index, version=index.version + 1, cursor=cursor, added=added)
