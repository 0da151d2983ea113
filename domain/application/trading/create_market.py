"""Draft a market."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from domain.application.shared.commands import Abridgement, Commands
from domain.application.shared.membership import require_account
from domain.model.kernel.caller import Caller, Role
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import ForbiddenError, SlugTakenError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account, add_draft
from domain.model.trading.book import Listing, listing_at
from domain.model.trading.market import Market, MarketDefinition, create_market
from domain.port.out.store import Decision, Insert, Outcome, Replace, View


class CreateMarketRequest(NamedTuple):
    """What market to draft, and for whom."""

    caller: Caller
    slug: str
    definition: MarketDefinition
    idempotency: Idempotency


class CreateMarketResult(NamedTuple):
    """The draft, and whether this is an answer given before."""

    listing: Listing
    replayed: bool


class CreateMarket:
    """A draft is seen by nobody but its creator and admins, and costs nothing.

    Args:
        commands: where markets are written.
        creators_only: whether drafting is restricted to callers with the role of a creator, and admins.
    """

    def __init__(self, commands: Commands, *, creators_only: bool = False) -> None:
        self._commands = commands
        self._creators_only = creators_only

    async def execute(self, request: CreateMarketRequest) -> CreateMarketResult:
        """Draft the market.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            ForbiddenError: the caller may not create markets here.
            SlugTakenError: another market has the slug.
            InvalidMarketError: the definition breaks a rule.
            LimitExceededError: the caller has as many drafts as there may be.
        """
        account = request.caller.account
        keys = (key_for(Market, request.slug), key_for(Account, account))
        reply = await self._commands.run(
            account,
            request.idempotency,
            Listing,
            keys,
            lambda view, now: self._decide(request, view, now),
            abridgement=Abridgement(
                lambda listing: _with_texts(listing, "", ""), lambda listing: _complete(listing, request)
            ),
        )
        return CreateMarketResult(reply.answer, reply.replayed)

    def _decide(self, request: CreateMarketRequest, view: View, now: datetime) -> Decision[Listing]:
        account = require_account(view, request.caller)
        if self._creators_only and not request.caller.roles & {Role.CREATOR, Role.ADMIN}:
            raise ForbiddenError("On this instance only people with the role 'creator' may create markets.")
        if view.get(key_for(Market, request.slug)) is not None:
            raise SlugTakenError(request.slug)
        market = create_market(request.slug, request.definition, account.id, now)
        changes = (Insert(market), Replace(add_draft(account), read=account))
        return Outcome(listing_at(market, None, now), changes)


def _complete(listing: Listing, request: CreateMarketRequest) -> Listing:
    return _with_texts(listing, request.definition.description, request.definition.rules)


def _with_texts(listing: Listing, description: str, rules: str) -> Listing:
    return listing._replace(market=replace(listing.market, description=description, rules=rules))
