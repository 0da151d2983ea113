"""Withdraw a decision before anything is paid: the market is closed, and decided anew."""

from datetime import datetime
from typing import NamedTuple

from domain.application.trading.market_transition import MarketTransition, permit_disinterested
from domain.event.market_events import EventType
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import AlreadyResolvedError
from domain.model.kernel.record import key_of
from domain.model.trading.book import Listing
from domain.model.trading.market import Market, withdraw_resolution
from domain.model.trading.verdict import verdict_on
from domain.port.out.store import Change, Insert, Need, View


class WithdrawResolutionRequest(NamedTuple):
    """Which market, and who asks: whoever may resolve it."""

    caller: Caller
    slug: str
    idempotency: Idempotency


class WithdrawResolutionResult(NamedTuple):
    """The market, closed again, and whether this is an answer given before."""

    listing: Listing
    replayed: bool


class WithdrawResolution:
    """Where a withdrawal meets the start of payouts one of the two happens: both store the decision's verdict."""

    def __init__(self, transition: MarketTransition) -> None:
        self._transition = transition

    async def execute(self, request: WithdrawResolutionRequest) -> WithdrawResolutionResult:
        """Take the decision back.

        Raises:
            ForbiddenError: the caller may not resolve the market.
            AlreadyResolvedError: payouts have begun, or the time for appeals is over.
            DomainError: see :func:`withdraw_resolution` and :class:`MarketTransition`.
        """
        reply = await self._transition.run(
            request.caller,
            request.slug,
            request.idempotency,
            event=EventType.WITHDRAWN,
            permit=permit_disinterested,
            change=withdraw_resolution,
            fix=_withdraw,
        )
        return WithdrawResolutionResult(reply.answer, reply.replayed)


def _withdraw(view: View, market: Market, now: datetime) -> Change | Need:
    """Store that the decision does not stand, unless settlement has stored that it does."""
    verdict = verdict_on(market, now, stands=False)
    key = key_of(verdict)
    if not view.has_read(key):
        return Need((key,))
    if view.get(key) is not None:
        raise AlreadyResolvedError(f"The decision on {market.slug!r} is being paid out: it stands.")
    return Insert(verdict)
