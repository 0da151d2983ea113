"""Pay out a decided market, page by page; whatever is interrupted resumes, and nobody is paid twice."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from domain.event.market_events import EventType, market_changed
from domain.model.kernel.errors import ContentionError, MarketNotFoundError
from domain.model.kernel.money import ZERO, Money, sum_money
from domain.model.kernel.record import Key, key_for, key_of
from domain.model.ledger.account import Account, move_money
from domain.model.ledger.journal import EntryKind, pool_of
from domain.model.record.result import result_of
from domain.model.settlement.settlement import (
    CROWD,
    Crowd,
    Tally,
    amount_owed,
    empty_tally,
    is_complete,
    pool_leftover,
    settlement_kind,
    tally_positions,
)
from domain.model.trading.book import Book, follow_market
from domain.model.trading.market import Market, MarketStatus, Resolution, settle_market
from domain.model.trading.position import HOLDER_SHARDS, Position
from domain.model.trading.verdict import verdict_on
from domain.port.out.clock import Clock
from domain.port.out.doorbell import Doorbell, Ring
from domain.port.out.store import Change, Decision, Insert, Need, Outcome, Remove, Replace, Store, View
from domain.port.out.trading import PositionRepository

AT_ONCE = 16
"""Transactions under way at once: on one machine orders wait for those that are before them."""
PAGE = 19
"""Positions settled in one transaction: four writes each, of which a result counts twice, and one for the tally."""


class _Progress(NamedTuple):
    """How many holders were listed, and how many positions of theirs were settled."""

    listed: int
    settled: int


class _Lane:
    """The holders whose positions one tally counts; at most one transaction is under way, while the next are listed."""

    def __init__(self) -> None:
        self.waiting: dict[str, None] = {}  # a list that trails may show somebody twice
        self.paying: asyncio.Task[int] | None = None
        self._settled = 0

    def take(self) -> list[str]:
        """Those who wait; then nobody does."""
        taken, self.waiting = list(self.waiting), {}
        return taken

    async def follow_with(self, page: Coroutine[Any, Any, int]) -> None:
        """Begin with a page once the one before is settled."""
        try:
            await self.finish()
        except BaseException:
            page.close()
            raise
        self.paying = asyncio.get_running_loop().create_task(page)

    async def finish(self) -> int:
        """Wait for the page that is under way; how many positions were settled."""
        if self.paying:
            paying, self.paying = self.paying, None
            self._settled += await paying
        return self._settled


class SettlePositionsRequest(NamedTuple):
    """Which market to settle.

    Args:
        slug: the market's slug.
        shard: the shard of its holders to settle; None for all of them.
    """

    slug: str
    shard: int | None = None


class SettlePositionsResult(NamedTuple):
    """How far it came.

    Args:
        settled: positions settled by this very run.
        done: whether nothing is left to settle here, or nothing may be paid yet; otherwise run again, since the list of
            holders trailed behind or some holder was busy.
    """

    settled: int
    done: bool


class SettlePositions:
    """Any number may run at once, and any may stop anywhere.

    Args:
        store: where records are read and decisions committed.
        positions: the list of holders.
        clock: the time of rings.
        workers: rings for a worker of each shard where there is a crowd of holders; None where one settles them all.
        crowd: what a crowd is, and its lanes.
        page: how many positions one transaction settles, at most :data:`PAGE`.
    """

    def __init__(
        self,
        store: Store,
        positions: PositionRepository,
        clock: Clock,
        workers: Doorbell | None = None,
        *,
        crowd: Crowd = CROWD,
        page: int = PAGE,
    ) -> None:
        self._store = store
        self._positions = positions
        self._clock = clock
        self._workers = workers
        self._crowd = crowd
        self._page = page

    async def execute(self, request: SettlePositionsRequest) -> SettlePositionsResult:
        """Settle every position that is found, then, once all are, the market. Before its time it does nothing.

        Raises:
            MarketNotFoundError: there is no such market, or it is a draft.
        """
        slug = request.slug
        snapshot = await self._store.read(key_for(Market, slug), key_for(Book, slug))
        market, book = snapshot.get(key_for(Market, slug)), snapshot.get(key_for(Book, slug))
        if market is None or book is None:
            raise MarketNotFoundError(slug)
        if market.status is not MarketStatus.SETTLING or market.resolution is None:
            return SettlePositionsResult(0, done=True)
        if book.revision != market.revision:
            return SettlePositionsResult(0, done=False)  # read on either side of the decision
        if market.resolution.is_appealable and not await self._begin(market, market.resolution):
            return SettlePositionsResult(0, done=True)
        if self._workers and request.shard is None and self._crowd.lanes_of(book) > 1:
            await self._ring_workers(self._workers, slug)
            return SettlePositionsResult(0, done=True)
        shards = range(HOLDER_SHARDS) if request.shard is None else [request.shard]
        progress = await self._settle_shards(book, market.resolution, shards)
        tallies = [key_for(Tally, slug, number) for number in self._crowd.tally_numbers(book)]
        keys: list[Key[Any]] = [key_for(Market, slug), key_for(Book, slug), *tallies]
        done = await self._store.transact(keys, lambda view, now: _finish(slug, tallies, view, now))
        is_empty = request.shard is not None and not progress.listed
        return SettlePositionsResult(progress.settled, done=done or is_empty)

    async def _ring_workers(self, workers: Doorbell, slug: str) -> None:
        """Ring for every shard; whoever finds the market unsettled later rings again."""
        occasion = f"a shard at {self._clock.now():%Y-%m-%dT%H:%M}"
        await workers.ring([Ring(slug, occasion, str(shard)) for shard in range(HOLDER_SHARDS)])

    async def _begin(self, market: Market, resolution: Resolution) -> bool:
        """Whether payouts may begin: from its time on, unless the decision is withdrawn. Then it stands for ever."""

        def decide(view: View, now: datetime) -> Decision[bool]:
            verdict = verdict_on(market, now, stands=True)
            if stored := view.get(key_of(verdict)):
                return Outcome(stored.stands)
            if now < resolution.payable_at:
                return Outcome(result=False)
            return Outcome(result=True, changes=(Insert(verdict),))

        key = key_of(verdict_on(market, resolution.resolved_at, stands=True))
        return await self._store.transact([key], decide)

    async def _settle_shards(self, book: Book, resolution: Resolution, shards: Sequence[int]) -> "_Progress":
        """Settle shards at once: none has a holder of another. One that fails does not stop the others."""
        places = asyncio.Semaphore(AT_ONCE)
        outcomes = await asyncio.gather(
            *(self._settle_shard(book, resolution, shard, places) for shard in shards), return_exceptions=True
        )
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        some = [outcome for outcome in outcomes if isinstance(outcome, _Progress)]
        return _Progress(sum(each.listed for each in some), sum(each.settled for each in some))

    async def _settle_shard(
        self, book: Book, resolution: Resolution, shard: int, places: asyncio.Semaphore
    ) -> "_Progress":
        """Settle what the list of holders shows of one shard, each lane's pages one after the other."""

        async def settle(number: int, holders: Sequence[str]) -> int:
            async with places:
                return await self._settle_page(book, resolution, number, holders)

        lanes: dict[int, _Lane] = defaultdict(_Lane)
        listed = 0
        try:
            async for holder in self._list_holders(book, shard):
                listed += 1
                lane = lanes[number := self._crowd.tally_number(book, holder)]
                lane.waiting[holder] = None
                if len(lane.waiting) == self._page:
                    await lane.follow_with(settle(number, lane.take()))
            for number, lane in lanes.items():
                await lane.follow_with(settle(number, lane.take()))
            return _Progress(listed, sum([await lane.finish() for lane in lanes.values()]))
        except (Exception, asyncio.CancelledError):
            await asyncio.gather(*(lane.paying for lane in lanes.values() if lane.paying), return_exceptions=True)
            raise

    async def _list_holders(self, book: Book, shard: int) -> AsyncIterator[str]:
        cursor: str | None = None
        while True:
            page = await self._positions.find_holders(book.slug, shard, self._page * self._crowd.lanes_of(book), cursor)
            for holder in page.items:
                yield holder
            cursor = page.cursor
            if cursor is None:
                return

    async def _settle_page(self, book: Book, resolution: Resolution, number: int, holders: Sequence[str]) -> int:
        """Settle these holders' positions in one transaction, or, where some are busy trading, in halves.

        A holder who is busy even alone is left for the next run, so that the others need not wait.
        """
        if not holders:
            return 0
        try:
            return await self._pay(book, resolution, number, holders)
        except ContentionError:
            if len(holders) == 1:
                return 0
            middle = len(holders) // 2
            first = await self._settle_page(book, resolution, number, holders[:middle])
            return first + await self._settle_page(book, resolution, number, holders[middle:])

    async def _pay(self, book: Book, resolution: Resolution, number: int, holders: Sequence[str]) -> int:
        """Pay those of these holders who are not paid yet; the answer is how many these were."""
        positions = [key_for(Position, holder, book.slug) for holder in holders]
        accounts = [key_for(Account, holder) for holder in holders]
        tally = key_for(Tally, book.slug, number)

        def decide(view: View, now: datetime) -> Decision[int]:
            unpaid = [position for key in positions if (position := view.get(key))]
            changes = [change for each in unpaid for change in _settle(book, resolution, each, view, now)]
            return Outcome(len(unpaid), (*changes, _count(book, resolution, number, unpaid, view)) if unpaid else ())

        return await self._store.transact([tally, *positions, *accounts], decide)


def _settle(book: Book, resolution: Resolution, position: Position, view: View, now: datetime) -> list[Change]:
    """Put a result in the place of a position, sold out or not; a market that is voided counts nothing."""
    changes = _pay_out(book, resolution, position, view, now)
    return changes if resolution.payouts is None else [*changes, Insert(result_of(book, resolution, position))]


def _pay_out(book: Book, resolution: Resolution, position: Position, view: View, now: datetime) -> list[Change]:
    """Remove a position and, where there is something to say, pay its account what it is owed."""
    owed = amount_owed(book, resolution, position)
    if not position.is_held and not owed.amount:
        return [Remove(read=position)]
    account = _opened(view.get(key_for(Account, position.account)), position)
    movement = move_money(
        replace(account, markets_held=account.markets_held - position.is_held),
        settlement_kind(resolution),
        owed,
        pool_of(book.slug),
        now,
        market=book.slug,
        version=book.version,
        revision=book.revision,
    )
    return [Remove(read=position), Replace(movement.account, read=account), Insert(movement.entry)]


def _count(book: Book, resolution: Resolution, number: int, settled: Sequence[Position], view: View) -> Change:
    """Count settled positions in their tally."""
    paid = sum_money(amount_owed(book, resolution, position) for position in settled)
    tally = view.get(key_for(Tally, book.slug, number))
    after = tally_positions(tally or empty_tally(book, number), settled, paid)
    return Replace(after, read=tally) if tally else Insert(after)


def _finish(slug: str, tally_keys: Sequence[Key[Tally]], view: View, now: datetime) -> Decision[bool]:
    """Return what is left to the creator and make the market final, once everybody is paid."""
    market, book = view.get(key_for(Market, slug)), view.get(key_for(Book, slug))
    if market is None or book is None:
        raise MarketNotFoundError(slug)
    if market.status is not MarketStatus.SETTLING:
        return Outcome(result=True)
    tallies = [tally for key in tally_keys if (tally := view.get(key))]
    if not is_complete(book, tallies):
        return Outcome(result=False)
    creator_key = key_for(Account, market.creator)
    if not view.has_read(creator_key):
        return Need((creator_key,))
    final = settle_market(market)
    after = replace(follow_market(book, final), pool=ZERO)
    event = EventType.VOIDED if final.status is MarketStatus.VOIDED else EventType.RESOLVED
    changes: list[Change] = [
        Replace(final, read=market),
        Replace(after, read=book),
        Insert(market_changed(final, event, None, now, version=book.version)),
    ]
    leftover = pool_leftover(book, tallies)
    if leftover.amount:
        changes += _return_subsidy(after, leftover, _creator(view.get(creator_key), market), now)
    return Outcome(result=True, changes=tuple(changes))


def _return_subsidy(book: Book, leftover: Money, creator: Account, now: datetime) -> list[Change]:
    movement = move_money(
        creator,
        EntryKind.SUBSIDY_RETURN,
        leftover,
        pool_of(book.slug),
        now,
        market=book.slug,
        version=book.version,
        revision=book.revision,
    )
    return [Replace(movement.account, read=creator), Insert(movement.entry)]


def _creator(account: Account | None, market: Market) -> Account:
    if account is None:
        raise ValueError(f"the creator {market.creator!r} of {market.slug!r} has no account")
    return account


def _opened(account: Account | None, position: Position) -> Account:
    if account is None:
        raise ValueError(f"{position.account!r} holds {position.market!r} without an account")
    return account
