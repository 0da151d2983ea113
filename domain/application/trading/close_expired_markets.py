"""Store what the clock has decided: markets past their closing time are closed."""

import asyncio
from dataclasses import dataclass

from domain.application.shared.transaction import Decision, Proposal, Reply, Transaction
from domain.event.market_events import market_changed
from domain.model.kernel.errors import ContentionError
from domain.model.trading.book import follow_market
from domain.model.trading.market import close_expired_market
from domain.port.out.clock import Clock
from domain.port.out.records import BookKey, Insert, MarketKey, RecordReader, Replace
from domain.port.out.repositories import MarketRepository

_LIMIT = 100


@dataclass(frozen=True, slots=True)
class CloseExpiredMarketsRequest:
    """Asks for nothing in particular."""


@dataclass(frozen=True, slots=True)
class CloseExpiredMarketsResult:
    """How many markets were closed."""

    closed: int


class CloseExpiredMarkets:
    """The use case. No order waits for it: the clock refuses them from the closing time on."""

    def __init__(
        self, records: RecordReader, markets: MarketRepository, transaction: Transaction, clock: Clock
    ) -> None:
        self._records = records
        self._markets = markets
        self._transaction = transaction
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
        return (await self._transaction.run(slug, lambda: self._decide(slug))).answer

    async def _decide(self, slug: str) -> Decision[bool]:
        snapshot = await self._records.read(MarketKey(slug), BookKey(slug))
        market, book = snapshot.get(MarketKey(slug)), snapshot.get(BookKey(slug))
        now = self._clock.now()
        closed = market and close_expired_market(market, now)
        if market is None or book is None or closed is None:
            return Reply(answer=False)
        writes = (
            Replace(closed, read=market),
            Replace(follow_market(book, closed), read=book),
            Insert(market_changed(closed, None, now)),
        )
        return Proposal(writes, answer=True)
