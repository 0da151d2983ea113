"""The wiring of enable_webhook."""

from domain.application.webhooks.enable_webhook import EnableWebhook
from domain.application.webhooks.owned_webhooks import OwnedWebhooks
from functions.config.ports import Ports
from functions.registry.triggers import WEBHOOKS


def enable_webhook(ports: Ports) -> EnableWebhook:
    """The use case over these ports."""
    return EnableWebhook(OwnedWebhooks(ports.store), ports.doorbell(WEBHOOKS))
