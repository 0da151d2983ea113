"""The wiring of list_webhooks."""

from domain.application.webhooks.list_webhooks import ListWebhooks
from functions.config.ports import Ports


def list_webhooks(ports: Ports) -> ListWebhooks:
    """The use case over these ports."""
    return ListWebhooks(ports.store)
