"""The wiring of get_webhook."""

from domain.application.webhooks.get_webhook import GetWebhook
from domain.application.webhooks.owned_webhooks import OwnedWebhooks
from functions.config.ports import Ports


def get_webhook(ports: Ports) -> GetWebhook:
    """The use case over these ports."""
    return GetWebhook(OwnedWebhooks(ports.store))
