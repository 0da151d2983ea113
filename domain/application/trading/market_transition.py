"""What all changes of a published market have in common: it comes to its next revision, and its book with it."""

from collections.abc import Callable
from datetime import datetime

from domain.application.shared.commands import Commands, Reply
from domain.application.shared.membership import require_account
from domain.application.shared.visibility import require_book, require_visible
from domain.event.market_events import EventType, market_changed
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import ForbiddenError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.trading.book import Book, Listing, follow_market
from domain.model.trading.market import Market, close_expired_market
from domain.model.trading.position import Position
from domain.port.out.store import Change, Decision, Insert, Need, Outcome, Replace, View

type Permit = Callable[[View, Market, Caller], Need | None]
"""Raises ForbiddenError when the caller may not do this to the market; says what else it has to read to know."""

type ChangeMarket = Callable[[Market, datetime], Market]
"""The market as it is from this instant on, or a refusal."""

type Fix = Callable[[View, Market, datetime], Change | Need]
"""What is written with the change; says what else it has to read to know."""


class MarketTransition:
    """Changes a published market and its book together; the book's version is a condition, so no trade slips in."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    async def run(
        self,
        caller: Caller,
        slug: str,
        idempotency: Idempotency,
        *,
        event: EventType,
        permit: Permit,
        change: ChangeMarket,
        fix: Fix | None = None,
    ) -> Reply[Listing]:
        """Change the market once.

        Args:
            caller: who asks.
            slug: the market's slug.
            idempotency: how the request is known again.
            event: what the public is told.
            permit: who may.
            change: what becomes of the market.
            fix: what else is written, of the market as it was.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            MarketNotFoundError: there is no such market for this caller.
            MarketNotOpenError: it is a draft.
            DomainError: what ``permit`` and ``change`` refuse.
        """
        market_key = key_for(Market, slug)

        def decide(view: View, now: datetime) -> Decision[Listing]:
            require_account(view, caller)
            market = require_visible(view.get(market_key), slug, caller)
            if need := permit(view, market, caller):
                return need
            book = require_book(view, slug, caller)
            if isinstance(book, Need):
                return book
            closed = close_expired_market(market, now)  # noted before the change, as an event of its own
            changed = change(closed or market, now)
            fixed = fix(view, market, now) if fix else None
            if isinstance(fixed, Need):
                return fixed
            listing = Listing(changed, follow_market(book, changed))
            changes: list[Change] = [Replace(changed, read=market), Replace(listing.book, read=book)]
            if closed:
                changes.append(Insert(market_changed(closed, EventType.CLOSED, None, now, version=book.version)))
            changes.append(Insert(market_changed(changed, event, caller.account, now, version=book.version)))
            return Outcome(listing, (*changes, fixed) if fixed else tuple(changes))

        keys = (market_key, key_for(Book, slug), key_for(Account, caller.account))
        return await self._commands.run(caller.account, idempotency, Listing, keys, decide)


def permit_creator_or_admin(view: View, market: Market, caller: Caller) -> None:  # noqa: ARG001 - a Permit
    """Let the market's creator and admins pass.

    Raises:
        ForbiddenError: the caller is neither.
    """
    if not caller.is_admin and caller.account != market.creator:
        raise ForbiddenError("Only the market's creator or an admin may do this.")


def permit_admin(view: View, market: Market, caller: Caller) -> None:  # noqa: ARG001 - a Permit
    """Let admins pass.

    Raises:
        ForbiddenError: the caller is none.
    """
    if not caller.is_admin:
        raise ForbiddenError(f"Only an admin may do this to {market.slug!r}.")


def permit_disinterested(view: View, market: Market, caller: Caller) -> Need | None:
    """Let admins pass, and a creator who never held shares. A position stays after its shares are sold, so it shows.

    It is read after the book, whose version is a condition of the commit: the creator has not bought since.

    Raises:
        ForbiddenError: the caller is neither.
    """
    permit_creator_or_admin(view, market, caller)
    if caller.is_admin:
        return None
    key = key_for(Position, caller.account, market.slug)
    if not view.has_read(key):
        return Need((key,))
    if view.get(key) is not None:
        raise ForbiddenError("You have held shares of this market, so an admin has to resolve it.")
    return None
