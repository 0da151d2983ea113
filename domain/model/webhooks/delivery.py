"""Deliveries: attempts to tell a webhook of an event, and when the next one is due."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus

from domain.model.kernel.record import record
from domain.model.webhooks.webhook import MAX_ERROR, Webhook, WebhookStatus

DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
"""How long after each failed attempt the next one is due; after the last there is none."""
SPREAD = 0.2
"""By how much of itself a delay is shorter or longer, by chance."""
LONGEST_RETRY_AFTER = timedelta(days=30)
KEPT = 100
"""The attempts of a webhook that its owner can look at."""


@record("webhook_checkpoint", key=("account", "webhook", "market"), counters=("version",))
@dataclass(frozen=True, slots=True)
class WebhookCheckpoint:
    """How far a webhook is told of what happened to a market.

    Args:
        account: the webhook's owner.
        webhook: the webhook's id.
        market: the market's slug.
        position: of the last event that was delivered or passed over.
        attempts: how often the next one has failed, in this epoch.
        epoch: the webhook's, when it last failed.
        next_attempt_at: when it is tried again; None when nothing has failed, or nothing is tried again.
        version: how often that was written.
    """

    account: str
    webhook: str
    market: str
    position: int
    attempts: int = 0
    epoch: int = 0
    next_attempt_at: datetime | None = None
    version: int = 0

    def attempts_in(self, epoch: int) -> int:
        """How often the next event has failed in that epoch."""
        return self.attempts if self.epoch == epoch else 0

    def is_due(self, epoch: int, now: datetime) -> bool:
        """Whether the next event may be tried at that instant."""
        return self.epoch != epoch or self.next_attempt_at is None or self.next_attempt_at <= now


@record("webhook_delivery", key=("account", "webhook", "id"))
@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt.

    Args:
        account: the webhook's owner.
        webhook: the webhook's id.
        id: the attempt's own; ids sort by age.
        market: the event's market.
        position: the event's position.
        attempt: its number among the attempts for this event, from 1.
        status_code: what was answered; None when nothing was.
        error: what went wrong; None when nothing did.
        created_at: when it ended.
    """

    account: str
    webhook: str
    id: str
    market: str
    position: int
    attempt: int
    status_code: int | None
    error: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said to a message.

    Args:
        status_code: the answer's; None when there was none in time.
        error: why there was none; None when there was one.
        retry_after: the time that it asks for before the next attempt.
    """

    status_code: int | None
    error: str | None = None
    retry_after: timedelta | None = None

    @property
    def is_success(self) -> bool:
        """Whether the receiver has it."""
        return self.status_code is not None and self.status_code // 100 == 2  # noqa: PLR2004 - any 2xx

    @property
    def problem(self) -> str | None:
        """What went wrong, for the webhook's owner; None when nothing did."""
        if self.is_success:
            return None
        return (self.error or f"the answer was {self.status_code}")[:MAX_ERROR]


def pass_over(checkpoint: WebhookCheckpoint, position: int) -> WebhookCheckpoint:
    """The checkpoint at a later position: what is up to there was delivered, or is not wanted."""
    return replace(checkpoint, position=position, attempts=0, next_attempt_at=None, version=checkpoint.version + 1)


def fail(
    checkpoint: WebhookCheckpoint, webhook: Webhook, answer: Answer, jitter: float, now: datetime
) -> WebhookCheckpoint:
    """The checkpoint after a failed attempt.

    Args:
        checkpoint: before it.
        webhook: as it is now.
        answer: what the receiver said.
        jitter: from -1 to 1: by how much of SPREAD the next attempt is sooner or later.
        now: when it failed.
    """
    attempts = checkpoint.attempts_in(webhook.epoch) + 1
    delay = None if is_final(attempts, answer) else DELAYS[attempts - 1] * (1 + SPREAD * jitter)
    if delay is not None and answer.retry_after is not None:
        delay = max(delay, min(answer.retry_after, LONGEST_RETRY_AFTER))
    return replace(
        checkpoint,
        attempts=attempts,
        epoch=webhook.epoch,
        next_attempt_at=None if delay is None else now + delay,
        version=checkpoint.version + 1,
    )


def is_final(attempts: int, answer: Answer) -> bool:
    """Whether nothing is tried again after so many failed attempts."""
    return answer.status_code == HTTPStatus.GONE or attempts > len(DELAYS)


def status_after(attempts: int, answer: Answer) -> WebhookStatus:
    """How it goes with a webhook after an attempt, the so-manieth for its event."""
    if answer.is_success:
        return WebhookStatus.ACTIVE
    return WebhookStatus.DISABLED if is_final(attempts, answer) else WebhookStatus.FAILING
