"""The event functions of webhooks on one machine."""

import asyncio

from domain.application.webhooks.retry_webhooks import RetryWebhooksRequest
from domain.application.webhooks.ring_webhooks import RingWebhooksRequest
from domain.port.out.clock import Clock
from domain.port.out.doorbell import Ring
from domain.port.out.webhooks import EVERY_MARKET
from functions.config.use_cases import UseCases
from functions.embedded.background import repeat
from functions.embedded.webhook_worker import WebhookRings, WebhookWorker

RETRY_SECONDS = 1.0


async def run_webhooks(use_cases: UseCases, rings: WebhookRings, worker: WebhookWorker, clock: Clock) -> None:
    """Tell webhooks what happens until cancelled, and first what the last run of the server did not come to.

    Args:
        use_cases: the use cases.
        rings: what they ring when something happens.
        worker: who tells it.
        clock: for waiting between times.
    """

    async def ring() -> None:
        rung = await rings.answer()
        try:
            await use_cases.ring_webhooks.execute(RingWebhooksRequest(rung.market, rung.subject))
        except Exception:
            await rings.ring([rung])
            raise

    async def retry() -> None:
        await use_cases.retry_webhooks.execute(RetryWebhooksRequest())

    await rings.ring([Ring(EVERY_MARKET, "the server has started")])
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(repeat(ring, 0, clock))
            tasks.create_task(repeat(retry, RETRY_SECONDS, clock))
    finally:
        await worker.stop()
