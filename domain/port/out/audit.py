"""Checking that the books balance."""

from datetime import datetime
from typing import Protocol

from domain.model.ledger.audit import Audit
from domain.port.out.records import AccountKey, BookKey
from domain.port.out.repositories import Page


class AuditRepository(Protocol):
    """The sums over everything that holds credits."""

    async def find_audit(self, now: datetime) -> Audit:
        """What the books add up to: now where one reading can tell, otherwise as the last complete walk found them."""
        ...

    async def find_balances(self, cursor: str | None = None) -> Page[AccountKey | BookKey]:
        """Some of the keys of everything that holds credits, in no order.

        Pages are as long as is cheap, and may be empty although more follow. A walk from the first page to the last
        finds each key that was there when it began exactly once. The cursor may be kept for as long as the store is.
        """
        ...
