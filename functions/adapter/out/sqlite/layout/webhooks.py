"""Webhooks, their checkpoints and their deliveries as rows."""

from operator import attrgetter
from sqlite3 import Connection

from domain.model.webhooks.delivery import KEPT, Delivery, WebhookCheckpoint
from domain.model.webhooks.webhook import Webhook, WebhookList, WebhookStatus
from functions.adapter.out.sqlite.layout.table import Table


def _forget_oldest(connection: Connection, delivery: Delivery) -> None:
    """Keep the last deliveries of a webhook, and no others."""
    connection.execute(
        """DELETE FROM webhook_deliveries WHERE account = ?1 AND webhook = ?2 AND id <= (
            SELECT id FROM webhook_deliveries WHERE account = ?1 AND webhook = ?2
            ORDER BY id DESC LIMIT 1 OFFSET ?3)""",
        (delivery.account, delivery.webhook, KEPT),
    )


TABLES = (
    Table(
        Webhook,
        "webhooks",
        ("account", "id"),
        {"market": attrgetter("market"), "is_enabled": lambda webhook: webhook.status is not WebhookStatus.DISABLED},
    ),
    Table(WebhookList, "webhook_lists", ("account",)),
    Table(
        WebhookCheckpoint,
        "webhook_checkpoints",
        ("account", "webhook", "market"),
        {"next_attempt_at": attrgetter("next_attempt_at")},
    ),
    Table(Delivery, "webhook_deliveries", ("account", "webhook", "id"), follow=_forget_oldest),
)
