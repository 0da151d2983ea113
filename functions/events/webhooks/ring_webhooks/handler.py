"""Finds the webhooks that something may concern, on Lambda, and rings for each."""

from domain.application.webhooks.ring_webhooks import RingWebhooksRequest
from functions.adapter.in_.lambda_.event_handler import ring_handler
from functions.config.dynamodb import ports
from functions.config.wiring.webhooks.ring_webhooks import ring_webhooks

_ring_webhooks = ring_webhooks(ports())


async def _ring(market: str, webhook: str) -> None:
    await _ring_webhooks.execute(RingWebhooksRequest(market, webhook))


handler = ring_handler("ring_webhooks", _ring)
