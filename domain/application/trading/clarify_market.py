"""Clarify the rules of a published market; the text stands beside them for ever."""

from typing import NamedTuple

from domain.application.trading.market_transition import MarketTransition, permit_creator_or_admin
from domain.event.market_events import EventType
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.trading.book import Listing
from domain.model.trading.market import clarify_market


class ClarifyMarketRequest(NamedTuple):
    """Which market, who asks, and what to add: 1 to 2 000 characters."""

    caller: Caller
    slug: str
    text: str
    idempotency: Idempotency


class ClarifyMarketResult(NamedTuple):
    """The market, and whether this is an answer given before."""

    listing: Listing
    replayed: bool


class ClarifyMarket:
    """Any number of times for one key, with one effect."""

    def __init__(self, transition: MarketTransition) -> None:
        self._transition = transition

    async def execute(self, request: ClarifyMarketRequest) -> ClarifyMarketResult:
        """Add the text to the market.

        Raises:
            ForbiddenError: the caller is neither its creator nor an admin.
            DomainError: see :func:`clarify_market` and :class:`MarketTransition`.
        """
        reply = await self._transition.run(
            request.caller,
            request.slug,
            request.idempotency,
            event=EventType.CLARIFIED,
            permit=permit_creator_or_admin,
            change=lambda market, now: clarify_market(market, request.text, now),
        )
        return ClarifyMarketResult(reply.answer, reply.replayed)
