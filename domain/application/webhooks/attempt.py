"""What an attempt to deliver leaves behind."""

from datetime import datetime
from typing import NamedTuple

from domain.application.shared.projections import EventPage
from domain.event.market_events import MarketEvent
from domain.model.kernel.record import Key
from domain.model.webhooks.delivery import (
    Answer,
    Delivery,
    WebhookCheckpoint,
    fail,
    pass_over,
    status_after,
)
from domain.model.webhooks.webhook import Webhook, note_attempt
from domain.port.out.store import Change, Insert, Replace, View

PAGE = 50
"""Events read at once; so many that are not wanted are passed over in one write."""


class Attempt(NamedTuple):
    """An attempt, and what came of it.

    Args:
        id: its own.
        event: what was to be told.
        answer: what the receiver said.
        jitter: see :func:`~domain.model.webhooks.delivery.fail`.
    """

    id: str
    event: MarketEvent
    answer: Answer
    jitter: float


def record_attempt(
    view: View, key: Key[Webhook], page: EventPage[WebhookCheckpoint], attempt: Attempt, now: datetime
) -> tuple[Change, ...]:
    """The next checkpoint, the delivery, and what has changed of the webhook; nothing when it was deleted meanwhile."""
    webhook, before = view.get(key), page.checkpoint
    if before is None:
        raise LookupError("a checkpoint says where a webhook begins before it is told anything")
    if webhook is None:
        return ()
    number = before.attempts_in(webhook.epoch) + 1
    if attempt.answer.is_success:
        after = pass_over(before, attempt.event.position)
    else:
        after = fail(before, webhook, attempt.answer, attempt.jitter, now)
    noted = note_attempt(webhook, status_after(number, attempt.answer), attempt.answer.problem)
    return (
        Replace(after, read=before),
        Insert(_delivery(webhook, attempt, number, now)),
        *([Replace(noted, read=webhook)] if noted is not webhook else []),
    )


def _delivery(webhook: Webhook, attempt: Attempt, number: int, now: datetime) -> Delivery:
    return Delivery(
        account=webhook.account,
        webhook=webhook.id,
        id=attempt.id,
        market=attempt.event.market,
        position=attempt.event.position,
        attempt=number,
        status_code=attempt.answer.status_code,
        error=attempt.answer.problem,
        created_at=now,
    )
