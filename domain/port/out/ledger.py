"""Reading the ledger. What is read may trail acknowledged writes; on one machine it does not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.model.kernel.record import Key
from domain.model.ledger.account import Account
from domain.model.ledger.audit import Audit
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.book import Book
from domain.model.trading.trade import Trade
from domain.port.out.paging import Page


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


class AuditRepository(Protocol):
    """The sums over everything that holds credits."""

    async def find_audit(self, now: datetime) -> Audit:
        """What the books add up to: now where one reading can tell, otherwise as the last complete walk found them."""
        ...

    async def prepare_walk(self, now: datetime, until: float) -> None:
        """Take walks a cheaper way from now on, where the store has one that it must prepare; a later call goes on.

        Args:
            now: the present instant.
            until: when to stop, by the clock's monotonic time.

        Raises:
            ContentionError: the store is too busy, or a later release has written there.
        """
        ...

    async def find_balances(self, cursor: str | None = None) -> Page[Key[Account] | Key[Book]]:
        """Some of the keys of everything that holds credits, in no order.

        Pages are as long as is cheap, and may be empty although more follow. A walk from the first page to the last
        finds each key that was there when it began exactly once. The cursor may be kept for as long as the store is.
        """
        ...
