"""Ring for every webhook that something may concern: something happened to a market, or a webhook was enabled."""

from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

from domain.port.out.clock import Clock
from domain.port.out.doorbell import Doorbell, Ring
from domain.port.out.trading import MarketFilter, MarketRepository
from domain.port.out.webhooks import EVERY_MARKET, WebhookRepository

_PAGE = 100


class RingWebhooksRequest(NamedTuple):
    """What somebody rang for.

    Args:
        market: the market to which something happened; EVERY_MARKET for all there are.
        webhook: the name of the one webhook that is concerned; empty for all that are about the market.
    """

    market: str
    webhook: str = ""


class RingWebhooksResult(NamedTuple):
    """How many rings there were."""

    rings: int


class RingWebhooks:
    """One ring for each webhook and market: whoever answers it delivers to that webhook, and holds up no other.

    Args:
        webhooks: which there are.
        markets: which there are.
        doorbell: rings for those who deliver.
        clock: the time.
    """

    def __init__(
        self, webhooks: WebhookRepository, markets: MarketRepository, doorbell: Doorbell, clock: Clock
    ) -> None:
        self._webhooks = webhooks
        self._markets = markets
        self._doorbell = doorbell
        self._clock = clock

    async def execute(self, request: RingWebhooksRequest) -> RingWebhooksResult:
        """Ring for all of them; for one that has nothing to deliver it is harmless.

        Raises:
            RingLostError: some could not be delivered. Ask for the same again.
        """
        rings, occasion = 0, f"rung at {self._clock.now().isoformat()}"
        async for some in self._concerned(request):
            await self._doorbell.ring([Ring(market, occasion, webhook) for market, webhook in some])
            rings += len(some)
        return RingWebhooksResult(rings)

    async def _concerned(self, request: RingWebhooksRequest) -> AsyncIterator[Sequence[tuple[str, str]]]:
        """Markets with the names of webhooks, a page at a time."""
        async for slugs in self._every_market() if request.market == EVERY_MARKET else _once(request.market):
            if request.webhook:
                yield [(slug, request.webhook) for slug in slugs]
                continue
            for slug in slugs:
                for scope in (slug, None):
                    async for names in self._subscribers(scope):
                        yield [(slug, name) for name in names]

    async def _every_market(self) -> AsyncIterator[Sequence[str]]:
        filter_, cursor = MarketFilter(now=self._clock.now()), None
        while True:
            page = await self._markets.find_all(filter_, _PAGE, cursor)
            if page.items:
                yield [market.slug for market in page.items]
            cursor = page.cursor
            if cursor is None:
                return

    async def _subscribers(self, market: str | None) -> AsyncIterator[Sequence[str]]:
        cursor = None
        while True:
            page = await self._webhooks.find_subscribers(market, _PAGE, cursor)
            if page.items:
                yield [str(name) for name in page.items]
            cursor = page.cursor
            if cursor is None:
                return


async def _once(market: str) -> AsyncIterator[Sequence[str]]:
    """The one market, as a page."""
    yield [market]
