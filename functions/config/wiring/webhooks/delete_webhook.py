"""The wiring of delete_webhook."""

from domain.application.webhooks.delete_webhook import DeleteWebhook
from functions.config.ports import Ports


def delete_webhook(ports: Ports) -> DeleteWebhook:
    """The use case over these ports."""
    return DeleteWebhook(ports.store)
