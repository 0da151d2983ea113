"""Store what the clock has decided: markets past their closing time are closed."""

import asyncio
from datetime import datetime
from typing import NamedTuple

from domain.event.market_events import EventType, market_changed
from domain.model.kernel.errors import ContentionError
from domain.model.kernel.record import key_for
from domain.model.trading.book import Book, follow_market
from domain.model.trading.market import Market, close_expired_market
from domain.port.out.clock import Clock
from domain.port.out.store import Decision, Insert, Outcome, Replace, Store, View
from domain.port.out.trading import MarketRepository

_LIMIT = 100


class CloseExpiredMarketsRequest(NamedTuple):
    """Asks for nothing in particular."""


class CloseExpiredMarketsResult(NamedTuple):
    """How many markets were closed."""

    closed: int


class CloseExpiredMarkets:
    """No order waits for it: the clock refuses them from the closing time on."""

    def __init__(self, store: Store, markets: MarketRepository, clock: Clock) -> None:
        self._store = store
        self._markets = markets
        self._clock = clock

    async def execute(self, request: CloseExpiredMarketsRequest) -> CloseExpiredMarketsResult:
        """Close those that are found, at most a hundred, each by itself; one that is busy is left for the next time."""
        slugs = await self._markets.find_expired(self._clock.now(), _LIMIT)
        outcomes = await asyncio.gather(*map(self._close, slugs), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException) and not isinstance(outcome, ContentionError):
                raise outcome
        return CloseExpiredMarketsResult(sum(outcome is True for outcome in outcomes))

    async def _close(self, slug: str) -> bool:
        keys = (key_for(Market, slug), key_for(Book, slug))
        return await self._store.transact(keys, lambda view, now: _decide(slug, view, now))


def _decide(slug: str, view: View, now: datetime) -> Decision[bool]:
    market, book = view.get(key_for(Market, slug)), view.get(key_for(Book, slug))
    closed = market and close_expired_market(market, now)
    if market is None or book is None or closed is None:
        return Outcome(result=False)
    changes = (
        Replace(closed, read=market),
        Replace(follow_market(book, closed), read=book),
        Insert(market_changed(closed, EventType.CLOSED, None, now, version=book.version)),
    )
    return Outcome(result=True, changes=changes)
