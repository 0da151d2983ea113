"""The wiring of rotate_webhook_secret."""

from domain.application.webhooks.owned_webhooks import OwnedWebhooks
from domain.application.webhooks.rotate_webhook_secret import RotateWebhookSecret
from functions.config.ports import Ports


def rotate_webhook_secret(ports: Ports) -> RotateWebhookSecret:
    """The use case over these ports."""
    return RotateWebhookSecret(OwnedWebhooks(ports.store))
