"""Reading the ledger. What is read may trail acknowledged writes; on one machine it does not."""

from collections.abc import Sequence
from typing import Protocol

from domain.model.ledger.journal import JournalEntry
from domain.model.trading.trade import Trade
from domain.port.out.repositories import Page


class JournalRepository(Protocol):
    """The append-only records of what happened."""

    async def find_entries(
        self, account: str, limit: int, cursor: str | None = None, *, only_trades: bool = False
    ) -> Page[JournalEntry]:
        """An account's entries, newest first; a page may be shorter than its limit although more follow.

        Raises:
            InvalidCursorError: the cursor is none that this list gives.
        """
        ...

    async def find_trades(self, slug: str, limit: int, cursor: str | None = None) -> Page[Trade]:
        """A market's trades, the latest version first.

        Raises:
            InvalidCursorError: the cursor is none that this list gives.
        """
        ...

    async def find_entries_after(self, account: str, seq: int, limit: int) -> Sequence[JournalEntry]:
        """An account's next entries after that one, oldest first; every acknowledged one is found."""
        ...

    async def find_trades_after(self, slug: str, version: int, limit: int) -> Sequence[Trade]:
        """A market's next trades after that version, oldest first; the list may trail behind, and have gaps then."""
        ...
