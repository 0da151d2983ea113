"""Webhooks, their checkpoints and their deliveries as items."""

from datetime import datetime, timedelta

from domain.model.kernel.notation import format_time
from domain.model.webhooks.delivery import Delivery, WebhookCheckpoint
from domain.model.webhooks.webhook import Webhook, WebhookList, WebhookStatus
from functions.adapter.out.dynamodb.layout.item import Fields, ItemKey, Layout, Row
from functions.registry.deployed import EXPIRES_AT

DELIVERY_LIFE = timedelta(days=30)
DUE = "WEBHOOKS-DUE"
"""The partition of what is to be tried again, in the order of time; there is none of what goes well."""
_EVERY_MARKET = "*"


def subscribers_partition(market: str | None) -> str:
    """The partition of the webhooks about one market, or about all."""
    return f"S#{market or _EVERY_MARKET}"


def subscriber_position(account: str, id_: str) -> str:
    """Where a webhook is among them."""
    return f"S#{account}#{id_}"


def due_before(now: datetime) -> str:
    """What everything that is due at an instant comes before."""
    return f"{format_time(now)}~"


def webhooks_partition(account: str) -> str:
    """The partition of an account's webhooks, their list and their checkpoints."""
    return f"W#{account}"


def deliveries_partition(account: str, webhook: str) -> str:
    """The partition of the deliveries of a webhook, in the order of their ids."""
    return f"D#{account}#{webhook}"


def _subscriber_rows(webhook: Webhook) -> tuple[Row, ...]:
    if webhook.status is WebhookStatus.DISABLED:
        return ()
    place = ItemKey(subscribers_partition(webhook.market), subscriber_position(webhook.account, webhook.id))
    return (Row(place, (("account", webhook.account), ("webhook", webhook.id))),)


def _due_rows(checkpoint: WebhookCheckpoint) -> tuple[Row, ...]:
    if checkpoint.next_attempt_at is None:
        return ()
    position = f"{format_time(checkpoint.next_attempt_at)}#{checkpoint.webhook}#{checkpoint.market}"
    fields = (("account", checkpoint.account), ("webhook", checkpoint.webhook), ("market", checkpoint.market))
    return (Row(ItemKey(DUE, position), fields),)


def _delivery_expiry(delivery: Delivery) -> Fields:
    return {EXPIRES_AT: int((delivery.created_at + DELIVERY_LIFE).timestamp())}


LAYOUTS = (
    Layout(Webhook, lambda account, id_: ItemKey(webhooks_partition(account), f"W#{id_}"), rows=_subscriber_rows),
    Layout(WebhookList, lambda account: ItemKey(webhooks_partition(account), "LIST")),
    Layout(
        WebhookCheckpoint,
        lambda account, webhook, market: ItemKey(webhooks_partition(account), f"C#{webhook}#{market}"),
        rows=_due_rows,
    ),
    Layout(
        Delivery,
        lambda account, webhook, id_: ItemKey(deliveries_partition(account, webhook), f"D#{id_}"),
        _delivery_expiry,
    ),
)
