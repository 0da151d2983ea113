"""Finding candles over DynamoDB."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.model.history.candle import Candle, Interval
from functions.adapter.out.dynamodb.gateway import DynamoGateway
from functions.adapter.out.dynamodb.items import decode
from functions.adapter.out.dynamodb.layout.history import candle_position, candles_partition


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
