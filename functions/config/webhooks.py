"""What sends to webhooks, as this instance is set."""

from functions.adapter.out.webhook.sender import HttpSender
from functions.config.settings import Settings


def create_webhook_sender(settings: Settings) -> HttpSender:
    """The sender of an instance with these settings."""
    return HttpSender(to_private=settings.webhooks_to_private)
