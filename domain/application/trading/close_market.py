"""Close a market by hand: it takes no more orders."""

from dataclasses import dataclass

from domain.application.trading.market_transition import MarketTransition, require_creator_or_admin
from domain.model.kernel.caller import Caller
from domain.model.ledger.command import Idempotency
from domain.model.trading.book import Listing
from domain.model.trading.market import close_market


@dataclass(frozen=True, slots=True)
class CloseMarketRequest:
    """Which market, and who asks."""

    caller: Caller
    slug: str
    idempotency: Idempotency


@dataclass(frozen=True, slots=True)
class CloseMarketResult:
    """The market, and whether this is an answer given before."""

    listing: Listing
    replayed: bool


class CloseMarket:
    """The use case."""

    def __init__(self, transition: MarketTransition) -> None:
        self._transition = transition

    async def execute(self, request: CloseMarketRequest) -> CloseMarketResult:
        """Do it.

        Raises:
            ForbiddenError: the caller may not.
            DomainError: see :func:`close_market` and :class:`MarketTransition`.
        """
        reply = await self._transition.run(
            request.caller,
            request.slug,
            request.idempotency,
            authorize=require_creator_or_admin,
            change=close_market,
        )
        return CloseMarketResult(reply.answer, reply.replayed)
