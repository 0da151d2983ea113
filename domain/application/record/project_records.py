"""Fold a resolved market's results into the records of their accounts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from domain.application.record.replay_results import ReplayResults
from domain.model.kernel.record import Key, key_for
from domain.model.record.fold import RecordFold
from domain.model.record.result import RESULT_SHARDS, Result
from domain.model.record.track_record import ALL, NO_TAG, TrackRecord, add_result, empty_track_record, periods_of
from domain.model.settlement.settlement import CROWD, Crowd, Tally
from domain.model.trading.book import Book
from domain.model.trading.market import Market, MarketStatus
from domain.model.trading.position import HOLDER_SHARDS
from domain.port.out.record import TrackRecordRepository
from domain.port.out.store import Change, Decision, Insert, Outcome, Replace, Store, View

_WRITES = 7
"""What a record counts in a transaction: itself, and on each of three boards a place left and one taken."""
_MOST = 99
PASSES = 500
"""Transactions of one run; more is for the next one."""


class ProjectRecordsRequest(NamedTuple):
    """Which market's results to fold."""

    slug: str


class ProjectRecordsResult(NamedTuple):
    """How far it came.

    Args:
        folded: results folded by this very run.
        done: whether every result is folded; otherwise run again.
    """

    folded: int
    done: bool


class ProjectRecords:
    """Any number may run at once, and any may stop anywhere: each result is folded once.

    Args:
        store: where records are read and decisions committed.
        results: what settlement has left.
        replay: makes what it has not left.
        crowd: how settlement divides the holders of a market.
    """

    def __init__(
        self, store: Store, results: TrackRecordRepository, replay: ReplayResults, crowd: Crowd = CROWD
    ) -> None:
        self._store = store
        self._results = results
        self._replay = replay
        self._crowd = crowd

    async def execute(self, request: ProjectRecordsRequest) -> ProjectRecordsResult:
        """Fold what is left; a market that is not resolved, or voided, has nothing to fold."""
        slug, folded = request.slug, 0
        market_key, fold_key = key_for(Market, slug), key_for(RecordFold, slug)
        snapshot = await self._store.read(market_key, fold_key)
        market, stored = snapshot.get(market_key), snapshot.get(fold_key) or RecordFold(slug)
        if market is None or market.status is not MarketStatus.RESOLVED or stored.is_done:
            return ProjectRecordsResult(0, done=True)
        fold = await self._prepare(market, stored)
        for _ in range(PASSES):
            if fold is None or fold.is_done:
                return ProjectRecordsResult(folded, done=fold is not None)
            page, after = await self._next_page(fold, _page_size(market))
            fold = await self._advance(fold, after, [(result, market.tags) for result in page])
            folded += len(page) if fold else 0
        return ProjectRecordsResult(folded, done=False)

    async def _next_page(self, fold: RecordFold, limit: int) -> tuple[Sequence[Result], RecordFold]:
        """The results that are folded next, and where the fold is after them; shards without any are passed over."""
        after = fold
        while True:
            page = await self._results.find_results_after(after.market, after.shard, after.after, limit)
            after = _step(after, page, limit)
            if page or after.is_done:
                return page, after

    async def _prepare(self, market: Market, fold: RecordFold) -> RecordFold | None:
        """The fold once all results are there; None when somebody else is at it, or the list of trades trails."""
        if fold.is_replayed or await self._are_all_there(market):
            return fold
        if not await self._replay.execute(market):
            return None
        return await self._advance(fold, replace(fold, is_replayed=True), ())

    async def _are_all_there(self, market: Market) -> bool:
        """Whether settlement left an exact result for every position that there ever was."""
        keys = [key_for(Tally, market.slug, shard) for shard in range(HOLDER_SHARDS)]
        book_key = key_for(Book, market.slug)
        snapshot = await self._store.read(book_key, *keys)
        book = snapshot.get(book_key)
        if book is None:
            return False
        found = [snapshot.get(key) for key in keys]
        if lanes := [key_for(Tally, market.slug, number) for number in self._crowd.tally_numbers(book)[HOLDER_SHARDS:]]:
            more = await self._store.read(*lanes)
            found += [more.get(key) for key in lanes]
        return sum(tally.recorded for tally in found if tally) == book.holders

    async def _advance(
        self, fold: RecordFold, after: RecordFold, results: Sequence[tuple[Result, Sequence[str]]]
    ) -> RecordFold | None:
        """Add results to records and take the fold further; None when somebody else has in the meantime."""
        fold_key = key_for(RecordFold, fold.market)
        slots = [(result, key) for result, tags in results for key in _slots(result, tags)]

        def decide(view: View, now: datetime) -> Decision[RecordFold | None]:
            stored = view.get(fold_key)
            if (stored or RecordFold(fold.market)) != fold:
                return Outcome(after if stored == moved and view.is_in_doubt else None)
            changes = [_add(view, result, key, now) for result, key in slots]
            return Outcome(moved, (*changes, Replace(moved, read=stored) if stored else Insert(moved)))

        moved = replace(after, version=fold.version + 1)
        return await self._store.transact([fold_key, *(key for _, key in slots)], decide)


def _page_size(market: Market) -> int:
    """How many results fit into one transaction."""
    return _MOST // (_WRITES * (len(periods_of(market.created_at)) + len(dict.fromkeys(market.tags))))


def _step(fold: RecordFold, page: Sequence[Result], limit: int) -> RecordFold:
    """Where the fold is after a page: behind its last account, or in the next shard."""
    if len(page) == limit:
        return replace(fold, after=page[-1].account)
    is_done = fold.shard == RESULT_SHARDS - 1
    return replace(fold, shard=fold.shard if is_done else fold.shard + 1, after="", is_done=is_done)


def _slots(result: Result, tags: Sequence[str]) -> list[Key[TrackRecord]]:
    """The records in which a result counts."""
    periods = [key_for(TrackRecord, result.account, period, NO_TAG) for period in periods_of(result.resolved_at)]
    return [*periods, *(key_for(TrackRecord, result.account, ALL, tag) for tag in dict.fromkeys(tags))]


def _add(view: View, result: Result, key: Key[TrackRecord], now: datetime) -> Change:
    stored = view.get(key)
    account, period, tag = map(str, key.values)
    after = add_result(stored or empty_track_record(account, period, tag, now), result, now)
    return Replace(after, read=stored) if stored else Insert(after)
