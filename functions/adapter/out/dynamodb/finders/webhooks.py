"""Finding webhooks and what is due over DynamoDB."""

from collections.abc import Sequence
from datetime import datetime

from domain.model.webhooks.delivery import KEPT, Delivery
from domain.port.out.paging import InvalidCursorError, Page
from domain.port.out.webhooks import DueDelivery, WebhookName
from functions.adapter.out.dynamodb.gateway import DynamoGateway
from functions.adapter.out.dynamodb.items import decode
from functions.adapter.out.dynamodb.layout.item import Item
from functions.adapter.out.dynamodb.layout.webhooks import (
    DUE,
    deliveries_partition,
    due_before,
    subscriber_position,
    subscribers_partition,
)
from functions.adapter.out.dynamodb.tables import PRIMARY

_BEFORE_EVERY_WEBHOOK = subscriber_position("", "")
"""The sign-in links of an account that has the market's name lie in the same partition, and before this."""


class DynamoWebhooks:
    """The WebhookRepository."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway

    async def find_subscribers(self, market: str | None, limit: int, cursor: str | None = None) -> Page[WebhookName]:
        """The webhooks about one market or about all, by account and id, as last written."""
        items = await self._gateway.query(
            PRIMARY,
            subscribers_partition(market),
            above=_position(cursor) if cursor is not None else _BEFORE_EVERY_WEBHOOK,
            limit=limit,
            forward=True,
            consistent=True,
        )
        names = tuple(_name(item) for item in items)
        return Page(names, str(names[-1]) if len(names) == limit else None)

    async def find_due(self, now: datetime, limit: int) -> Sequence[DueDelivery]:
        """Those whose next attempt is due, the longest waiting first."""
        items = await self._gateway.query(PRIMARY, DUE, below=due_before(now), limit=limit, forward=True)
        return [DueDelivery(_name(item), item["market"]["S"]) for item in items]

    async def find_deliveries(self, webhook: WebhookName) -> Sequence[Delivery]:
        """The last attempts of a webhook, newest first."""
        items = await self._gateway.query(PRIMARY, deliveries_partition(webhook.account, webhook.id), limit=KEPT)
        return [decode(Delivery, item) for item in items]


def _name(item: Item) -> WebhookName:
    return WebhookName(item["account"]["S"], item["webhook"]["S"])


def _position(cursor: str) -> str:
    try:
        name = WebhookName.parse(cursor)
    except ValueError as error:
        raise InvalidCursorError(cursor) from error
    return subscriber_position(name.account, name.id)
