"""Make the results of a market from its trades, where settlement did not leave them all.

Markets that were settled, or traded on, by releases that summed nothing have no results, or some that miss trades. All
that a result says follows from the ledger.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import batched

from domain.model.kernel.record import key_for, key_of
from domain.model.record.result import Result, result_of
from domain.model.trading.book import Book
from domain.model.trading.market import Market
from domain.model.trading.position import Position, empty_position, trade_position
from domain.model.trading.trade import Trade
from domain.port.out.ledger import JournalRepository
from domain.port.out.store import Change, Decision, Insert, Outcome, Replace, Store, View

_TRADES = 500
_RESULTS = 40


class ReplayResults:
    """Stores each result that is missing or not exact; any number may run at once."""

    def __init__(self, store: Store, journal: JournalRepository) -> None:
        self._store = store
        self._journal = journal

    async def execute(self, market: Market) -> bool:
        """Replay a resolved market; False when the list of its trades trails behind, and it has to be tried again."""
        book_key = key_for(Book, market.slug)
        book = (await self._store.read(book_key)).get(book_key)
        if book is None or market.resolution is None:
            raise ValueError(f"the market {market.slug!r} is resolved and has no book, or no resolution")
        positions = await self._replay(market, book)
        if positions is None:
            return False
        results = [result_of(book, market.resolution, position) for position in positions]
        for some in batched(results, _RESULTS, strict=False):
            await self._keep(some)
        return True

    async def _replay(self, market: Market, book: Book) -> Sequence[Position] | None:
        """Every position as it was when trading ended; None when trades are missing."""
        positions: dict[str, Position] = {}
        version = 0
        while version < book.version:
            trades = await self._journal.find_trades_after(market.slug, version, _TRADES)
            if not trades or trades[-1].version != version + len(trades):
                return None
            for trade in trades:
                before = positions.get(trade.account) or empty_position(
                    trade.account, market.slug, len(market.outcomes)
                )
                positions[trade.account] = _apply(market, before, trade)
            version = trades[-1].version
        return list(positions.values())

    async def _keep(self, results: Sequence[Result]) -> None:
        keys = [key_of(result) for result in results]

        def decide(view: View, _: datetime) -> Decision[None]:
            changes: list[Change] = []
            for key, result in zip(keys, results, strict=True):
                stored = view.get(key)
                if stored is None:
                    changes.append(Insert(result))
                elif not stored.is_exact:
                    changes.append(Replace(_as_next(result, stored), read=stored))
            return Outcome(None, tuple(changes))

        await self._store.transact(keys, decide)


def _apply(market: Market, before: Position, trade: Trade) -> Position:
    return trade_position(before, market.outcomes.index(trade.outcome), trade)


def _as_next(result: Result, stored: Result) -> Result:
    return replace(result, version=stored.version + 1)
