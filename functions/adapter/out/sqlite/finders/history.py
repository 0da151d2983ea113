"""Finding candles over SQLite."""

from collections.abc import Sequence
from datetime import datetime

from domain.model.history.candle import Candle, Interval
from domain.model.kernel.notation import format_time
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.layout.table import decode


class SqliteCandles:
    """The CandleRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_candles(self, slug: str, interval: Interval, start: datetime, end: datetime) -> Sequence[Candle]:
        """The candles of a market that begin in a span of time, oldest first."""
        query = """SELECT document FROM candles WHERE market = ? AND interval = ? AND start >= ? AND start < ?
            ORDER BY start"""
        parameters = (slug, interval.value, format_time(start), format_time(end))
        found = await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())
        return [decode(Candle, document) for (document,) in found]
