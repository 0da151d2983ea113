"""Close a market by hand: it takes no more orders."""

from typing import NamedTuple

from domain.application.trading.market_transition import MarketTransition, permit_creator_or_admin
from domain.event.market_events import EventType
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.trading.book import Listing
from domain.model.trading.market import close_market


class CloseMarketRequest(NamedTuple):
    """Which market, and who asks."""

    caller: Caller
    slug: str
    idempotency: Idempotency


class CloseMarketResult(NamedTuple):
    """The market, and whether this is an answer given before."""

    listing: Listing
    replayed: bool


class CloseMarket:
    """Any number of times for one key, with one effect."""

    def __init__(self, transition: MarketTransition) -> None:
        self._transition = transition

    async def execute(self, request: CloseMarketRequest) -> CloseMarketResult:
        """Change the market.

        Raises:
            ForbiddenError: the caller may not.
            DomainError: see :func:`close_market` and :class:`MarketTransition`.
        """
        reply = await self._transition.run(
            request.caller,
            request.slug,
            request.idempotency,
            event=EventType.CLOSED,
            permit=permit_creator_or_admin,
            change=close_market,
        )
        return CloseMarketResult(reply.answer, reply.replayed)
