"""The wiring of list_webhook_deliveries."""

from domain.application.webhooks.list_webhook_deliveries import ListWebhookDeliveries
from domain.application.webhooks.owned_webhooks import OwnedWebhooks
from functions.config.ports import Ports


def list_webhook_deliveries(ports: Ports) -> ListWebhookDeliveries:
    """The use case over these ports."""
    return ListWebhookDeliveries(OwnedWebhooks(ports.store), ports.persistence.webhooks)
