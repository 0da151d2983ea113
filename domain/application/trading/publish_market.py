"""Publish a draft: its creator puts the subsidy into the pool, and trading begins."""

from datetime import datetime
from typing import NamedTuple

from domain.application.shared.commands import Commands
from domain.application.shared.membership import require_account
from domain.application.shared.visibility import require_visible
from domain.event.market_events import EventType, market_changed
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import ForbiddenError
from domain.model.kernel.money import negate_money
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account, drop_draft, move_money
from domain.model.ledger.journal import EntryKind, pool_of
from domain.model.trading.book import Listing, open_book
from domain.model.trading.market import Market, publish_market
from domain.port.out.store import Decision, Insert, Outcome, Replace, View


class PublishMarketRequest(NamedTuple):
    """Which draft to publish, and who asks."""

    caller: Caller
    slug: str
    idempotency: Idempotency


class PublishMarketResult(NamedTuple):
    """The published market, and whether this is an answer given before."""

    listing: Listing
    replayed: bool


class PublishMarket:
    """The subsidy leaves the creator's account in the transaction that opens the book."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    async def execute(self, request: PublishMarketRequest) -> PublishMarketResult:
        """Publish the draft.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            MarketNotFoundError: there is no such market for this caller.
            ForbiddenError: it is not the caller's own.
            MarketAlreadyPublishedError: it is no draft.
            InvalidMarketError: its closing time has passed.
            InsufficientFundsError: the creator cannot pay the subsidy.
        """
        account = request.caller.account
        keys = (key_for(Market, request.slug), key_for(Account, account))
        reply = await self._commands.run(
            account, request.idempotency, Listing, keys, lambda view, now: _decide(request, view, now)
        )
        return PublishMarketResult(reply.answer, reply.replayed)


def _decide(request: PublishMarketRequest, view: View, now: datetime) -> Decision[Listing]:
    caller, slug = request.caller, request.slug
    account = require_account(view, caller)
    draft = require_visible(view.get(key_for(Market, slug)), slug, caller)
    if draft.creator != caller.account:
        raise ForbiddenError("Only its creator, who pays the subsidy, may publish a market.")
    market = publish_market(draft, now)
    book = open_book(market)
    movement = move_money(
        drop_draft(account),
        EntryKind.SUBSIDY,
        negate_money(book.subsidy),
        pool_of(slug),
        now,
        market=slug,
        version=book.version,
        revision=book.revision,
    )
    changes = (
        Replace(market, read=draft),
        Insert(book),
        Replace(movement.account, read=account),
        Insert(movement.entry),
        Insert(market_changed(market, EventType.PUBLISHED, caller.account, now)),
    )
    return Outcome(Listing(market, book), changes)
