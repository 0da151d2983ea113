"""The wiring of deliver_webhook."""

from domain.application.webhooks.deliver_webhook import DeliverWebhook
from functions.config.ports import Ports


def deliver_webhook(ports: Ports) -> DeliverWebhook:
    """The use case over these ports."""
    return DeliverWebhook(ports.store, ports.persistence.events, ports.webhook_sender, ports.clock, ports.random)
