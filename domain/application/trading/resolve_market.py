"""Decide a market's outcome; settlement pays it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from domain.application.trading.market_transition import MarketTransition, permit_disinterested
from domain.event.market_events import EventType
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.trading.book import Listing
from domain.model.trading.market import resolve_market


@dataclass(frozen=True, slots=True)
class ResolveMarketRequest:
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


@dataclass(frozen=True, slots=True)
class ResolveMarketResult:
    """The market, settling, and whether this is an answer given before."""

    listing: Listing
    replayed: bool


class ResolveMarket:
    """An interested party does not resolve: not a creator who has ever held shares of the market.

    Args:
        transition: how markets change.
        appeal: how long decisions may be withdrawn before anything is paid.
    """

    def __init__(self, transition: MarketTransition, appeal: timedelta) -> None:
        self._transition = transition
        self._appeal = appeal

    async def execute(self, request: ResolveMarketRequest) -> ResolveMarketResult:
        """Freeze the book and fix the payouts.

        Raises:
            ForbiddenError: the caller is neither an admin nor its creator, or has held shares of it.
            AlreadyResolvedError: its outcome is decided.
            InvalidResolutionError: the payouts do not fit its outcomes.
            DomainError: see :class:`MarketTransition`.
        """
        reply = await self._transition.run(
            request.caller,
            request.slug,
            request.idempotency,
            event=EventType.RESOLVING,
            permit=permit_disinterested,
            change=lambda market, now: resolve_market(
                market, request.decision, now, reason=request.reason, appeal=self._appeal
            ),
        )
        return ResolveMarketResult(reply.answer, reply.replayed)
