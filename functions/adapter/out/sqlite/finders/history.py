"""Finding candles and events over SQLite."""

from collections.abc import Sequence
from datetime import datetime

from domain.event.market_events import MarketChanged, MarketEvent, consecutive, event_of
from domain.model.history.candle import Candle, Interval, PriceHistory
from domain.model.kernel.notation import format_time
from domain.model.ledger.journal import JournalEntry
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.layout.table import decode, encode


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

    async def find_histories(self, slugs: Sequence[str]) -> dict[str, PriceHistory]:
        """How far the trades of these markets are folded."""
        query = "SELECT document FROM price_histories WHERE market IN (SELECT value FROM json_each(?))"
        wanted = (encode(list(slugs)),)
        found = await self._database.read(lambda connection: connection.execute(query, wanted).fetchall())
        return {history.market: history for history in (decode(PriceHistory, document) for (document,) in found)}


# An event's place is its position above the book's origin. A trade's version is at most so much lower as the market
# has changed since its publication, which bounds the search in the index of trades.
_EVENTS = """
    SELECT is_trade, document FROM (
        SELECT * FROM (
            SELECT 1 AS is_trade, document, trade_version + revision AS place FROM journal
            WHERE market = :slug AND trade_version IS NOT NULL AND trade_version > :version
                AND trade_version + revision > :place
            ORDER BY trade_version LIMIT :limit
        )
        UNION ALL
        SELECT * FROM (
            SELECT 0, document, version + revision FROM lifecycle
            WHERE market = :slug AND revision > :origin AND version + revision > :place
            ORDER BY revision LIMIT :limit
        )
    ) ORDER BY place LIMIT :limit
"""


class SqliteEvents:
    """The EventRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_events(self, slug: str, origin: int, revision: int, after: int, limit: int) -> Sequence[MarketEvent]:
        """A market's next events after a position."""
        bounds = {
            "slug": slug,
            "origin": origin,
            "place": after + origin,
            "version": after - (revision - origin),
            "limit": limit,
        }
        found = await self._database.read(lambda connection: connection.execute(_EVENTS, bounds).fetchall())
        records = (_record(document, is_trade=bool(is_trade)) for is_trade, document in found)
        return consecutive((event for record in records if (event := event_of(record, origin))), after, limit)


def _record(document: str, *, is_trade: bool) -> JournalEntry | MarketChanged:
    return decode(JournalEntry, document) if is_trade else decode(MarketChanged, document)
