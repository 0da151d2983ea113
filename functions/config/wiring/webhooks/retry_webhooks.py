"""The wiring of retry_webhooks."""

from domain.application.webhooks.retry_webhooks import RetryWebhooks
from functions.config.ports import Ports
from functions.registry.triggers import WEBHOOK_DELIVERIES


def retry_webhooks(ports: Ports) -> RetryWebhooks:
    """The use case over these ports."""
    return RetryWebhooks(ports.persistence.webhooks, ports.doorbell(WEBHOOK_DELIVERIES), ports.clock)
