"""What closing, reopening, resolving and voiding have in common: one published market comes to its next revision."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from domain.application.shared.transaction import (
    Decision,
    Proposal,
    Reply,
    Transaction,
    command_key,
    once,
    recall,
    remember,
)
from domain.application.shared.visibility import refuse_without_book, require_visible
from domain.event.market_events import market_changed
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import AccountNotFoundError, ForbiddenError
from domain.model.ledger.command import Idempotency
from domain.model.trading.book import Listing, follow_market
from domain.model.trading.market import Market
from domain.port.out.clock import Clock
from domain.port.out.records import AccountKey, BookKey, Insert, MarketKey, RecordReader, Replace

type Authorize = Callable[[Market, Caller], Awaitable[None]]
"""Raises ForbiddenError when the caller may not do this to the market."""

type Change = Callable[[Market, datetime], Market]
"""The market as it is from this instant on, or a refusal."""


class MarketTransition:
    """Changes a published market and its book together; the book's version is a condition, so no trade slips in."""

    def __init__(self, records: RecordReader, transaction: Transaction, clock: Clock) -> None:
        self._records = records
        self._transaction = transaction
        self._clock = clock

    async def run(
        self, caller: Caller, slug: str, idempotency: Idempotency, *, authorize: Authorize, change: Change
    ) -> Reply[Listing]:
        """Change it once.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            MarketNotFoundError: there is no such market for this caller.
            MarketNotOpenError: it is a draft.
            DomainError: what ``authorize`` and ``change`` refuse.
        """
        key = command_key(caller.account, idempotency)

        async def decide() -> Decision[Listing]:
            snapshot = await self._records.read(MarketKey(slug), BookKey(slug), AccountKey(caller.account), key)
            if reply := recall(snapshot, key, idempotency, Listing):
                return reply
            if snapshot.get(AccountKey(caller.account)) is None:
                raise AccountNotFoundError(caller.account)
            market = require_visible(snapshot.get(MarketKey(slug)), slug, caller)
            await authorize(market, caller)
            book = snapshot.get(BookKey(slug))
            if book is None:
                await refuse_without_book(self._records, slug, caller)
            now = self._clock.now()
            changed = change(market, now)
            listing = Listing(changed, follow_market(book, changed))
            writes = (
                Replace(changed, read=market),
                Replace(listing.book, read=book),
                Insert(market_changed(changed, caller.account, now)),
                remember(key, idempotency, listing, now),
            )
            return Proposal(writes, listing)

        return await self._transaction.run(slug, once(self._records, key, idempotency, Listing, decide))


async def require_creator_or_admin(market: Market, caller: Caller) -> None:
    """Let the market's creator and admins pass.

    Raises:
        ForbiddenError: the caller is neither.
    """
    if not caller.is_admin and caller.account != market.creator:
        raise ForbiddenError("Only the market's creator or an admin may do this.")


async def require_admin(market: Market, caller: Caller) -> None:
    """Let admins pass.

    Raises:
        ForbiddenError: the caller is none.
    """
    if not caller.is_admin:
        raise ForbiddenError(f"Only an admin may do this to {market.slug!r}.")
