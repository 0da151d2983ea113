"""The ways to place an order: alone, by the mailbox of the book, and by a queue."""

import asyncio
from collections import deque

from bench.contention.cloud import Limits
from bench.contention.latency import DISPATCH, QUEUE, read
from bench.contention.market import Place, World
from domain.application.trading.place_order import OrderMessage, PlaceOrder, PlaceOrderRequest, command_of
from domain.model.kernel.errors import ContentionError
from domain.port.out.store import Need, Snapshot
from domain.port.out.unit_of_work import Committed
from domain.port.out.workspace import Workspace
from functions.config.wiring.trading.place_order import place_order

BATCH = 10
"""The most messages that a FIFO queue hands to a function at once."""
_GROUP_SENDS = 300
"""The most messages a second that a FIFO queue takes for one group."""


def direct(world: World) -> Place:
    """Every order a transaction of its own, tried again where others were faster."""
    return lambda request: PlaceOrder(world.environment().commands).execute(request)


def by_mailbox(world: World) -> Place:
    """As place_order does it."""
    return lambda request: place_order(world.environment()).execute(request)


def by_queue(world: World) -> Place:
    """By a FIFO queue with a group for each market: a function gets up to ten at once, and one batch after another."""
    return Queue(world).place


class Queue:
    """The group of one market in a FIFO queue, and the function that it calls.

    Args:
        world: where orders are carried out.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._waiting = deque[tuple[OrderMessage, asyncio.Future[None]]]()
        self._sends = Limits(_GROUP_SENDS, world.clock.monotonic)
        self._is_locked = False

    async def place(self, request: PlaceOrderRequest) -> None:
        """Send an order, and come back once it is carried out and its sender has found it.

        Raises:
            ContentionError: the queue takes no more.
        """
        clock, random = self._world.clock, self._world.random
        await clock.sleep(QUEUE.draw(random))
        if not self._sends.take(("queue", request.slug), 1):
            raise ContentionError
        message = OrderMessage(request.caller.account, (), request.slug, request.terms, request.idempotency)
        done = clock.loop.create_future()
        self._waiting.append((message, done))
        if not self._is_locked:
            self._is_locked = True
            clock.loop.create_task(self._serve())
        await done
        await clock.sleep(read(1).draw(random))

    async def _serve(self) -> None:
        """Hand over one batch after another; the group is locked until a batch is deleted."""
        clock, random = self._world.clock, self._world.random
        while self._waiting:
            await clock.sleep(DISPATCH.draw(random))
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            began = clock.monotonic()
            await self._carry_out([message for message, _ in batch])
            self._world.cloud.meter.worker_seconds += clock.monotonic() - began
            for _, done in batch:
                done.set_result(None)
            await clock.sleep(QUEUE.draw(random))
        self._is_locked = False

    async def _carry_out(self, batch: list[OrderMessage]) -> None:
        """Decide a batch in its order and commit it as one transaction, until that has succeeded."""
        persistence = self._world.environment().persistence
        transactions = [command_of(message) for message in batch]
        while True:
            keys = dict.fromkeys(key for transaction in transactions for key in transaction.keys)
            workspace = Workspace(Snapshot((await persistence.records.read(*keys)).found, is_in_doubt=True))
            for transaction in transactions:
                decision = transaction.conclude(workspace, self._world.clock.now())
                assert not isinstance(decision, Need)
                workspace.apply(decision.changes)
            if isinstance(await persistence.unit_of_work.commit(workspace.changes()), Committed):
                return
