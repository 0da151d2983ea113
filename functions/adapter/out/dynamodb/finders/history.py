"""Finding candles and events over DynamoDB."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.event.market_events import MarketChanged, MarketEvent, consecutive, event_of
from domain.model.history.candle import Candle, Interval, PriceHistory
from domain.model.kernel.record import key_for
from domain.model.ledger.journal import JournalEntry
from functions.adapter.out.dynamodb.early_events import EarlyEvents
from functions.adapter.out.dynamodb.gateway import DynamoGateway
from functions.adapter.out.dynamodb.items import decode, place_of
from functions.adapter.out.dynamodb.layout.events import is_lifecycle_item
from functions.adapter.out.dynamodb.layout.history import candle_position, candles_partition
from functions.adapter.out.dynamodb.layout.item import Item
from functions.adapter.out.dynamodb.tables import TRADES


class DynamoCandles:
    """The CandleRepository."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway

    async def find_candles(self, slug: str, interval: Interval, start: datetime, end: datetime) -> Sequence[Candle]:
        """The candles of a market that begin in a span of time, oldest first."""
        if end <= start:
            return []
        first, last = candle_position(start), candle_position(end - timedelta(microseconds=1))
        items = await self._gateway.query_span(candles_partition(slug, interval), first, last)
        return [decode(Candle, item) for item in items]

    async def find_histories(self, slugs: Sequence[str]) -> dict[str, PriceHistory]:
        """How far the trades of these markets are folded; what is read may trail behind."""
        places = [place_of(key_for(PriceHistory, slug)).attributes() for slug in dict.fromkeys(slugs)]
        histories = [decode(PriceHistory, item) for item in await self._gateway.get(places, consistent=False)]
        return {history.market: history for history in histories}


class DynamoEvents:
    """The EventRepository, over the index in which the changes of a market lie among its trades."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway
        self._early = EarlyEvents(gateway)

    async def find_events(self, slug: str, origin: int, revision: int, after: int, limit: int) -> Sequence[MarketEvent]:
        """A market's next events after a position; the index may trail behind.

        The index is ordered by version. An event's version is lower than its position by as much as the market has
        changed since its publication, at most ``revision - origin`` times; so many items are read in vain at most.
        """
        changes = revision - origin
        items = await self._gateway.query(TRADES, slug, above=str(after - changes), limit=limit + changes, forward=True)
        records = map(_record, items)
        found = consecutive((event for record in records if (event := event_of(record, origin))), after, limit)
        return found or await self._early.find(slug, origin, after, limit)


def _record(item: Item) -> JournalEntry | MarketChanged:
    return decode(MarketChanged, item) if is_lifecycle_item(item) else decode(JournalEntry, item)
