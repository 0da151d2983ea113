"""Settlement on one machine: look for decided markets and pay them out, over and over."""

import logging

from domain.application.list_markets import ListMarketsRequest
from domain.application.settle_positions import SettlePositionsRequest
from domain.model.market import MarketStatus
from domain.port.out.clock import Clock
from functions.config.container import Container

INTERVAL_SECONDS = 0.2
_logger = logging.getLogger(__name__)


async def settle_for_ever(container: Container, clock: Clock) -> None:
    """Settle what there is to settle until cancelled; a market that fails is tried again the next time."""
    while True:
        await settle_decided(container)
        await clock.sleep(INTERVAL_SECONDS)


async def settle_decided(container: Container) -> None:
    """Settle every market that is decided and not yet paid out."""
    try:
        request = ListMarketsRequest(limit=100, status=MarketStatus.SETTLING)
        page = (await container.list_markets.execute(request)).page
        for listing in page.items:
            await container.settle_positions.execute(SettlePositionsRequest(listing.market.slug))
    except Exception:
        _logger.exception("settlement failed; it goes on in %s seconds", INTERVAL_SECONDS)
