"""Walk over everything that holds credits, and compare each balance with the ledger."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from itertools import batched
from typing import NamedTuple

from domain.model.kernel.record import Key, key_for
from domain.model.ledger.account import Account
from domain.model.ledger.audit import (
    NEW_WALK,
    AuditWalk,
    Finding,
    LedgerSum,
    add_entries,
    add_trades,
    advance_walk,
    empty_sum,
    examine_account,
    examine_book,
)
from domain.model.ledger.journal import pool_of
from domain.model.trading.book import Book
from domain.port.out.clock import Clock
from domain.port.out.ledger import AuditRepository, JournalRepository
from domain.port.out.store import Decision, Insert, Outcome, Replace, Store, View

_TOGETHER = 100
"""Balances that are read, and examined, at the same time."""
_ENTRIES = 500
"""Entries that are added up at a time; what is added up is kept, so that no run begins from nothing."""


class AuditLedgerRequest(NamedTuple):
    """How much to do.

    Args:
        seconds: after so many seconds no further page is begun; a later run goes on.
    """

    seconds: float = 10.0


class AuditLedgerResult(NamedTuple):
    """What a run found.

    Args:
        examined: how many balances it compared.
        wrong: the names of those that are not what the ledger adds up to.
    """

    examined: int
    wrong: tuple[str, ...]


class AuditLedger:
    """A run takes the walk some pages further; the end of a walk is the instance's audit."""

    def __init__(
        self,
        audits: AuditRepository,
        store: Store,
        journal: JournalRepository,
        clock: Clock,
    ) -> None:
        self._audits = audits
        self._store = store
        self._journal = journal
        self._clock = clock

    async def execute(self, request: AuditLedgerRequest) -> AuditLedgerResult:
        """Walk until the walk ends, or the time is up. Preparing it takes at most half of that.

        Raises:
            ContentionError: the store is too busy; what was walked so far is kept.
        """
        examined, wrong, begun = 0, list[str](), self._clock.monotonic()
        await self._audits.prepare_walk(self._clock.now(), begun + request.seconds / 2)
        while True:
            stored = await self._find(key_for(AuditWalk))
            walk = stored or NEW_WALK
            page = await self._audits.find_balances(walk.cursor)
            findings = await self._examine_all(page.items)
            examined += len(findings)
            wrong += [finding.name for finding in findings if not finding.is_right]
            await self._keep_walk(walk, advance_walk(walk, findings, page.cursor, self._clock.now()))
            if page.cursor is None or self._clock.monotonic() >= begun + request.seconds:
                return AuditLedgerResult(examined, tuple(wrong))

    async def _keep_walk(self, read: AuditWalk, after: AuditWalk) -> None:
        """Keep how far the walk is, unless another run has taken it further in the meantime."""

        def decide(view: View, _: datetime) -> Decision[None]:
            stored = view.get(key_for(AuditWalk))
            if (stored or NEW_WALK).version != read.version:
                return Outcome(None)
            return Outcome(None, (Replace(after, read=stored) if stored else Insert(after),))

        await self._store.transact([key_for(AuditWalk)], decide)

    async def _examine_all(self, keys: Sequence[Key[Account] | Key[Book]]) -> list[Finding]:
        """Compare balances. They are read after what is added up already, and so never older than that."""
        findings: list[Finding] = []
        for some in batched(keys, _TOGETHER, strict=False):
            names = [str(key.values[0]) if key.kind is Account else pool_of(str(key.values[0])) for key in some]
            sums = await self._store.read(*(key_for(LedgerSum, name) for name in names))
            found = (await self._store.read(*some)).found
            pairs = zip((found[key] for key in some), names, strict=True)
            findings += await asyncio.gather(
                *(self._examine(each, sums.get(key_for(LedgerSum, name)) or empty_sum(name)) for each, name in pairs)
            )
        return findings

    async def _examine(self, found: object, sum_: LedgerSum) -> Finding:
        """Compare one balance with the sum of its entries, once those that are new are in it."""
        if isinstance(found, Account):
            entries = self._journal.find_entries_after
            sum_ = await self._add_up(sum_, found.seq, lambda seq: entries(found.id, seq, _ENTRIES), add_entries)
            return examine_account(found, sum_)
        if isinstance(found, Book):
            trades = self._journal.find_trades_after
            sum_ = await self._add_up(sum_, found.version, lambda seq: trades(found.slug, seq, _ENTRIES), add_trades)
            return examine_book(found, sum_)
        raise TypeError(f"a {type(found).__name__} has no balance")

    async def _add_up[E](
        self,
        sum_: LedgerSum,
        last: int,
        find: Callable[[int], Awaitable[Sequence[E]]],
        add: Callable[[LedgerSum, Sequence[E]], LedgerSum],
    ) -> LedgerSum:
        """The sum up to entry number ``last``, or up to the first gap, kept on the way."""
        while sum_.seq < last:
            found = await find(sum_.seq)
            after = add(sum_, found[: last - sum_.seq])
            if after == sum_:
                return sum_
            await self._keep(sum_, after)
            sum_ = after
        return sum_

    async def _keep(self, read: LedgerSum, after: LedgerSum) -> None:
        """Keep a sum, unless somebody else has added as much up in the meantime."""

        def decide(view: View, _: datetime) -> Decision[None]:
            stored = view.get(key_for(LedgerSum, after.name))
            if stored and stored.seq > read.seq:
                return Outcome(None)
            return Outcome(None, (Replace(after, read=stored) if stored else Insert(after),))

        await self._store.transact([key_for(LedgerSum, after.name)], decide)

    async def _find[R](self, key: Key[R]) -> R | None:
        return (await self._store.read(key)).get(key)
