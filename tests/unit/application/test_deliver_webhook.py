from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from standardwebhooks import Webhook as Verifier

from domain.application.webhooks import ring_untold
from domain.application.webhooks.attempt import PAGE
from domain.application.webhooks.create_webhook import CreateWebhookRequest
from domain.application.webhooks.delete_webhook import DeleteWebhookRequest
from domain.application.webhooks.deliver_webhook import DeliverWebhookRequest
from domain.application.webhooks.enable_webhook import EnableWebhookRequest
from domain.application.webhooks.get_webhook import GetWebhookRequest
from domain.application.webhooks.list_webhook_deliveries import ListWebhookDeliveriesRequest
from domain.application.webhooks.retry_webhooks import RetryWebhooksRequest
from domain.application.webhooks.ring_untold import RingUntoldRequest
from domain.application.webhooks.ring_webhooks import RingWebhooksRequest
from domain.application.webhooks.rotate_webhook_secret import RotateWebhookSecretRequest
from domain.event.market_events import MarketEvent
from domain.model.kernel.errors import InvalidWebhookError, MarketNotFoundError, WebhookNotFoundError
from domain.model.kernel.money import MICROS
from domain.model.webhooks.address import Target
from domain.model.webhooks.delivery import DELAYS, Answer, Delivery
from domain.model.webhooks.webhook import Subscription, Webhook, WebhookStatus
from domain.port.out.webhooks import EVERY_MARKET, WebhookName
from tests.fakes.clock import FakeClock
from tests.fakes.memory import MemoryEvents, MemoryPersistence, MemoryStore
from tests.fakes.world import World, admin, caller

OK, BROKEN, GONE = Answer(200), Answer(500), Answer(410)


@dataclass
class Receiver:
    """A WebhookSender whose messages arrive here. It answers what it is told to, and then OK.

    Args:
        clock: the time at which messages arrive.
    """

    clock: FakeClock
    answers: list[Answer] = field(default_factory=list)
    received: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)

    async def check(self, target: Target) -> None:
        """Every address may be called."""

    async def post(self, target: Target, headers: Mapping[str, str], body: bytes) -> Answer:
        self.received.append((headers, body))
        return self.answers.pop(0) if self.answers else OK

    @property
    def ids(self) -> list[str]:
        """The ids of all messages."""
        return [headers["webhook-id"] for headers, _ in self.received]


@pytest.fixture
def receiver(clock: FakeClock) -> Receiver:
    """Somebody who receives."""
    return Receiver(clock)


@pytest.fixture
def clock() -> FakeClock:
    """The time."""
    return FakeClock()


@pytest.fixture
def store() -> MemoryStore:
    """What is stored."""
    return MemoryStore()


@pytest.fixture
async def world(store: MemoryStore, clock: FakeClock, receiver: Receiver) -> World:
    """Two accounts, and a market with one trade."""
    world = World(MemoryPersistence.over(store), clock=clock, sender=receiver)
    for account in ("ann", "bob"):
        await world.open(account)
    await world.publish("rain", "ann")
    await world.buy("bob", "rain", "YES", MICROS)
    world.clock.advance(timedelta(seconds=1))
    return world


async def create(world: World, market: str | None = "rain", types: tuple[str, ...] | None = None) -> Webhook:
    """A webhook of bob's."""
    subscription = Subscription("https://receiver.example/hook", market, types)
    return (await world.create_webhook.execute(CreateWebhookRequest(caller("bob"), subscription))).webhook


async def deliver(world: World, webhook: Webhook, market: str = "rain") -> float | None:
    """Tell it of a market; after how long to go on."""
    name = WebhookName(webhook.account, webhook.id)
    return (await world.deliver_webhook.execute(DeliverWebhookRequest(name, market))).wait_seconds


async def find(world: World, webhook: Webhook) -> Webhook:
    """The webhook as its owner reads it."""
    return (await world.get_webhook.execute(GetWebhookRequest(caller("bob"), webhook.id))).webhook


async def deliveries(world: World, webhook: Webhook) -> list[Delivery]:
    """Its attempts, the newest first."""
    request = ListWebhookDeliveriesRequest(caller("bob"), webhook.id, 100)
    return list((await world.list_webhook_deliveries.execute(request)).page.items)


@pytest.mark.parametrize("market", ["rain", None])
async def test_it_is_told_what_happens_since_it_was_made(world: World, receiver: Receiver, market: str | None) -> None:
    """In order, each event once, whether it is about one market or all; of a later market from its publication."""
    webhook = await create(world, market)
    await deliver(world, webhook)
    assert receiver.received == []
    await world.buy("bob", "rain", "YES", MICROS)
    await world.close("rain", caller("ann"))
    assert await deliver(world, webhook) is None
    assert receiver.ids == ["rain-3", "rain-4"]
    await deliver(world, webhook)
    assert receiver.ids == ["rain-3", "rain-4"]
    await world.publish("snow", "ann")
    await deliver(world, webhook, "snow")
    assert receiver.ids[2:] == ([] if market else ["snow-1"])


async def test_where_it_begins_is_written_first(
    world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two who look for the beginning, one while the list of events trails, neither skips what the other is at."""
    for _ in range(2):
        await world.buy("bob", "rain", "YES", MICROS)
    world.clock.advance(timedelta(seconds=1))
    webhook = await create(world, None)
    await world.buy("bob", "rain", "YES", MICROS)
    find, reads = MemoryEvents.find_events, count()
    shown: list[int] = []

    async def find_shown(self: MemoryEvents, slug: str, *place: int) -> Sequence[MarketEvent]:
        origin, revision, after, limit = place
        if limit == PAGE and not next(reads):  # the other comes in between, and is shown less
            shown.append(2)
            await deliver(world, webhook)
            shown.clear()
        elif limit == PAGE and shown:
            shown[0] = 3
        found = await find(self, slug, origin, revision, after, limit)
        return [event for event in found if not shown or event.position <= shown[0]]

    monkeypatch.setattr(MemoryEvents, "find_events", find_shown)
    await deliver(world, webhook)
    assert receiver.ids == ["rain-3", "rain-4", "rain-5"]


async def test_messages_are_signed(world: World, receiver: Receiver) -> None:
    """The specification's own library verifies them, with the new secret and, for a day, with the one before."""
    webhook = await create(world)
    await world.buy("bob", "rain", "YES", MICROS)
    rotated = (await world.rotate_webhook_secret.execute(RotateWebhookSecretRequest(caller("bob"), webhook.id))).webhook
    assert rotated.secret != webhook.secret
    await deliver(world, webhook)
    world.clock.advance(timedelta(hours=24))
    await world.buy("bob", "rain", "YES", MICROS)
    await deliver(world, webhook)
    (headers, body), (later, later_body) = receiver.received
    for secret in (webhook.secret, rotated.secret):
        assert signature_of(secret, headers, body) in headers["webhook-signature"].split(" ")
    assert signature_of(rotated.secret, later, later_body) == later["webhook-signature"]


def signature_of(secret: str, headers: Mapping[str, str], body: bytes) -> str:
    """What the library of the specification signs the message with."""
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    naive = at.astimezone().replace(tzinfo=None)  # it takes local time
    return str(Verifier(secret).sign(headers["webhook-id"], naive, body.decode()))


async def test_only_the_types_it_wants(world: World, receiver: Receiver) -> None:
    """Others are passed over, also many of them."""
    webhook = await create(world, types=("market.closed",))
    for _ in range(120):
        await world.buy("bob", "rain", "YES", 1)
    await world.close("rain", caller("ann"))
    await deliver(world, webhook)
    assert receiver.ids == ["rain-123"]


async def test_a_failed_attempt_is_repeated(world: World, receiver: Receiver) -> None:
    """After each delay, the same event first, and the later ones only after it."""
    webhook = await create(world)
    await world.buy("bob", "rain", "YES", MICROS)
    await world.buy("bob", "rain", "YES", MICROS)
    receiver.answers = [BROKEN, Answer(None, "no answer within 15 seconds"), Answer(503)]
    for attempt in range(1, 4):
        wait = await deliver(world, webhook)
        assert wait is not None
        assert 0.8 * DELAYS[attempt - 1].total_seconds() <= wait <= 1.2 * DELAYS[attempt - 1].total_seconds()
        assert receiver.ids == ["rain-3"] * attempt
        await deliver(world, webhook)
        assert len(receiver.ids) == attempt, "it is not due yet"
        assert (await find(world, webhook)).status is WebhookStatus.FAILING
        assert (await world.retry_webhooks.execute(RetryWebhooksRequest())).rings == 0
        world.clock.advance(timedelta(seconds=wait))
        assert (await world.retry_webhooks.execute(RetryWebhooksRequest())).rings == 1
    assert await deliver(world, webhook) is None
    assert receiver.ids == ["rain-3"] * 4 + ["rain-4"]
    found = await find(world, webhook)
    assert (found.status, found.last_error) == (WebhookStatus.ACTIVE, None)
    attempts = [(each.position, each.attempt, each.status_code) for each in await deliveries(world, webhook)]
    assert sorted(attempts) == [
        (3, 1, 500),
        (3, 2, None),
        (3, 3, 503),
        (3, 4, 200),
        (4, 1, 200),
    ]
    assert (await world.retry_webhooks.execute(RetryWebhooksRequest())).rings == 0


async def test_never_sooner_than_it_asks_for(world: World, receiver: Receiver) -> None:
    """Retry-After puts the next attempt off."""
    webhook = await create(world)
    await world.buy("bob", "rain", "YES", MICROS)
    receiver.answers = [Answer(429, retry_after=timedelta(hours=1))]
    assert await deliver(world, webhook) == timedelta(hours=1).total_seconds()


async def test_the_last_failure_disables(world: World, receiver: Receiver) -> None:
    """After ten attempts nothing more is tried; enabled, it goes on at once with the event that failed."""
    webhook = await create(world)
    await world.buy("bob", "rain", "YES", MICROS)
    receiver.answers = [BROKEN] * (len(DELAYS) + 1)
    while (wait := await deliver(world, webhook)) is not None:
        world.clock.advance(timedelta(seconds=wait))
    assert receiver.ids == ["rain-3"] * 10
    assert (await find(world, webhook)).status is WebhookStatus.DISABLED
    assert (await world.ring_webhooks.execute(RingWebhooksRequest("rain"))).rings == 0
    await world.buy("bob", "rain", "YES", MICROS)
    await deliver(world, webhook)
    assert len(receiver.ids) == 10
    enabled = (await world.enable_webhook.execute(EnableWebhookRequest(caller("bob"), webhook.id))).webhook
    assert enabled.status is WebhookStatus.ACTIVE
    (ring,) = world.rung["webhooks"].rings
    await world.ring_webhooks.execute(RingWebhooksRequest(ring.market, ring.subject))
    (told,) = world.rung["webhook-deliveries"].take()
    assert (told.market, told.subject) == ("rain", f"bob/{webhook.id}")
    await deliver(world, webhook)
    assert receiver.ids[10:] == ["rain-3", "rain-4"]
    assert {(each.position, each.attempt) for each in await deliveries(world, webhook) if each.error is None} == {
        (3, 1),
        (4, 1),
    }


async def test_gone_disables_at_once(world: World, receiver: Receiver) -> None:
    """410 is a wish to be left alone."""
    webhook = await create(world)
    await world.buy("bob", "rain", "YES", MICROS)
    receiver.answers = [GONE]
    assert await deliver(world, webhook) is None
    found = await find(world, webhook)
    assert (found.status, found.last_error) == (WebhookStatus.DISABLED, "the answer was 410")


async def test_whom_a_ring_concerns(world: World) -> None:
    """Those about the market and those about all; one that was enabled, for every market; none for another's."""
    await world.publish("snow", "ann")
    one, every = await create(world), await create(world, None)
    names = {f"bob/{one.id}", f"bob/{every.id}"}
    await world.ring_webhooks.execute(RingWebhooksRequest("rain"))
    assert {(ring.market, ring.subject) for ring in world.rung["webhook-deliveries"].take()} == {
        ("rain", name) for name in names
    }
    await world.ring_webhooks.execute(RingWebhooksRequest("snow"))
    assert [ring.subject for ring in world.rung["webhook-deliveries"].take()] == [f"bob/{every.id}"]
    await world.ring_webhooks.execute(RingWebhooksRequest(EVERY_MARKET, f"bob/{every.id}"))
    assert sorted(ring.market for ring in world.rung["webhook-deliveries"].take()) == ["rain", "snow"]
    await world.ring_webhooks.execute(RingWebhooksRequest(EVERY_MARKET))
    assert len(world.rung["webhook-deliveries"].take()) == 3


async def test_a_deleted_webhook_is_told_nothing(world: World, receiver: Receiver, store: MemoryStore) -> None:
    """And nothing of it stays due."""
    webhook = await create(world)
    await world.buy("bob", "rain", "YES", MICROS)
    receiver.answers = [BROKEN]
    await deliver(world, webhook)
    await world.delete_webhook.execute(DeleteWebhookRequest(caller("bob"), webhook.id))
    world.clock.advance(timedelta(hours=1))
    await deliver(world, webhook)
    assert receiver.ids == ["rain-3"]
    assert (await world.retry_webhooks.execute(RetryWebhooksRequest())).rings == 0
    with pytest.raises(WebhookNotFoundError):
        await find(world, webhook)


async def test_whose_it_is(world: World) -> None:
    """To everybody but its owner, admins too, there is none."""
    await world.open("zoe")
    webhook = await create(world)
    for by in (caller("ann"), admin("zoe")):
        with pytest.raises(WebhookNotFoundError):
            await world.get_webhook.execute(GetWebhookRequest(by, webhook.id))
        with pytest.raises(WebhookNotFoundError):
            await world.delete_webhook.execute(DeleteWebhookRequest(by, webhook.id))


async def test_ten_are_enough(world: World) -> None:
    """An account has at most ten; one that is deleted makes room."""
    webhooks = [await create(world) for _ in range(10)]
    with pytest.raises(InvalidWebhookError):
        await create(world)
    await world.delete_webhook.execute(DeleteWebhookRequest(caller("bob"), webhooks[3].id))
    await create(world)


async def test_an_unknown_market(world: World) -> None:
    """There is nothing to be told of a market that is not there, or of somebody else's draft."""
    await world.draft("draft", "ann")
    for market in ("nowhere", "draft"):
        with pytest.raises(MarketNotFoundError):
            await create(world, market)


async def test_a_secret_is_not_for_showing(world: World) -> None:
    """What may end in a log has none in it."""
    webhook = await create(world)
    assert webhook.secret not in repr(webhook)


async def untold(world: World) -> list[tuple[str, str]]:
    """The markets and webhooks for which a ring is taken to be lost."""
    found = (await world.ring_untold.execute(RingUntoldRequest())).rings
    rings = world.rung["webhook-deliveries"].take()
    assert len(rings) == found
    return sorted((ring.market, ring.subject) for ring in rings)


@pytest.mark.parametrize("market", ["rain", None])
async def test_a_lost_ring_is_made_up_for(world: World, receiver: Receiver, market: str | None) -> None:
    """The first one, and any later one; where nothing is left to tell, nobody is rung for."""
    webhook = await create(world, market)
    name = f"bob/{webhook.id}"
    assert await untold(world) == []
    for position in (3, 4):
        await world.buy("bob", "rain", "YES", MICROS)  # and nobody rings
        assert await untold(world) == [("rain", name)]
        await deliver(world, webhook)
        assert receiver.ids[-1] == f"rain-{position}"
        assert await untold(world) == []
    await world.publish("snow", "ann")
    assert await untold(world) == ([] if market else [("snow", name)])


async def test_nobody_is_rung_for_in_vain(world: World, receiver: Receiver) -> None:
    """Neither for what a webhook does not want, nor for what is tried again later, nor for one that is disabled."""
    webhook = await create(world, types=("market.closed",))
    await world.buy("bob", "rain", "YES", MICROS)
    assert await untold(world) == [("rain", f"bob/{webhook.id}")], "it has not begun"
    await deliver(world, webhook)
    assert (receiver.ids, await untold(world)) == ([], [])
    await world.close("rain", caller("ann"))
    receiver.answers = [BROKEN, GONE]
    await deliver(world, webhook)
    assert await untold(world) == []
    world.clock.advance(DELAYS[0] * 2)
    await deliver(world, webhook)
    assert (await find(world, webhook)).status is WebhookStatus.DISABLED
    assert await untold(world) == []
    await world.enable_webhook.execute(EnableWebhookRequest(caller("bob"), webhook.id))
    assert await untold(world) == [("rain", f"bob/{webhook.id}")], "the ring of enabling it may be lost, too"


async def test_a_full_page_of_what_it_does_not_want_is_passed_over(world: World) -> None:
    """What it wants may be behind it."""
    webhook = await create(world, types=("market.closed",))
    await deliver(world, webhook)
    for _ in range(PAGE):
        await world.buy("bob", "rain", "YES", 1)
    assert await untold(world) == [("rain", f"bob/{webhook.id}")]
    await deliver(world, webhook)
    assert await untold(world) == []


async def test_so_many_rings_are_enough_for_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is found the next time, since those that were told are behind no more."""
    monkeypatch.setattr(ring_untold, "MOST_RINGS", 1)
    for slug in ("hail", "snow"):
        await world.publish(slug, "ann")
    webhooks = [await create(world, slug) for slug in ("rain", "hail", "snow")]
    for slug in ("rain", "hail", "snow"):
        await world.buy("bob", slug, "YES", MICROS)
    seen = set[str]()
    for _ in webhooks:
        ((market, _),) = await untold(world)
        seen.add(market)
        await deliver(world, next(each for each in webhooks if each.market == market), market)
    assert (seen, await untold(world)) == ({"rain", "hail", "snow"}, [])


async def test_it_ends_in_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that has lasted long enough looks at no further market."""
    monkeypatch.setattr(ring_untold, "BUDGET_SECONDS", -1.0)
    await world.publish("snow", "ann")
    for slug in ("rain", "snow"):
        await create(world, slug)
        await world.buy("bob", slug, "YES", MICROS)
    assert len(await untold(world)) == 1
