"""Saving one market by itself, the same way over every store."""

from typing import Protocol

from domain.model.kernel.errors import ContentionError, SlugTakenError
from domain.model.trading.market import Market
from domain.port.out.records import Committed, ConditionFailed, Insert, MarketKey, RecordReader, Replace, UnitOfWork


class Records(RecordReader, UnitOfWork, Protocol):
    """A store's two ports of the records."""


async def save_market(records: Records, market: Market, read: Market | None) -> Market:
    """Commit a transaction of just this market; see ``MarketRepository.save``.

    Raises:
        SlugTakenError: a new one's slug belongs to another market.
        ContentionError: the one that was read has changed since, or the outcome is not known.
    """
    outcome = await records.commit([Insert(market) if read is None else Replace(market, read=read)])
    if isinstance(outcome, Committed):
        return market
    key = MarketKey(market.slug)
    if read is None and isinstance(outcome, ConditionFailed) and (await records.read(key)).get(key) is not None:
        raise SlugTakenError(market.slug)
    raise ContentionError
