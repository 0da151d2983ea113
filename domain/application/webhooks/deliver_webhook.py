"""Tell a webhook what happened to a market since it was last told, one event after the other."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from domain.application.shared.projections import EventPage, Projection
from domain.application.webhooks.attempt import PAGE, Attempt, record_attempt
from domain.application.webhooks.first_position import position_before
from domain.event.market_events import MarketEvent, event_document
from domain.model.admission.api_key import new_id
from domain.model.kernel.record import Key, key_for
from domain.model.trading.book import Book
from domain.model.webhooks.address import parse_target
from domain.model.webhooks.delivery import WebhookCheckpoint, pass_over
from domain.model.webhooks.signing import sign
from domain.model.webhooks.webhook import Webhook, WebhookStatus
from domain.port.out.clock import Clock, Random
from domain.port.out.history import EventRepository
from domain.port.out.store import Change, Decision, Insert, Outcome, Remove, Replace, Store, View
from domain.port.out.webhooks import WebhookName, WebhookSender

STEPS = 20
"""Messages, or pages passed over, of one run."""
BUDGET_SECONDS = 20.0
"""After that long nothing more is begun."""
TRAIL_SECONDS = 1.0
"""The list of events trails by about that long on AWS."""


class DeliverWebhookRequest(NamedTuple):
    """Which webhook to tell of which market."""

    webhook: WebhookName
    market: str


class DeliverWebhookResult(NamedTuple):
    """How far it came.

    Args:
        sent: how many messages the receiver has taken.
        wait_seconds: after how long to go on; None when there is nothing more to tell for now.
    """

    sent: int
    wait_seconds: float | None = None


class _Step(NamedTuple):
    sent: int = 0
    is_over: bool = False
    wait_seconds: float | None = None


class DeliverWebhook:
    """A projection whose effect is a message: the checkpoint moves once the receiver has it, so none is skipped.

    Args:
        store: where webhooks and checkpoints are kept.
        events: what happened.
        sender: what sends.
        clock: the time.
        random: spreads attempts out.
    """

    def __init__(
        self, store: Store, events: EventRepository, sender: WebhookSender, clock: Clock, random: Random
    ) -> None:
        self._store = store
        self._events = events
        self._projection = Projection[WebhookCheckpoint](store, events, lambda checkpoint: checkpoint.position)
        self._sender = sender
        self._clock = clock
        self._random = random

    async def execute(self, request: DeliverWebhookRequest) -> DeliverWebhookResult:
        """Deliver what there is, until it is done, an attempt fails, or the run has lasted long enough."""
        sent, started = 0, self._clock.monotonic()
        for _ in range(STEPS):
            step = await self._step(request)
            sent += step.sent
            if step.is_over:
                return DeliverWebhookResult(sent, step.wait_seconds)
            if self._clock.monotonic() - started > BUDGET_SECONDS:
                break
        return DeliverWebhookResult(sent, 0)

    async def _step(self, request: DeliverWebhookRequest) -> _Step:
        """Send one message, or pass over a page of events that are not wanted."""
        name, slug = request.webhook, request.market
        keys = (_webhook_key(name), _checkpoint_key(name, slug), key_for(Book, slug))
        snapshot = await self._store.read(*keys)
        webhook, checkpoint = snapshot.get(_webhook_key(name)), snapshot.get(_checkpoint_key(name, slug))
        if webhook is None or webhook.status is WebhookStatus.DISABLED:
            await self._store.transact(keys[:2], lambda view, _: _rest(view, name, slug))
            return _Step(is_over=True)
        if webhook.market not in {None, slug}:
            return _Step(is_over=True)
        now = self._clock.now()
        if checkpoint and not checkpoint.is_due(webhook.epoch, now):
            return _Step(is_over=True, wait_seconds=_seconds_until(checkpoint, now))
        start = 0 if checkpoint else await self._start(webhook, snapshot.get(key_for(Book, slug)))
        page = await self._projection.read_page(_checkpoint_key(name, slug), slug, PAGE, start)
        return await self._work_on(webhook, page)

    async def _start(self, webhook: Webhook, book: Book | None) -> int:
        """The position of the market's last event before the webhook was made."""
        if webhook.market is not None or book is None:
            return webhook.start
        return await position_before(self._events, book, webhook.created_at)

    async def _work_on(self, webhook: Webhook, page: EventPage[WebhookCheckpoint]) -> _Step:
        if page.checkpoint is None and page.book is not None:
            await self._begin(webhook, page)
            return _Step()
        wanted = next((event for event in page.events if webhook.wants(event.type.value)), None)
        if wanted is not None:
            return await self._tell(webhook, page, wanted)
        if page.checkpoint is not None and len(page.events) == PAGE:
            await self._pass_over(webhook, page, page.checkpoint)
        is_trailing = not page.is_last and len(page.events) < PAGE
        return _Step(is_over=page.is_last or is_trailing, wait_seconds=TRAIL_SECONDS if is_trailing else None)

    async def _begin(self, webhook: Webhook, page: EventPage[WebhookCheckpoint]) -> None:
        """Write where the webhook begins with this market, before it is told anything.

        Whoever looks for it while the list of events trails finds an earlier place. Two who went by what each of them
        found would leave out what lies between.
        """
        await self._move(webhook, page, Insert(WebhookCheckpoint(webhook.account, webhook.id, page.slug, page.after)))

    async def _pass_over(
        self, webhook: Webhook, page: EventPage[WebhookCheckpoint], checkpoint: WebhookCheckpoint
    ) -> None:
        await self._move(webhook, page, Replace(pass_over(checkpoint, page.events[-1].position), read=checkpoint))

    async def _move(self, webhook: Webhook, page: EventPage[WebhookCheckpoint], change: Change) -> None:
        """Write the checkpoint, unless the webhook was deleted meanwhile."""
        key = key_for(Webhook, webhook.account, webhook.id)
        await self._projection.write(page, [key], lambda view, _: () if view.get(key) is None else (change,))

    async def _tell(self, webhook: Webhook, page: EventPage[WebhookCheckpoint], event: MarketEvent) -> _Step:
        if page.book is None:
            raise LookupError("events belong to a book")
        headers, body = _message(webhook, event, page.book.outcomes, self._clock.now())
        answer = await self._sender.post(parse_target(webhook.url), headers, body)
        attempt = Attempt(id=new_id(self._clock.now()), event=event, answer=answer, jitter=self._random.uniform(-1, 1))
        key = key_for(Webhook, webhook.account, webhook.id)
        await self._projection.write(page, [key], lambda view, now: record_attempt(view, key, page, attempt, now))
        # Whatever came of a failed attempt, the next step reads when it is tried again.
        return _Step(sent=int(answer.is_success))


def _webhook_key(name: WebhookName) -> Key[Webhook]:
    return key_for(Webhook, name.account, name.id)


def _checkpoint_key(name: WebhookName, slug: str) -> Key[WebhookCheckpoint]:
    return key_for(WebhookCheckpoint, name.account, name.id, slug)


def _seconds_until(checkpoint: WebhookCheckpoint, now: datetime) -> float | None:
    if checkpoint.next_attempt_at is None:
        return None
    return (checkpoint.next_attempt_at - now).total_seconds()


def _rest(view: View, name: WebhookName, slug: str) -> Decision[None]:
    """Leave nothing due of a webhook that is deleted or disabled."""
    webhook, checkpoint = view.get(_webhook_key(name)), view.get(_checkpoint_key(name, slug))
    if checkpoint is None:
        return Outcome(None)
    if webhook is None:
        return Outcome(None, (Remove(checkpoint),))
    if webhook.status is not WebhookStatus.DISABLED or checkpoint.next_attempt_at is None:
        return Outcome(None)
    return Outcome(None, (Replace(pass_over(checkpoint, checkpoint.position), read=checkpoint),))


def _message(
    webhook: Webhook, event: MarketEvent, outcomes: Sequence[str], now: datetime
) -> tuple[dict[str, str], bytes]:
    """The headers and the body of the message that tells of an event."""
    document = event_document(event, outcomes)
    content = {"type": event.type.value, "timestamp": document["created_at"], "data": document}
    body = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    id_, timestamp = f"{event.market}-{event.position}", int(now.timestamp())
    signatures = " ".join(sign(secret, id_, timestamp, body) for secret in webhook.secrets_at(now))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Hunch-Webhooks",
        "webhook-id": id_,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signatures,
    }
    return headers, body
