"""Pay out a decided market, page by page; whatever is interrupted resumes, and nobody is paid twice."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.application.shared.transaction import Decision, Proposal, Reply, Transaction
from domain.event.market_events import market_changed
from domain.model.kernel.errors import ContentionError, MarketNotFoundError
from domain.model.kernel.money import ZERO, sum_money
from domain.model.ledger.account import Account, move_money
from domain.model.ledger.journal import EntryKind, pool_of
from domain.model.settlement.settlement import (
    amount_owed,
    empty_tally,
    is_complete,
    pool_leftover,
    settlement_kind,
    tally_positions,
)
from domain.model.trading.book import Book, follow_market
from domain.model.trading.market import MarketStatus, Resolution, settle_market
from domain.model.trading.position import HOLDER_SHARDS, Position
from domain.port.out.clock import Clock
from domain.port.out.records import (
    AccountKey,
    BookKey,
    Insert,
    MarketKey,
    PositionKey,
    RecordReader,
    Remove,
    Replace,
    TallyKey,
    Write,
)
from domain.port.out.repositories import PositionRepository

PAGE = 33
"""Positions settled in one transaction: three writes each and one for the tally, of the hundred there may be."""


@dataclass(frozen=True, slots=True)
class SettlePositionsRequest:
    """Which market to settle."""

    slug: str


@dataclass(frozen=True, slots=True)
class SettlePositionsResult:
    """How far it came.

    Args:
        settled: positions settled by this very run.
        done: whether nothing is left to settle; otherwise run again, since the list of holders trailed behind or some
            holder was busy.
    """

    settled: int
    done: bool


class SettlePositions:
    """The use case. Any number may run at once, and any may stop anywhere."""

    def __init__(
        self, records: RecordReader, positions: PositionRepository, transaction: Transaction, clock: Clock
    ) -> None:
        self._records = records
        self._positions = positions
        self._transaction = transaction
        self._clock = clock

    async def execute(self, request: SettlePositionsRequest) -> SettlePositionsResult:
        """Settle every position that is found, then, once all are, the market.

        Raises:
            MarketNotFoundError: there is no such market, or it is a draft.
        """
        slug = request.slug
        snapshot = await self._records.read(MarketKey(slug), BookKey(slug))
        market, book = snapshot.get(MarketKey(slug)), snapshot.get(BookKey(slug))
        if market is None or book is None:
            raise MarketNotFoundError(slug)
        if market.status is not MarketStatus.SETTLING or market.resolution is None:
            return SettlePositionsResult(0, done=True)
        if book.revision != market.revision:
            return SettlePositionsResult(0, done=False)  # read on either side of the decision
        settled = await self._settle_shards(book, market.resolution)
        finished = await self._transaction.run(slug, lambda: self._finish(slug))
        return SettlePositionsResult(settled, done=finished.answer)

    async def _settle_shards(self, book: Book, resolution: Resolution) -> int:
        """Settle all shards at once: none has a holder of another. One that fails does not stop the others."""
        shards = [self._settle_shard(book, resolution, shard) for shard in range(HOLDER_SHARDS)]
        outcomes = await asyncio.gather(*shards, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        return sum(outcome for outcome in outcomes if isinstance(outcome, int))

    async def _settle_shard(self, book: Book, resolution: Resolution, shard: int) -> int:
        """Settle what the list of holders shows of one shard, and count it."""
        settled, cursor = 0, None
        while True:
            page = await self._positions.find_holders(book.slug, shard, PAGE, cursor)
            settled += await self._settle_page(book, resolution, shard, page.items)
            cursor = page.cursor
            if cursor is None:
                return settled

    async def _settle_page(self, book: Book, resolution: Resolution, shard: int, holders: Sequence[str]) -> int:
        """Settle these holders' positions in one transaction, or, where some are busy trading, in halves.

        A holder who is busy even alone is left for the next run, so that the others need not wait.
        """
        if not holders:
            return 0
        try:
            reply = await self._transaction.run(book.slug, lambda: self._pay(book, resolution, shard, holders))
        except ContentionError:
            if len(holders) == 1:
                return 0
            middle = len(holders) // 2
            first = await self._settle_page(book, resolution, shard, holders[:middle])
            return first + await self._settle_page(book, resolution, shard, holders[middle:])
        return reply.answer

    async def _pay(self, book: Book, resolution: Resolution, shard: int, holders: Sequence[str]) -> Decision[int]:
        positions_of = {holder: PositionKey(holder, book.slug) for holder in holders}
        tally_key = TallyKey(book.slug, shard)
        accounts_of = {holder: AccountKey(holder) for holder in holders}
        snapshot = await self._records.read(tally_key, *positions_of.values(), *accounts_of.values())
        unpaid = [position for key in positions_of.values() if (position := snapshot.get(key))]
        if not unpaid:
            return Reply(0)
        now = self._clock.now()
        kind, pool, writes = settlement_kind(resolution), pool_of(book.slug), list[Write]()
        for position in unpaid:
            writes.append(Remove(read=position))
            owed = amount_owed(book, resolution, position)
            if not position.is_held and not owed.amount:
                continue
            account = _opened(snapshot.get(accounts_of[position.account]), position)
            freed = replace(account, markets_held=account.markets_held - position.is_held)
            movement = move_money(freed, kind, owed, pool, now, market=book.slug)
            writes += [Replace(movement.account, read=account), Insert(movement.entry)]
        paid = sum_money(amount_owed(book, resolution, position) for position in unpaid)
        tally = snapshot.get(tally_key)
        after = tally_positions(tally or empty_tally(book, shard), unpaid, paid)
        writes.append(Replace(after, read=tally) if tally else Insert(after))
        return Proposal(tuple(writes), len(unpaid))

    async def _finish(self, slug: str) -> Decision[bool]:
        """Return what is left to the creator and make the market final, once everybody is paid."""
        tally_keys = [TallyKey(slug, shard) for shard in range(HOLDER_SHARDS)]
        snapshot = await self._records.read(MarketKey(slug), BookKey(slug), *tally_keys)
        market, book = snapshot.get(MarketKey(slug)), snapshot.get(BookKey(slug))
        if market is None or book is None:
            raise MarketNotFoundError(slug)
        if market.status is not MarketStatus.SETTLING:
            return Reply(answer=True)
        tallies = [tally for key in tally_keys if (tally := snapshot.get(key))]
        if not is_complete(book, tallies):
            return Reply(answer=False)
        creator = (await self._records.read(AccountKey(market.creator))).get(AccountKey(market.creator))
        if creator is None:
            raise ValueError(f"the creator {market.creator!r} of {slug!r} has no account")
        now = self._clock.now()
        final = settle_market(market)
        leftover = pool_leftover(book, tallies)
        writes: list[Write] = [
            Replace(final, read=market),
            Replace(replace(follow_market(book, final), pool=ZERO), read=book),
            Insert(market_changed(final, None, now)),
        ]
        if leftover.amount:
            movement = move_money(creator, EntryKind.SUBSIDY_RETURN, leftover, pool_of(slug), now, market=slug)
            writes += [Replace(movement.account, read=creator), Insert(movement.entry)]
        return Proposal(tuple(writes), answer=True)


def _opened(account: Account | None, position: Position) -> Account:
    if account is None:
        raise ValueError(f"{position.account!r} holds {position.market!r} without an account")
    return account
