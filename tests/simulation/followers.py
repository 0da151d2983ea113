"""Those who follow markets: readers of pages, readers of streams, and the owner of some webhooks."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import msgspec

from domain.application.history.list_events import ListEventsRequest, ListEventsResult
from domain.application.trading.get_market import GetMarketRequest
from domain.application.webhooks.create_webhook import CreateWebhookRequest
from domain.application.webhooks.enable_webhook import EnableWebhookRequest
from domain.application.webhooks.list_webhooks import ListWebhooksRequest
from domain.event.market_events import MarketChanged, event_document
from domain.model.kernel.caller import Caller
from domain.model.ledger.journal import JournalEntry
from domain.model.webhooks.webhook import Subscription
from domain.port.out.store import Insert
from functions.adapter.out.dynamodb.items import decode
from functions.adapter.out.dynamodb.layout.events import is_lifecycle_item
from functions.embedded.stream.feeds import Feeds
from tests.simulation.auditor import require
from tests.simulation.people import People, open_account
from tests.simulation.receivers import Happening, Receivers
from tests.simulation.store import LONGEST_LAG, TABLES, Change

KEPT = 4
"""The events that a feed keeps here, so that slow readers are cut off now and then."""
_PATIENCE = 60
_LIMITS = (1, 2, 3, 5, 100)
_TYPES = (None, None, ("trade",), ("market.published", "market.closed", "market.resolved", "market.voided"))


class Followers:
    """All of them.

    Args:
        people: the clients.
        receivers: what really happened.
    """

    def __init__(self, people: People, receivers: Receivers) -> None:
        slugs = [f"market-{number}" for number in range(people.cluster.plan.markets)]
        self.owner = WebhookOwner(people, slugs)
        self._feeds = Feeds(_PatientReads(people), KEPT)
        self._pages = [PageReader(people, slug, receivers.happenings[slug]) for slug in slugs]
        self._streams = [
            StreamReader(people, slug, receivers.happenings[slug], self._feeds, number)
            for slug in slugs
            for number in range(2)
        ]
        people.cluster.network.store.observers.append(self._note)
        self._loop = people.cluster.loop
        self._tasks = [
            self._loop.create_task(life)
            for life in (*(reader.live() for reader in self._pages), *(reader.live() for reader in self._streams))
        ]

    async def finish(self) -> None:
        """Let every reader come to the end of its market.

        Raises:
            ViolationError: one has seen something else than what happened, or does not see the end.
        """
        for reader in (*self._pages, *self._streams):
            reader.is_last_turn = True
        for task in self._tasks:
            await task

    def _note(self, changes: Sequence[Change]) -> None:
        """Wake the feeds, as commits do on one machine; once more when the index has it, which does not trail there."""
        for (table, *_), _, item in changes:
            if table == TABLES.ledger and item is not None:
                record = decode(MarketChanged, item) if is_lifecycle_item(item) else decode(JournalEntry, item)
                self._feeds.note([Insert(record)])
                self._loop.call_later(LONGEST_LAG, self._feeds.note, [Insert(record)])


@dataclass(frozen=True, slots=True)
class _PatientReads:
    """The use case behind the feeds: it asks again until it is answered."""

    people: People

    async def execute(self, request: ListEventsRequest) -> ListEventsResult:
        while not (found := await self.people.look("list_events", request)):
            await self.people.cluster.loop.sleep(0.5)
        answer: ListEventsResult = found
        return answer


class _Reader:
    """Somebody who reads what happens to one market.

    Args:
        people: the clients.
        slug: the market's.
        happenings: what really happened to it.
        name: makes its character.
    """

    def __init__(self, people: People, slug: str, happenings: Sequence[Happening], name: str) -> None:
        self.is_last_turn = False
        self.position = 0
        self._people, self._loop, self._slug = people, people.cluster.loop, slug
        self._happenings = happenings
        self._random = Random(f"{people.cluster.plan.seed}/{name}/{slug}")

    def see(self, event: dict[str, Any]) -> None:
        """Take the next event."""
        follows = event["position"] == self.position + 1
        require("no reader sees a gap", holds=follows, because=(self._slug, self.position, event))
        self.position += 1
        happening = self._happenings[self.position - 1]
        seen = (event["type"], event["data"].get("id"))
        require("readers see what happened", holds=seen == (happening.type, happening.trade), because=event)

    async def has_seen_all(self, attempt: int) -> bool:
        """Whether it is at the end, once everything is over."""
        if not self.is_last_turn:
            return False
        await self._loop.sleep(1.0)  # the last events may still be on their way
        sees_all = self.position == len(self._happenings)
        at = (self._slug, self.position, len(self._happenings))
        require("every reader sees the end", holds=sees_all or attempt < _PATIENCE, because=at)
        return sees_all


class PageReader(_Reader):
    """Somebody who reads page after page while there is trade."""

    def __init__(self, people: People, slug: str, happenings: Sequence[Happening]) -> None:
        super().__init__(people, slug, happenings, "pages")

    async def live(self) -> None:
        """Read a page now and then, and all that is left in the end."""
        attempts = 0
        while not await self.has_seen_all(attempts):
            attempts += self.is_last_turn
            if not self.is_last_turn:
                await self._loop.sleep(self._random.uniform(0.0, 5.0))
            limit = self._random.choice(_LIMITS)
            page = await self._people.look("list_events", ListEventsRequest(self._slug, self.position, limit))
            if page is not None:
                require("no page is longer than asked", holds=len(page.events) <= limit, because=(self._slug, limit))
                for event in page.events:
                    self.see(event_document(event, page.outcomes))


class StreamReader(_Reader):
    """Somebody who follows a stream, too slowly at times, goes away, and comes back where it was.

    Args:
        people: the clients.
        slug: the market's.
        happenings: what really happened to it.
        feeds: the feeds.
        number: makes its character.
    """

    def __init__(self, people: People, slug: str, happenings: Sequence[Happening], feeds: Feeds, number: int) -> None:
        super().__init__(people, slug, happenings, f"stream-{number}")
        self._feeds = feeds
        self._is_cut_off = False

    async def live(self) -> None:
        """Follow the stream, again and again."""
        attempts = 0
        while not await self.has_seen_all(attempts):
            attempts += self.is_last_turn
            await self._loop.sleep(self._random.uniform(0.0, 2.0))
            found = await self._people.look("get_market", GetMarketRequest(self._slug))
            if found is not None:
                await self._follow(found.listing.book.position)

    async def _follow(self, position: int) -> None:
        self._is_cut_off = False
        async with self._feeds.follow(self._slug, position, self.position, self._cut_off) as chunks:
            async for chunk in chunks:
                for event in _events_of(chunk):
                    self.see(event)
                await self._loop.sleep(self._random.uniform(0.0, 4.0))
                if self._is_cut_off or self._random.random() < 0.1 or await self.has_seen_all(0):
                    return

    def _cut_off(self) -> None:
        self._is_cut_off = True


class WebhookOwner:
    """Somebody with webhooks about one market, and about all.

    Args:
        people: the clients.
        slugs: the markets.
    """

    def __init__(self, people: People, slugs: Sequence[str]) -> None:
        self._people, self._loop = people, people.cluster.loop
        self._random = Random(f"{people.cluster.plan.seed}/webhooks")
        self._caller = Caller("listener")
        self._slugs = slugs
        self._addresses = 0

    async def live(self) -> None:
        """Make webhooks sooner or later, and enable what was disabled now and then."""
        await open_account(self._people, self._caller)
        for market in (self._random.choice(self._slugs), None):
            await self._loop.sleep(self._random.uniform(0.0, 6.0))
            await self._create(market)
        for _ in range(self._random.randint(0, 2)):
            await self._loop.sleep(self._random.uniform(3.0, 9.0))
            await self.enable_all()

    async def enable_all(self) -> None:
        """Let every webhook go on with what has failed."""
        listed = None
        while listed is None:
            listed = await self._people.look("list_webhooks", ListWebhooksRequest(self._caller, 100))
        for webhook in listed.page.items:
            request = EnableWebhookRequest(self._caller, webhook.id)
            while await self._people.look("enable_webhook", request) is None:
                await self._loop.sleep(0.5)

    async def _create(self, market: str | None) -> None:
        """Make one. It has an address of its own each time, since an answer that was lost leaves one as well."""
        for _ in range(8):
            self._addresses += 1
            url = f"https://receiver.invalid/{self._addresses}"
            request = CreateWebhookRequest(self._caller, Subscription(url, market, self._random.choice(_TYPES)))
            if await self._people.look("create_webhook", request) is not None:
                return
            await self._loop.sleep(2.0)


def _events_of(chunk: bytes) -> list[dict[str, Any]]:
    """The events in a chunk of a stream: its data, on one line each."""
    return [msgspec.json.decode(line[6:]) for line in chunk.splitlines() if line.startswith(b"data: ")]
