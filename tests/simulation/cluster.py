"""The processes: functions that serve requests and events, each with its own clock, until one of them dies."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, cast

from domain.application.history.project_price_history import ProjectPriceHistoryRequest
from domain.application.instance.dispatch_ledger import DispatchLedgerRequest
from domain.application.ledger.audit_ledger import AuditLedgerRequest
from domain.application.record.project_records import ProjectRecordsRequest
from domain.application.settlement.ring_stale import RingStaleRequest
from domain.application.settlement.settle_positions import SettlePositionsRequest
from domain.application.trading.close_expired_markets import CloseExpiredMarketsRequest
from domain.application.webhooks.deliver_webhook import DeliverWebhookRequest
from domain.application.webhooks.retry_webhooks import RetryWebhooksRequest
from domain.application.webhooks.ring_untold import RingUntoldRequest
from domain.application.webhooks.ring_webhooks import RingWebhooksRequest
from domain.event.market_events import MarketChanged
from domain.model.kernel.errors import DomainError
from domain.model.kernel.money import MICROS, Money
from domain.model.ledger.journal import JournalEntry
from domain.model.settlement.settlement import Crowd
from domain.model.webhooks.address import Target
from domain.model.webhooks.delivery import Answer
from domain.port.out.doorbell import Ring, RingLostError
from domain.port.out.webhooks import WebhookName
from functions.adapter.out.dynamodb.items import decode
from functions.adapter.out.dynamodb.layout.events import is_lifecycle_item
from functions.config.dynamodb import dynamodb_persistence
from functions.config.ports import Ports
from functions.config.settings import Settings
from functions.config.use_cases import UseCases
from functions.config.wiring.record.project_records import project_records
from functions.config.wiring.settlement.settle_positions import settle_positions
from functions.registry import PRICE_HISTORY, RECORDS, SETTLEMENT, WEBHOOK_DELIVERIES, WEBHOOKS
from tests.simulation.auditor import ViolationError, require
from tests.simulation.expressions import Item
from tests.simulation.faults import Fault, Plan
from tests.simulation.network import Network, NetworkClient
from tests.simulation.receivers import Receivers
from tests.simulation.releases import RUNNING, Release
from tests.simulation.store import TABLES, Change
from tests.simulation.virtual_loop import VirtualLoop

if TYPE_CHECKING:
    from functions.adapter.out.dynamodb.tables import Client

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
GRANT = Money(100 * MICROS)
APPEAL = timedelta(seconds=6)
"""For so long a decision may be withdrawn, where the plan has appeals: clocks differ by more than half of it."""
API_PROCESSES, WORKER_PROCESSES = 3, 2
CLOSE_SECONDS, RING_SECONDS, AUDIT_SECONDS, RETRY_SECONDS, UNTOLD_SECONDS = 6.0, 9.0, 25.0, 7.0, 20.0
COMBINED = 2
"""So few orders fill a transaction of a leader here that there are often more."""
CROWDED, LANES, PAGE = 2, 3, 2
"""So few holders are a crowd where the plan has workers, and so few of them fill a page of settlement."""
SWEEPS, TRAIL_SECONDS = 3, 1.0
"""As the functions that queues call have them."""
_SELDOM = 5
"""How much less often schedules need to run once nothing goes wrong any more."""
LONGEST_WAIT, DELIVERY_SECONDS = 10.0, 60.0
"""As the function that delivers has them."""
_RECEIVES = 3
_LOSES_RINGS, _LOST_RINGS = 0.5, 0.5
"""How many runs lose rings, and how many rings they lose."""
_TIMEOUT_SECONDS = 3.0
_PATIENCE_SECONDS = 15.0

type Work = Callable[[UseCases], Awaitable[Any]]


class DiedError(Exception):
    """The process that was working on it is gone."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a client learns of one request.

    Args:
        answer: what was answered, if anything was.
        refusal: why it was refused, if it was.
        is_sent: whether it may have reached a process.
        is_twice: whether another process may still be at it.
    """

    answer: Any = None
    refusal: DomainError | None = None
    is_sent: bool = True
    is_twice: bool = False


class Process:
    """One process over the store, with its own clock and its own chance.

    Args:
        cluster: the others.
        number: makes its clock and its chance.
        release: whose code it runs.
    """

    def __init__(self, cluster: "Cluster", number: int, release: Release) -> None:
        self.is_alive, self.release = True, release
        self._cluster = cluster
        self._running: dict[asyncio.Future[Any], None] = {}  # a set would have no order to repeat
        self._random = Random(f"{cluster.plan.seed}/process/{number}")
        skewed = cluster.network.chance.strikes(Fault.CLOCK_SKEW)
        self._skew = timedelta(seconds=self._random.uniform(-4, 4) if skewed else 0)
        client = cast("Client", NetworkClient(cluster.network, self.crash, lambda: self.is_alive))
        ports = Ports(
            dynamodb_persistence(client, TABLES, self, self._random, threads=True, combined=COMBINED),
            self,
            self._random,
            Settings(starting_grant=GRANT, appeal=APPEAL if cluster.plan.has_appeals else timedelta()),
            doorbell=lambda queue: Bell(cluster, self, queue),
            create_webhook_sender=lambda _: Sender(cluster, self),
        )
        self._use_cases = UseCases(ports)
        if cluster.plan.has_workers:
            self._divide_crowds(ports)

    def _divide_crowds(self, ports: Ports) -> None:
        """Settle few holders as a crowd; the earlier release knows neither lanes nor workers."""
        is_later = self.release is Release.LATER
        crowd = Crowd(CROWDED, LANES if is_later else 1)
        vars(self._use_cases).update(
            settle_positions=settle_positions(ports, has_workers=is_later, crowd=crowd, page=PAGE),
            project_records=project_records(ports, crowd=crowd),
        )

    def now(self) -> datetime:
        """The time by this process's clock."""
        return START + timedelta(seconds=self._cluster.loop.time()) + self._skew

    def monotonic(self) -> float:
        """Seconds since the run began: no clock is ahead of another in this."""
        return self._cluster.loop.time()

    async def sleep(self, seconds: float) -> None:
        """Come back after that long, unless the process dies."""
        future = self._cluster.loop.create_future()
        self._cluster.loop.call_later(seconds, self._wake, future)
        await future

    def run(self, work: Work) -> asyncio.Future[Any]:
        """Begin to work on something; the future of its answer, its refusal, or this process's death."""
        future = self._cluster.loop.create_future()
        self._running[future] = None
        self._cluster.loop.create_task(self._work(work, future))
        return future

    def crash(self) -> None:
        """Die: nothing that was begun goes on, and another process takes its place."""
        if not self.is_alive:
            return
        self.is_alive = False
        self._cluster.replace(self)
        for future in self._running:
            if not future.cancelled():  # whoever had asked has gone away
                future.set_exception(DiedError())
                future.exception()  # whoever waits is told; perhaps nobody does any more
        self._running.clear()

    async def _work(self, work: Work, future: asyncio.Future[Any]) -> None:
        RUNNING.set(self.release)
        try:
            answer = await work(self._use_cases)
        except (DomainError, RingLostError) as refusal:
            self._finish(future, refusal)
        except Exception as error:  # noqa: BLE001  (whatever it is, it would have been a 500)
            self._cluster.failures.append(error)
            self._finish(future, error)
        else:
            self._finish(future, None, answer)

    def _finish(self, future: asyncio.Future[Any], error: Exception | None, answer: object = None) -> None:
        self._running.pop(future, None)
        if future.cancelled():
            return
        if error is None:
            future.set_result(answer)
        else:
            future.set_exception(error)
            future.exception()

    def _wake(self, future: asyncio.Future[None]) -> None:
        if self.is_alive:
            future.set_result(None)


@dataclass(frozen=True, slots=True)
class Bell:
    """The Doorbell of one queue, as one process reaches it."""

    cluster: "Cluster"
    process: Process
    queue: str

    async def ring(self, rings: Sequence[Ring]) -> None:
        """Put rings into the queue."""
        network = self.cluster.network
        await self.process.sleep(network.delay())
        if network.chance.strikes(Fault.REQUEST_LOST):
            raise RingLostError
        self.cluster.take_rings(self.queue, rings)
        await self.process.sleep(network.delay())
        if network.chance.strikes(Fault.ANSWER_LOST):
            raise RingLostError


@dataclass(frozen=True, slots=True)
class Sender:
    """The WebhookSender of one process: what it sends may be lost, be late, or be the last thing that it does."""

    cluster: "Cluster"
    process: Process

    async def check(self, target: Target) -> None:
        """Every address may be called."""

    async def post(self, target: Target, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a message, and wait for the answer."""
        network, strikes = self.cluster.network, self.cluster.network.chance.strikes
        late = strikes(Fault.LATE)
        if late:
            after = network.random.uniform(0.0, 2 * _PATIENCE_SECONDS)
            self.cluster.loop.call_later(after, self._arrive_late, target, headers, body)
        if late or strikes(Fault.REQUEST_LOST):
            await self.process.sleep(_PATIENCE_SECONDS)
            return Answer(None, "no answer")
        await self.process.sleep(network.delay())
        answer = self.cluster.receivers.answer(target, headers, body)
        if strikes(Fault.CRASH_AFTER):
            self.process.crash()
        if strikes(Fault.ANSWER_LOST):
            await self.process.sleep(_PATIENCE_SECONDS)
            return Answer(None, "no answer")
        await self.process.sleep(network.delay())
        return answer

    def _arrive_late(self, target: Target, headers: Mapping[str, str], body: bytes) -> None:
        try:
            self.cluster.receivers.answer(target, headers, body)
        except ViolationError as violation:
            self.cluster.failures.append(violation)


class Cluster:
    """All processes, and what calls them: clients' requests, the ledger's stream, the queue of rings, and schedules.

    Args:
        plan: what the run is made of.
        loop: its time.
        network: the way to the store.
        receivers: who is told by webhooks.
    """

    def __init__(self, plan: Plan, loop: VirtualLoop, network: Network, receivers: Receivers) -> None:
        self.plan, self.loop, self.network, self.receivers = plan, loop, network, receivers
        self.failures: list[Exception] = []
        self._random = Random(f"{plan.seed}/cluster")
        self._made = 0
        first = Release.EARLIER if plan.has_two_releases else Release.LATER
        self._servers = [self._start(first) for _ in range(API_PROCESSES)]
        self._workers = [self._start(first) for _ in range(WORKER_PROCESSES)]
        self._is_deployed = not plan.has_two_releases
        if not self._is_deployed:
            self._plan_deploys()
        self._rung: set[tuple[str, Ring]] = set()
        self._lost_until = self._random.uniform(5, 60) if network.chance.strikes(Fault.LOST_STREAM) else 0.0
        self._losses = Random(f"{plan.seed}/losses")
        self.loses_rings = Fault.LOST_RING not in plan.without and self._losses.random() < _LOSES_RINGS
        network.store.observers.append(self._stream)
        jobs = [(_close_expired, CLOSE_SECONDS), (_ring_stale, RING_SECONDS)]
        if plan.is_audited:
            jobs.append((audit, AUDIT_SECONDS))
        if plan.is_followed:
            jobs += [(_retry_webhooks, RETRY_SECONDS), (ring_untold, UNTOLD_SECONDS)]
        for job, seconds in jobs:
            loop.call_later(self._random.uniform(0, seconds), self._schedule, job, seconds)

    def require_no_failure(self) -> None:
        """Raise what a process would have answered with a 500."""
        if self.failures:
            raise ViolationError(f"no internal error: {self.failures[0]!r}") from self.failures[0]

    def now(self) -> datetime:
        """The true time."""
        return START + timedelta(seconds=self.loop.time())

    async def request(self, work: Work) -> Attempt:
        """Send a request to some process and wait for what comes of it."""
        chance = self.network.chance
        if chance.strikes(Fault.REQUEST_LOST):
            await self.loop.sleep(_TIMEOUT_SECONDS)
            return Attempt(is_sent=False)
        await self.loop.sleep(self.network.delay())
        future = self._random.choice(self._servers).run(work)
        twice = chance.strikes(Fault.DUPLICATE_REQUEST)
        if twice:
            await self.loop.sleep(self.network.delay() if self._random.random() < 0.5 else 0.0)
            other = self._random.choice(self._servers).run(work)
            future = self._random.choice((future, other))
        try:
            answer = await future
        except DiedError:
            return Attempt(is_twice=twice)
        except RingLostError as error:
            self.failures.append(error)
            return Attempt(is_twice=twice)
        except DomainError as refusal:
            attempt = Attempt(refusal=refusal, is_twice=twice)
        except Exception:  # noqa: BLE001  (it is among the failures)
            return Attempt(is_twice=twice)
        else:
            attempt = Attempt(answer=answer, is_twice=twice)
        await self.loop.sleep(self.network.delay())
        return Attempt(is_twice=twice) if chance.strikes(Fault.ANSWER_LOST) else attempt

    def replace(self, dead: Process) -> None:
        """Start a process in the place of one that died."""
        for group in (self._servers, self._workers):
            if dead in group:
                group[group.index(dead)] = self._start(dead.release)

    def finish_deploy(self) -> None:
        """Let the later release take the place of every process that is not of it; what was begun is finished."""
        for group in (self._servers, self._workers):
            for place, process in enumerate(group):
                if process.release is Release.EARLIER:
                    self._deploy(group, place, Release.LATER)
        self._is_deployed = True

    def take_rings(self, queue: str, rings: Sequence[Ring]) -> None:
        """Queue rings; one of an occasion that was rung for already is passed over."""
        answer = ANSWERS[queue]
        for ring in rings:
            if queue == WEBHOOKS and self.loses_rings and self._losses.random() < _LOST_RINGS:
                self.network.chance.happened[Fault.LOST_RING] += 1
            elif (queue, ring) not in self._rung:
                self._rung.add((queue, ring))
                self._deliver(partial(answer, ring, self.loop))

    def begin(self, job: Work) -> asyncio.Future[Any]:
        """Have a worker do something at once."""
        return self._random.choice(self._workers).run(job)

    def _plan_deploys(self) -> None:
        """One process after the other becomes the later release; it is put back, and deployed once more."""
        for group in (self._servers, self._workers):
            for place in range(len(group)):
                times = sorted(self._random.uniform(1, 45) for _ in range(3))
                for at, release in zip(times, (Release.LATER, Release.EARLIER, Release.LATER), strict=True):
                    self.loop.call_later(at, self._deploy, group, place, release)

    def _deploy(self, group: list[Process], place: int, release: Release) -> None:
        """Send what comes from now on to a process of that release; the one before ends what it has begun."""
        if not self._is_deployed:
            group[place] = self._start(release)

    def _start(self, release: Release) -> Process:
        self._made += 1
        return Process(self, self._made, release)

    def _stream(self, changes: Sequence[Change]) -> None:
        """Deliver the new items of the ledger to the function that dispatches them."""
        for place, _, item in changes:
            if place[0] == TABLES.ledger and item is not None and self.loop.time() >= self._lost_until:
                self._deliver(partial(_dispatch, item))

    def _deliver(self, work: Work) -> None:
        """Have a worker do it soon, perhaps late, perhaps twice."""
        twice = self.network.chance.strikes(Fault.DUPLICATE_RECORD)
        for _ in range(2 if twice else 1):
            late = self.network.chance.strikes(Fault.DELAYED_RECORD)
            self.loop.call_later(self._random.uniform(0.1, 12 if late else 0.4), self._begin, work, _RECEIVES)

    def _begin(self, work: Work, receives: int) -> None:
        future = self.begin(work)
        future.add_done_callback(lambda done: self._end(done, work, receives - 1))

    def _end(self, done: asyncio.Future[Any], work: Work, receives: int) -> None:
        if receives and (done.exception() or done.result() is False):
            self.loop.call_later(self._random.uniform(1, 6), self._begin, work, receives)

    def _schedule(self, job: Work, seconds: float) -> None:
        self.begin(job)
        again = seconds * (1 if self.network.chance.is_bad else _SELDOM)
        self.loop.call_later(again, self._schedule, job, seconds)


async def _close_expired(use_cases: UseCases) -> None:
    await use_cases.close_expired_markets.execute(CloseExpiredMarketsRequest())


async def _ring_stale(use_cases: UseCases) -> None:
    await use_cases.ring_stale.execute(RingStaleRequest())


async def _dispatch(item: Item, use_cases: UseCases) -> None:
    record = decode(MarketChanged, item) if is_lifecycle_item(item) else decode(JournalEntry, item)
    await use_cases.dispatch_ledger.execute(DispatchLedgerRequest([record]))


async def _retry_webhooks(use_cases: UseCases) -> None:
    await use_cases.retry_webhooks.execute(RetryWebhooksRequest())


async def ring_untold(use_cases: UseCases) -> None:
    """Make up for rings of webhooks that were lost."""
    await use_cases.ring_untold.execute(RingUntoldRequest())


async def audit(use_cases: UseCases) -> None:
    """Walk over all balances; whatever else happens meanwhile, each is what the ledger says."""
    result = await use_cases.audit_ledger.execute(AuditLedgerRequest())
    require("the audit finds nothing", holds=not result.wrong, because=result)


async def _project(ring: Ring, loop: VirtualLoop, use_cases: UseCases) -> bool:
    """Whether every trade is folded."""
    for _ in range(SWEEPS):
        if (await use_cases.project_price_history.execute(ProjectPriceHistoryRequest(ring.market))).done:
            return True
        await loop.sleep(TRAIL_SECONDS)
    return False


async def _settle(ring: Ring, loop: VirtualLoop, use_cases: UseCases) -> bool:
    """Whether nothing is left to settle of the market, or of the shard of its holders that the ring names."""
    request = SettlePositionsRequest(ring.market, int(ring.subject) if ring.subject else None)
    for _ in range(SWEEPS):
        if (await use_cases.settle_positions.execute(request)).done:
            return True
        await loop.sleep(TRAIL_SECONDS)
    return False


async def _record(ring: Ring, loop: VirtualLoop, use_cases: UseCases) -> bool:
    """Whether every result of the market is in its account's records."""
    for _ in range(SWEEPS):
        if (await use_cases.project_records.execute(ProjectRecordsRequest(ring.market))).done:
            return True
        await loop.sleep(TRAIL_SECONDS)
    return False


async def _tell(ring: Ring, _: VirtualLoop, use_cases: UseCases) -> bool:
    """Find the webhooks that are to be told of the market."""
    await use_cases.ring_webhooks.execute(RingWebhooksRequest(ring.market, ring.subject))
    return True


async def _deliver_webhook(ring: Ring, loop: VirtualLoop, use_cases: UseCases) -> bool:
    """Whether the webhook is told of everything, but for what failed more than once."""
    request, begun = DeliverWebhookRequest(WebhookName.parse(ring.subject), ring.market), loop.time()
    while loop.time() - begun < DELIVERY_SECONDS:
        wait = (await use_cases.deliver_webhook.execute(request)).wait_seconds
        if wait is None or wait > LONGEST_WAIT:
            return True
        await loop.sleep(max(0.0, wait))
    return False


ANSWERS = {
    SETTLEMENT: _settle,
    PRICE_HISTORY: _project,
    RECORDS: _record,
    WEBHOOKS: _tell,
    WEBHOOK_DELIVERIES: _deliver_webhook,
}
"""What the workers of each queue do for a ring; true when nothing is left to do."""
