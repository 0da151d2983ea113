"""Fold a market's new trades into its candles, from where the last folding stopped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from domain.model.history.candle import Candle, CandleSlot, PriceHistory, candle_slots, empty_price_history, fold_trades
from domain.model.kernel.record import Key, key_for
from domain.model.trading.book import Book
from domain.model.trading.trade import Trade
from domain.port.out.ledger import JournalRepository
from domain.port.out.store import Change, Decision, Insert, Outcome, Replace, Store, View

PAGE = 100
"""Trades folded in one transaction, as far as their candles fit in it."""
CANDLES = 99
"""Candles written in one transaction, besides the checkpoint."""
PASSES = 200
"""Transactions of one run; more is for the next one."""


@dataclass(frozen=True, slots=True)
class ProjectPriceHistoryRequest:
    """Which market's trades to fold."""

    slug: str


@dataclass(frozen=True, slots=True)
class ProjectPriceHistoryResult:
    """How far it came.

    Args:
        folded: trades folded by this very run.
        done: whether every trade is folded; otherwise run again, since the list of trades trailed behind or there were
            very many.
    """

    folded: int
    done: bool


@dataclass(frozen=True, slots=True)
class _Progress:
    """What came of one page.

    Args:
        folded: trades folded by this transaction.
        done: whether none was left.
        found: whether there was a page to fold, by this worker or by another that was faster.
    """

    folded: int
    done: bool
    found: bool = True


class ProjectPriceHistory:
    """Any number may run at once, and any may stop anywhere: each trade is folded once."""

    def __init__(self, store: Store, journal: JournalRepository) -> None:
        self._store = store
        self._journal = journal

    async def execute(self, request: ProjectPriceHistoryRequest) -> ProjectPriceHistoryResult:
        """Fold whatever is found; a market without a book has nothing to fold."""
        folded = 0
        for _ in range(PASSES):
            progress = await self._fold_page(request.slug)
            folded += progress.folded
            if progress.done or not progress.found:
                return ProjectPriceHistoryResult(folded, progress.done)
        return ProjectPriceHistoryResult(folded, done=False)

    async def _fold_page(self, slug: str) -> _Progress:
        """Find the next page of trades, and fold it unless somebody else has in the meantime."""
        keys = (key_for(Book, slug), key_for(PriceHistory, slug))
        snapshot = await self._store.read(*keys)
        book, stored = snapshot.get(key_for(Book, slug)), snapshot.get(key_for(PriceHistory, slug))
        folded = stored.version if stored else 0
        if book is None or folded >= book.version:
            return _Progress(0, done=True)
        trades = _next_trades(folded, await self._journal.find_trades_after(slug, folded, PAGE))
        if not trades:
            return _Progress(0, done=False, found=False)
        slots = {slot: key_for(Candle, slug, *slot) for trade in trades for slot in candle_slots(trade)}
        return await self._store.transact([*keys, *slots.values()], lambda view, _: _fold(slug, trades, slots, view))


def _fold(
    slug: str, trades: Sequence[Trade], slots: Mapping[CandleSlot, Key[Candle]], view: View
) -> Decision[_Progress]:
    book, stored = view.get(key_for(Book, slug)), view.get(key_for(PriceHistory, slug))
    history = stored or (empty_price_history(book) if book else None)
    if book is None or history is None or history.version != trades[0].version - 1:
        return Outcome(_Progress(0, done=False))  # another worker has folded them
    read = {slot: candle for slot, key in slots.items() if (candle := view.get(key))}
    folded = fold_trades(history, read, trades)
    changes: list[Change] = [
        Replace(candle, read=read[slot]) if slot in read else Insert(candle) for slot, candle in folded.candles.items()
    ]
    changes.append(Replace(folded.history, read=stored) if stored else Insert(folded.history))
    return Outcome(_Progress(len(trades), done=folded.history.version == book.version), tuple(changes))


def _next_trades(folded: int, found: Sequence[Trade]) -> Sequence[Trade]:
    """Those of the found trades that follow without a gap and whose candles fit in one transaction."""
    slots = set[CandleSlot]()

    def fits(numbered: tuple[int, Trade]) -> bool:
        version, trade = numbered
        slots.update(candle_slots(trade))
        return trade.version == version and len(slots) <= CANDLES

    return [trade for _, trade in takewhile(fits, enumerate(found, start=folded + 1))]
