"""The wiring of create_webhook."""

from domain.application.webhooks.create_webhook import CreateWebhook
from functions.config.ports import Ports


def create_webhook(ports: Ports) -> CreateWebhook:
    """The use case over these ports."""
    return CreateWebhook(ports.store, ports.webhook_sender, ports.clock, to_private=ports.settings.webhooks_to_private)
