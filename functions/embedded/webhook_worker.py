"""Webhooks on one machine: one task for each webhook that has something to be told, so that none waits for another."""

import asyncio
import logging
from collections.abc import Callable, Sequence

from domain.application.webhooks.deliver_webhook import DeliverWebhookRequest, DeliverWebhookResult
from domain.model.kernel.errors import DegradedError
from domain.port.in_.use_case import UseCase
from domain.port.out.doorbell import Ring
from domain.port.out.webhooks import WebhookName

LONGEST_WAIT = 2.0
"""What is due later is rung for when it is due."""
RETRY_SECONDS = 5.0

type Deliver = Callable[[], UseCase[DeliverWebhookRequest, DeliverWebhookResult]]

_logger = logging.getLogger(__name__)


class WebhookRings:
    """The Doorbell of markets to which something happened, and of webhooks that were enabled."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], Ring] = {}
        self._rung = asyncio.Event()

    async def ring(self, rings: Sequence[Ring]) -> None:
        """Note them; one that waits already is not noted twice."""
        self._waiting.update({(ring.market, ring.subject): ring for ring in rings})
        self._rung.set()

    async def answer(self) -> Ring:
        """The next one, as soon as there is one."""
        while not self._waiting:
            self._rung.clear()
            await self._rung.wait()
        return self._waiting.pop(next(iter(self._waiting)))


class WebhookWorker:
    """The Doorbell of the webhooks that have something to be told, and who answers it.

    Args:
        deliver: the use case, once there is one.
    """

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._waiting: dict[str, dict[str, None]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def ring(self, rings: Sequence[Ring]) -> None:
        """Note them; a webhook that is being told something already is told this afterwards."""
        for ring in rings:
            self._waiting.setdefault(ring.subject, {})[ring.market] = None
            if ring.subject not in self._tasks:
                self._tasks[ring.subject] = asyncio.create_task(self._answer(ring.subject))

    async def stop(self) -> None:
        """End all tasks; what they were about to tell is told after the next start."""
        for task in tuple(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _answer(self, webhook: str) -> None:
        """Tell a webhook what waits for it, one market after the other."""
        waiting = self._waiting[webhook]
        try:
            while waiting:
                market = next(iter(waiting))
                del waiting[market]
                if await self._tell(webhook, market):
                    waiting[market] = None
        finally:
            del self._tasks[webhook], self._waiting[webhook]

    async def _tell(self, webhook: str, market: str) -> bool:
        """Whether there is more to tell."""
        try:
            result = await self._deliver().execute(DeliverWebhookRequest(WebhookName.parse(webhook), market))
        except Exception as error:
            if not isinstance(error, DegradedError):  # whoever cannot write has said so once
                _logger.exception("a webhook could not be told; it is tried again")
            await asyncio.sleep(RETRY_SECONDS)
            return True
        if result.wait_seconds is None or result.wait_seconds > LONGEST_WAIT:
            return False
        await asyncio.sleep(max(0.0, result.wait_seconds))
        return True
