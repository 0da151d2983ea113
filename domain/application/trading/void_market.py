"""Call a market off: everybody gets back what they put in, as far as the pool goes."""

from datetime import timedelta
from typing import NamedTuple

from domain.application.trading.market_transition import MarketTransition, permit_admin
from domain.event.market_events import EventType
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.trading.book import Listing
from domain.model.trading.market import void_market


class VoidMarketRequest(NamedTuple):
    """Which market, and who asks; and why."""

    caller: Caller
    slug: str
    reason: str
    idempotency: Idempotency


class VoidMarketResult(NamedTuple):
    """The market, and whether this is an answer given before."""

    listing: Listing
    replayed: bool


class VoidMarket:
    """Any number of times for one key, with one effect.

    Args:
        transition: how markets change.
        appeal: how long decisions may be withdrawn before anything is paid.
    """

    def __init__(self, transition: MarketTransition, appeal: timedelta) -> None:
        self._transition = transition
        self._appeal = appeal

    async def execute(self, request: VoidMarketRequest) -> VoidMarketResult:
        """Change the market.

        Raises:
            ForbiddenError: the caller may not.
            DomainError: see :func:`void_market` and :class:`MarketTransition`.
        """
        reply = await self._transition.run(
            request.caller,
            request.slug,
            request.idempotency,
            event=EventType.RESOLVING,
            permit=permit_admin,
            change=lambda market, now: void_market(market, request.reason, now, self._appeal),
        )
        return VoidMarketResult(reply.answer, reply.replayed)
