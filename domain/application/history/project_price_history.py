"""Fold a market's new trades into its candles, from where the last folding stopped."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from domain.application.shared.projections import EventPage, Projection
from domain.event.market_events import MarketEvent
from domain.model.history.candle import Candle, CandleSlot, PriceHistory, candle_slots, empty_price_history, fold_trades
from domain.model.kernel.record import key_for
from domain.model.trading.book import Book
from domain.model.trading.trade import Trade
from domain.port.out.history import EventRepository
from domain.port.out.store import Change, Insert, Replace, Store, View

PAGE = 100
"""Events folded in one transaction, as far as their candles fit in it."""
CANDLES = 99
"""Candles written in one transaction, besides the checkpoint."""
PASSES = 200
"""Transactions of one run; more is for the next one."""


class ProjectPriceHistoryRequest(NamedTuple):
    """Which market's trades to fold."""

    slug: str


class ProjectPriceHistoryResult(NamedTuple):
    """How far it came.

    Args:
        folded: trades folded by this very run.
        done: whether every trade is folded; otherwise run again, since the list of events trailed behind or there were
            very many.
    """

    folded: int
    done: bool


class ProjectPriceHistory:
    """A projection of a market's events into candles. Many may run at once; each trade is folded exactly once."""

    def __init__(self, store: Store, events: EventRepository) -> None:
        self._projection = Projection[PriceHistory](store, events, _position_of)

    async def execute(self, request: ProjectPriceHistoryRequest) -> ProjectPriceHistoryResult:
        """Fold all there are; a market without a book has nothing to fold."""
        folded, key = 0, key_for(PriceHistory, request.slug)
        for _ in range(PASSES):
            page = await self._projection.read_page(key, request.slug, PAGE)
            events = _fitting(page.events)
            if not events:
                return ProjectPriceHistoryResult(folded, page.is_last)
            trades = _new_trades(page, events)
            if await self._write(page, trades, events[-1].position):
                folded += len(trades)
        return ProjectPriceHistoryResult(folded, done=False)

    async def _write(self, page: EventPage[PriceHistory], trades: Sequence[Trade], position: int) -> bool:
        slots = {slot: key_for(Candle, page.slug, *slot) for trade in trades for slot in candle_slots(trade)}

        def fold(view: View, _: datetime) -> tuple[Change, ...]:
            history = page.checkpoint or empty_price_history(_require_book(page))
            read = {slot: candle for slot, key in slots.items() if (candle := view.get(key))}
            folded = fold_trades(history, read, trades)
            reached = replace(folded.history, position=position)
            return (
                *(_put(candle, read.get(slot)) for slot, candle in folded.candles.items()),
                _put(reached, page.checkpoint),
            )

        return await self._projection.write(page, slots.values(), fold)


def _position_of(history: PriceHistory) -> int:
    """The position up to which everything is folded; a history of before there were positions tells its trades."""
    return max(history.position, history.version)


def _fitting(events: Sequence[MarketEvent]) -> Sequence[MarketEvent]:
    """The first of some events, as many as have candles that fit in one transaction."""
    slots = set[CandleSlot]()
    for place, event in enumerate(events):
        slots.update(candle_slots(event.data) if isinstance(event.data, Trade) else ())
        if len(slots) > CANDLES:
            return events[:place]
    return events


def _new_trades(page: EventPage[PriceHistory], events: Sequence[MarketEvent]) -> Sequence[Trade]:
    folded = page.checkpoint.version if page.checkpoint else 0
    return [event.data for event in events if isinstance(event.data, Trade) and event.data.version > folded]


def _require_book(page: EventPage[PriceHistory]) -> Book:
    if page.book is None:
        raise LookupError("events belong to a book")
    return page.book


def _put[R](record: R, read: R | None) -> Change:
    return Insert(record) if read is None else Replace(record, read)
