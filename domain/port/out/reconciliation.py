"""Reading everything that is stored, to compare the ledger with what follows from it."""

from collections.abc import Iterator
from typing import Protocol


class StoredRecords(Protocol):
    """All records of a store as of one instant, kind by kind."""

    def every[R](self, kind: type[R], by: str | None = None) -> Iterator[R]:
        """All records of a kind.

        Args:
            kind: the record's class.
            by: the attribute by which they are ordered: part of the record's key, or the market of a journal entry.
                Records in which it is None are left out. None for all of them in no order.
        """
        ...
