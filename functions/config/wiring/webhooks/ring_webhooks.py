"""The wiring of ring_webhooks."""

from domain.application.webhooks.ring_webhooks import RingWebhooks
from functions.config.ports import Ports
from functions.registry.triggers import WEBHOOK_DELIVERIES


def ring_webhooks(ports: Ports) -> RingWebhooks:
    """The use case over these ports."""
    return RingWebhooks(
        ports.persistence.webhooks, ports.persistence.markets, ports.doorbell(WEBHOOK_DELIVERIES), ports.clock
    )
