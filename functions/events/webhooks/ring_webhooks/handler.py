"""The queue of what webhooks may want to know, on Lambda: finds the webhooks, and rings for each."""

from domain.application.webhooks.ring_webhooks import RingWebhooksRequest
from functions.adapter.in_.lambda_.event_handler import subject_handler
from functions.config.dynamodb import ports
from functions.config.wiring.webhooks.ring_webhooks import ring_webhooks

_ring_webhooks = ring_webhooks(ports())


async def _ring(market: str, webhook: str) -> None:
    await _ring_webhooks.execute(RingWebhooksRequest(market, webhook))


handler = subject_handler("ring_webhooks", _ring)
