"""Ring for every webhook whose next attempt is due."""

from typing import NamedTuple

from domain.port.out.clock import Clock
from domain.port.out.doorbell import Doorbell, Ring
from domain.port.out.webhooks import WebhookRepository

_LIMIT = 1000
"""So many at once; the others are due the next time, too."""


class RetryWebhooksRequest(NamedTuple):
    """Asks for nothing in particular."""


class RetryWebhooksResult(NamedTuple):
    """How many rings there were."""

    rings: int


class RetryWebhooks:
    """What is rung for stays due until somebody has tried it."""

    def __init__(self, webhooks: WebhookRepository, doorbell: Doorbell, clock: Clock) -> None:
        self._webhooks = webhooks
        self._doorbell = doorbell
        self._clock = clock

    async def execute(self, _: RetryWebhooksRequest) -> RetryWebhooksResult:
        """Ring for them.

        Raises:
            RingLostError: some could not be delivered; the next time will do.
        """
        now = self._clock.now()
        due = await self._webhooks.find_due(now, _LIMIT)
        if due:
            await self._doorbell.ring(
                [Ring(each.market, f"due at {now.isoformat()}", str(each.webhook)) for each in due]
            )
        return RetryWebhooksResult(len(due))
