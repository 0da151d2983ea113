"""The queue of webhooks that have something to be told, on Lambda: sends it.

A queue that keeps an order cannot hold one message back, so the first retry, after seconds, is waited for here; what
is due later is rung for by a schedule.
"""

import asyncio
import time

from domain.application.webhooks.deliver_webhook import DeliverWebhookRequest
from domain.port.out.doorbell import Ring
from domain.port.out.webhooks import WebhookName
from functions.adapter.in_.lambda_.event_handler import subject_handler
from functions.config.dynamodb import ports
from functions.config.webhooks import create_webhook_sender
from functions.config.wiring.webhooks.deliver_webhook import deliver_webhook
from functions.registry.triggers import WEBHOOK_DELIVERIES

LONGEST_WAIT = 10.0
BUDGET_SECONDS = 60.0

_ports = ports(create_webhook_sender=create_webhook_sender)
_deliver_webhook = deliver_webhook(_ports)
_doorbell = _ports.doorbell(WEBHOOK_DELIVERIES)


async def _deliver(market: str, webhook: str) -> None:
    request, started = DeliverWebhookRequest(WebhookName.parse(webhook), market), time.monotonic()
    while time.monotonic() - started < BUDGET_SECONDS:
        wait = (await _deliver_webhook.execute(request)).wait_seconds
        if wait is None or wait > LONGEST_WAIT:
            return
        await asyncio.sleep(max(0.0, wait))
    await _doorbell.ring([Ring(market, f"more at {time.time_ns()}", webhook)])


handler = subject_handler("deliver_webhook", _deliver)
