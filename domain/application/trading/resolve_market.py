"""Decide a market's outcome; settlement pays it out."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.application.trading.market_transition import MarketTransition, permit_disinterested
from domain.event.market_events import EventType
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import ForbiddenError
from domain.model.trading.book import Listing
from domain.model.trading.market import Market, MarketStatus, resolve_market


class ResolveMarketRequest(NamedTuple):
    """What happened, and who says so.

    Args:
        caller: an admin, or a creator who never held shares of the market.
        slug: the market's slug.
        decision: the outcome that happened, or what a share of each outcome pays, in millionths.
        idempotency: how the request is known again.
        reason: why, and where it can be looked up.
    """

    caller: Caller
    slug: str
    decision: str | Mapping[str, int]
    idempotency: Idempotency
    reason: str | None = None


class ResolveMarketResult(NamedTuple):
    """The market, settling, and whether this is an answer given before."""

    listing: Listing
    replayed: bool


class ResolveMarket:
    """An interested party does not resolve: not a creator who has ever held shares of the market.

    Args:
        transition: how markets change.
        appeal: how long decisions may be withdrawn before anything is paid.
        open_by_admins_only: whether a market that takes orders is an admin's to resolve, and its creator's once closed.
    """

    def __init__(self, transition: MarketTransition, appeal: timedelta, *, open_by_admins_only: bool = False) -> None:
        self._transition = transition
        self._appeal = appeal
        self._open_by_admins_only = open_by_admins_only

    async def execute(self, request: ResolveMarketRequest) -> ResolveMarketResult:
        """Freeze the book and fix the payouts.

        Raises:
            ForbiddenError: the caller is neither an admin nor its creator, or has held shares of it, or it is open and
                only admins resolve what is.
            AlreadyResolvedError: its outcome is decided.
            InvalidResolutionError: the payouts do not fit its outcomes.
            DomainError: see :class:`MarketTransition`.
        """

        def change(market: Market, now: datetime) -> Market:
            if self._open_by_admins_only and market.status is MarketStatus.ACTIVE and not request.caller.is_admin:
                raise ForbiddenError("Only an admin resolves a market that takes orders. Close it first, or wait.")
            return resolve_market(market, request.decision, now, reason=request.reason, appeal=self._appeal)

        reply = await self._transition.run(
            request.caller,
            request.slug,
            request.idempotency,
            event=EventType.RESOLVING,
            permit=permit_disinterested,
            change=change,
        )
        return ResolveMarketResult(reply.answer, reply.replayed)
