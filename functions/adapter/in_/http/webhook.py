"""Webhooks as answers show them."""

from typing import Any, Self

from pydantic import Field

from domain.event.market_events import EventType
from domain.model.kernel.notation import format_time
from domain.model.webhooks.delivery import Delivery
from domain.model.webhooks.webhook import Webhook, WebhookStatus
from functions.adapter.in_.http.schemas import ResponseBody, Time


class _WebhookMembers(ResponseBody):
    """What every answer has."""

    id: str
    url: str = Field(examples=["https://example.com/hook"])
    market: str | None = Field(description="The one market it is about; null for all.")
    types: list[EventType] | None = Field(description="The events it is told of; null for all.")
    status: WebhookStatus
    created_at: Time


class WebhookResponse(_WebhookMembers):
    """A webhook, without its secret."""

    last_error: str | None = Field(description="What went wrong at the last attempt.")

    @classmethod
    def of(cls, webhook: Webhook) -> Self:
        """The answer for a webhook that is kept."""
        return cls(**_members(webhook), last_error=webhook.last_error)


class NewWebhookResponse(_WebhookMembers):
    """A webhook with its secret, which is shown this once."""

    secret: str = Field(examples=["whsec_…"])

    @classmethod
    def of_secret(cls, webhook: Webhook) -> Self:
        """The answer for a webhook with a new secret."""
        return cls(**_members(webhook), secret=webhook.secret)


class DeliveryResponse(ResponseBody):
    """An attempt to tell a webhook of an event."""

    id: str = Field(description="The attempt's own.")
    market: str
    position: int
    attempt: int = Field(description="Its number among the attempts for the event, from 1.")
    status_code: int | None
    error: str | None
    created_at: Time

    @classmethod
    def of(cls, delivery: Delivery) -> Self:
        """The answer for an attempt."""
        return cls(
            id=delivery.id,
            market=delivery.market,
            position=delivery.position,
            attempt=delivery.attempt,
            status_code=delivery.status_code,
            error=delivery.error,
            created_at=format_time(delivery.created_at),
        )


def _members(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "url": webhook.url,
        "market": webhook.market,
        "types": None if webhook.types is None else [EventType(type_) for type_ in webhook.types],
        "status": webhook.status,
        "created_at": format_time(webhook.created_at),
    }
