"""Reopen a closed market."""

from datetime import datetime
from typing import NamedTuple

from domain.application.trading.market_transition import MarketTransition, permit_creator_or_admin
from domain.event.market_events import EventType
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.trading.book import Listing
from domain.model.trading.market import reopen_market


class ReopenMarketRequest(NamedTuple):
    """Which market, and who asks; and when it closes again, None for by hand."""

    caller: Caller
    slug: str
    closes_at: datetime | None
    idempotency: Idempotency


class ReopenMarketResult(NamedTuple):
    """The market, and whether this is an answer given before."""

    listing: Listing
    replayed: bool


class ReopenMarket:
    """Any number of times for one key, with one effect."""

    def __init__(self, transition: MarketTransition) -> None:
        self._transition = transition

    async def execute(self, request: ReopenMarketRequest) -> ReopenMarketResult:
        """Change the market.

        Raises:
            ForbiddenError: the caller may not.
            DomainError: see :func:`reopen_market` and :class:`MarketTransition`.
        """
        reply = await self._transition.run(
            request.caller,
            request.slug,
            request.idempotency,
            event=EventType.REOPENED,
            permit=permit_creator_or_admin,
            change=lambda market, now: reopen_market(market, request.closes_at, now),
        )
        return ReopenMarketResult(reply.answer, reply.replayed)
