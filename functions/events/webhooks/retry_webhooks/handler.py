"""Every other minute, on Lambda: rings for the webhooks whose next attempt is due."""

from collections.abc import Mapping

from domain.application.webhooks.retry_webhooks import RetryWebhooksRequest
from functions.adapter.in_.lambda_.event_handler import schedule_handler
from functions.config.dynamodb import ports
from functions.config.wiring.webhooks.retry_webhooks import retry_webhooks

_retry_webhooks = retry_webhooks(ports())


async def _retry() -> Mapping[str, int]:
    return {"done": (await _retry_webhooks.execute(RetryWebhooksRequest())).rings}


handler = schedule_handler("retry_webhooks", _retry)
