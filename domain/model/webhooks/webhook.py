"""A webhook: who is told of which events, and how it goes."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from domain.model.kernel.errors import InvalidWebhookError
from domain.model.kernel.record import record
from domain.model.webhooks.signing import new_secret

MOST_WEBHOOKS = 10
BOTH_SIGN = timedelta(hours=24)
"""For that long after a rotation the former secret signs, too."""
MAX_ERROR = 200


class WebhookStatus(Enum):
    """How it goes with a webhook."""

    ACTIVE = "active"
    FAILING = "failing"
    """The last attempt failed; there will be another."""
    DISABLED = "disabled"
    """It is no longer told anything, until its owner enables it."""


@record("webhook", key=("account", "id"), counters=("version",))
@dataclass(frozen=True, slots=True)
class Webhook:
    """An address of an account's that is told of events.

    Args:
        account: whose it is.
        id: its name within the account; ids sort by age.
        url: where its messages go, as it was sent.
        market: the one market it is about; None for all.
        types: the types of the events it is told of; None for all.
        secret: what signs its messages.
        former_secret: what signs them, too, after a rotation.
        former_until: until when.
        status: how it goes.
        last_error: what went wrong at the last attempt; None when nothing did.
        start: the position of its market when it was made: it is told of what comes after. 0 where it is about all.
        epoch: how often it was enabled; failed attempts of earlier epochs do not count.
        created_at: when it was made.
        version: how often that was written.
    """

    account: str
    id: str
    url: str
    market: str | None
    types: tuple[str, ...] | None
    secret: str = field(repr=False)
    former_secret: str | None = field(repr=False)
    former_until: datetime | None
    status: WebhookStatus
    last_error: str | None
    start: int
    epoch: int
    created_at: datetime
    version: int

    def wants(self, type_: str) -> bool:
        """Whether it is told of events of that type."""
        return self.types is None or type_ in self.types

    def secrets_at(self, now: datetime) -> tuple[str, ...]:
        """What signs a message that is sent at that instant."""
        if self.former_secret is not None and self.former_until is not None and now < self.former_until:
            return self.secret, self.former_secret
        return (self.secret,)


@record("webhook_list", key=("account",), counters=("version",))
@dataclass(frozen=True, slots=True)
class WebhookList:
    """The webhooks of an account.

    Args:
        account: whose they are.
        ids: their ids, the oldest first.
        version: how often that was written.
    """

    account: str
    ids: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a new webhook is told of.

    Args:
        url: where its messages go.
        market: the one market it is about; None for all.
        types: the types of the events; None for all.
    """

    url: str
    market: str | None
    types: tuple[str, ...] | None


def new_webhook(account: str, id_: str, subscription: Subscription, start: int, now: datetime) -> Webhook:
    """A webhook that is told of what happens from now on."""
    return Webhook(
        account=account,
        id=id_,
        url=subscription.url,
        market=subscription.market,
        types=subscription.types,
        secret=new_secret(),
        former_secret=None,
        former_until=None,
        status=WebhookStatus.ACTIVE,
        last_error=None,
        start=start,
        epoch=0,
        created_at=now,
        version=0,
    )


def add_webhook(owned: WebhookList | None, webhook: Webhook) -> WebhookList:
    """The account's webhooks with a new one.

    Raises:
        InvalidWebhookError: there are as many as may be.
    """
    ids = owned.ids if owned else ()
    if len(ids) >= MOST_WEBHOOKS:
        raise InvalidWebhookError(f"An account has at most {MOST_WEBHOOKS} webhooks. Delete one first.")
    return WebhookList(webhook.account, (*ids, webhook.id), owned.version + 1 if owned else 0)


def drop_webhook(owned: WebhookList, id_: str) -> WebhookList:
    """The account's webhooks without one."""
    return replace(owned, ids=tuple(each for each in owned.ids if each != id_), version=owned.version + 1)


def rotate_secret(webhook: Webhook, secret: str, now: datetime) -> Webhook:
    """The webhook with a new secret; the one before signs for a while, too."""
    return replace(
        webhook,
        secret=secret,
        former_secret=webhook.secret,
        former_until=now + BOTH_SIGN,
        version=webhook.version + 1,
    )


def enable_webhook(webhook: Webhook) -> Webhook:
    """The webhook, told of everything again from where it was; at once, whatever failed before."""
    return replace(
        webhook, status=WebhookStatus.ACTIVE, last_error=None, epoch=webhook.epoch + 1, version=webhook.version + 1
    )


def note_attempt(webhook: Webhook, status: WebhookStatus, error: str | None) -> Webhook:
    """The webhook after an attempt; the same one where nothing has changed."""
    if webhook.status is WebhookStatus.DISABLED or (webhook.status, webhook.last_error) == (status, error):
        return webhook
    return replace(webhook, status=status, last_error=error, version=webhook.version + 1)
