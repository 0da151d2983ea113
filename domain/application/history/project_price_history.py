"""Fold a market's new trades into its candles, from where the last folding stopped."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from domain.application.shared.transaction import Decision, Proposal, Reply, Transaction
from domain.model.history.candle import Candle, CandleSlot, PriceHistory, candle_slots, empty_price_history, fold_trades
from domain.model.trading.trade import Trade
from domain.port.out.journal import JournalRepository
from domain.port.out.records import (
    BookKey,
    CandleKey,
    Insert,
    PriceHistoryKey,
    RecordReader,
    Replace,
    Write,
)

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
    """Trades folded by one transaction, and whether none was left."""

    folded: int
    done: bool


class ProjectPriceHistory:
    """The use case. Any number may run at once, and any may stop anywhere: each trade is folded once."""

    def __init__(self, records: RecordReader, journal: JournalRepository, transaction: Transaction) -> None:
        self._records = records
        self._journal = journal
        self._transaction = transaction

    async def execute(self, request: ProjectPriceHistoryRequest) -> ProjectPriceHistoryResult:
        """Fold whatever is found; a market without a book has nothing to fold."""
        folded = 0
        for _ in range(PASSES):
            progress = (
                await self._transaction.run(f"prices of {request.slug}", lambda: self._fold(request.slug))
            ).answer
            folded += progress.folded
            if progress.done or not progress.folded:
                return ProjectPriceHistoryResult(folded, progress.done)
        return ProjectPriceHistoryResult(folded, done=False)

    async def _fold(self, slug: str) -> Decision[_Progress]:
        snapshot = await self._records.read(BookKey(slug), PriceHistoryKey(slug))
        book, stored = snapshot.get(BookKey(slug)), snapshot.get(PriceHistoryKey(slug))
        history = stored or (empty_price_history(book) if book else None)
        if book is None or history is None or history.version >= book.version:
            return Reply(_Progress(0, done=True))
        trades = _next_trades(history, await self._journal.find_trades_after(slug, history.version, PAGE))
        if not trades:
            return Reply(_Progress(0, done=False))
        read = await self._find_candles(slug, trades)
        folded = fold_trades(history, read, trades)
        writes: list[Write] = [
            Replace(candle, read=read[slot]) if slot in read else Insert(candle)
            for slot, candle in folded.candles.items()
        ]
        writes.append(Replace(folded.history, read=stored) if stored else Insert(folded.history))
        return Proposal(tuple(writes), _Progress(len(trades), done=folded.history.version == book.version))

    async def _find_candles(self, slug: str, trades: Sequence[Trade]) -> dict[CandleSlot, Candle]:
        keys = {slot: CandleKey(slug, *slot) for trade in trades for slot in candle_slots(trade)}
        snapshot = await self._records.read(*keys.values())
        return {slot: candle for slot, key in keys.items() if (candle := snapshot.get(key))}


def _next_trades(history: PriceHistory, found: Sequence[Trade]) -> Sequence[Trade]:
    """Those of the found trades that follow without a gap and whose candles fit in one transaction."""
    slots = set[CandleSlot]()

    def fits(numbered: tuple[int, Trade]) -> bool:
        version, trade = numbered
        slots.update(candle_slots(trade))
        return trade.version == version and len(slots) <= CANDLES

    return [trade for _, trade in takewhile(fits, enumerate(found, start=history.version + 1))]
