"""Ring for webhooks that are behind their markets although nobody rings for them: a ring of theirs was lost."""

from collections.abc import AsyncIterator, Sequence
from itertools import batched
from typing import NamedTuple

from domain.application.webhooks.attempt import PAGE
from domain.model.kernel.record import Key, key_for
from domain.model.trading.book import Book
from domain.model.webhooks.delivery import WebhookCheckpoint
from domain.model.webhooks.webhook import Webhook
from domain.port.out.clock import Clock
from domain.port.out.doorbell import Doorbell, Ring
from domain.port.out.history import EventRepository
from domain.port.out.store import RecordReader
from domain.port.out.trading import MarketFilter, MarketRepository
from domain.port.out.webhooks import WebhookName, WebhookRepository

_PAGE = 100
MOST_RINGS = 1000
"""After so many nothing more is looked for: the next run finds these told, and comes further."""
BUDGET_SECONDS = 240.0
"""After that long nothing more is looked for."""


class RingUntoldRequest(NamedTuple):
    """Asks for nothing in particular."""


class RingUntoldResult(NamedTuple):
    """How many rings there were."""

    rings: int


class RingUntold:
    """It compares the checkpoint of each webhook with the position of each of its markets, so it runs rarely.

    What failed and is tried again is left to its own time. For a webhook that is told right now a ring is harmless.

    Args:
        webhooks: which there are.
        markets: which there are.
        records: books, webhooks and checkpoints.
        events: what happened.
        doorbell: rings for those who deliver.
        clock: the time.
    """

    def __init__(
        self,
        *,
        webhooks: WebhookRepository,
        markets: MarketRepository,
        records: RecordReader,
        events: EventRepository,
        doorbell: Doorbell,
        clock: Clock,
    ) -> None:
        self._webhooks = webhooks
        self._markets = markets
        self._records = records
        self._events = events
        self._doorbell = doorbell
        self._clock = clock

    async def execute(self, _: RingUntoldRequest) -> RingUntoldResult:
        """Ring for each webhook and market where something was not told.

        Raises:
            RingLostError: some could not be delivered; the next time will do.
        """
        rings, started = 0, self._clock.monotonic()
        about_all = [name async for name in self._subscribers(None)]
        async for book in self._books():
            names = [*about_all, *[name async for name in self._subscribers(book.slug)]]
            for some in batched(names, _PAGE, strict=False):
                untold = await self._untold(book, some)
                if untold:
                    occasion = f"untold at {self._clock.now().isoformat()}"
                    await self._doorbell.ring([Ring(book.slug, occasion, str(name)) for name in untold])
                rings += len(untold)
            if rings >= MOST_RINGS or self._clock.monotonic() - started > BUDGET_SECONDS:
                break
        return RingUntoldResult(rings)

    async def _books(self) -> AsyncIterator[Book]:
        """Those of all published markets, read a page at a time."""
        filter_, cursor = MarketFilter(now=self._clock.now()), None
        while True:
            page = await self._markets.find_all(filter_, _PAGE, cursor)
            keys = [key_for(Book, market.slug) for market in page.items]
            snapshot = await self._records.read(*keys)
            for key in keys:
                if book := snapshot.get(key):
                    yield book
            cursor = page.cursor
            if cursor is None:
                return

    async def _subscribers(self, market: str | None) -> AsyncIterator[WebhookName]:
        cursor = None
        while True:
            page = await self._webhooks.find_subscribers(market, _PAGE, cursor)
            for name in page.items:
                yield name
            cursor = page.cursor
            if cursor is None:
                return

    async def _untold(self, book: Book, names: Sequence[WebhookName]) -> list[WebhookName]:
        """Those of these webhooks, at most a hundred, that are to be told something of a market."""
        checkpoints = await self._records.read(*[_checkpoint_key(name, book.slug) for name in names])
        found = {name: checkpoints.get(_checkpoint_key(name, book.slug)) for name in names}
        behind = [
            name for name, checkpoint in found.items() if checkpoint is None or checkpoint.position < book.position
        ]
        webhooks = await self._records.read(*[key_for(Webhook, name.account, name.id) for name in behind])
        untold = []
        for name in behind:
            webhook = webhooks.get(key_for(Webhook, name.account, name.id))
            if webhook and await self._is_untold(webhook, found[name], book):
                untold.append(name)
        return untold

    async def _is_untold(self, webhook: Webhook, checkpoint: WebhookCheckpoint | None, book: Book) -> bool:
        if checkpoint is None:
            return await self._is_to_begin(webhook, book)
        if checkpoint.next_attempt_at is not None and checkpoint.epoch == webhook.epoch:
            return False
        if webhook.types is None:
            return True
        events = await self._events.find_events(book.slug, book.origin, book.revision, checkpoint.position, PAGE)
        # A full page is worth a ring all the same: whoever delivers passes it over.
        return len(events) == PAGE or any(webhook.wants(event.type.value) for event in events)

    async def _is_to_begin(self, webhook: Webhook, book: Book) -> bool:
        """Whether something has happened since a webhook was made that was never told of this market."""
        if webhook.market is not None:
            return webhook.start < book.position
        last = await self._events.find_events(book.slug, book.origin, book.revision, book.position - 1, 1)
        # Where the list trails, the last event is new.
        return not last or last[0].created_at >= webhook.created_at


def _checkpoint_key(name: WebhookName, slug: str) -> Key[WebhookCheckpoint]:
    return key_for(WebhookCheckpoint, name.account, name.id, slug)
