"""Finding results and records over SQLite."""

from collections.abc import Mapping, Sequence

from domain.model.record.result import Result
from domain.model.record.track_record import Board, Measure, TrackRecord
from domain.port.out.paging import Page
from domain.port.out.record import BoardPlace
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.layout.table import Value, decode
from functions.adapter.out.time_cursor import parse_time_position, time_position

_AFTER_EVERYTHING = ("~", "")
_BEFORE_EVERYTHING = BoardPlace(2**63 - 1, "~")

_LEADERS: Mapping[Measure, str] = {
    Measure.POINTS: """SELECT document FROM track_records WHERE period = ? AND tag = ? AND (points, account) < (?, ?)
        ORDER BY points DESC, account DESC LIMIT ?""",
    Measure.PROFIT: """SELECT document FROM track_records WHERE period = ? AND tag = ? AND (profit, account) < (?, ?)
        ORDER BY profit DESC, account DESC LIMIT ?""",
    Measure.BRIER: """SELECT document FROM track_records WHERE period = ? AND tag = ? AND (brier, account) < (?, ?)
        AND brier IS NOT NULL ORDER BY brier DESC, account DESC LIMIT ?""",
}


class SqliteTrackRecords:
    """The TrackRecordRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_results(self, account: str, limit: int, cursor: str | None = None) -> Page[Result]:
        """An account's results, the latest decided first."""
        query = """SELECT document FROM results WHERE account = ? AND (resolved_at, market) < (?, ?)
            ORDER BY resolved_at DESC, market DESC LIMIT ?"""
        below = _AFTER_EVERYTHING if cursor is None else parse_time_position(cursor)
        results = await self._read(Result, query, (account, *below, limit + 1))
        last = results[limit - 1] if len(results) > limit else None
        return Page(results[:limit], time_position(last.resolved_at, last.market) if last else None)

    async def find_results_after(self, market: str, shard: int, after: str, limit: int) -> Sequence[Result]:
        """The results of one shard of a market's, by account."""
        query = "SELECT document FROM results WHERE market = ? AND shard = ? AND account > ? ORDER BY account LIMIT ?"
        return await self._read(Result, query, (market, shard, after, limit))

    async def find_leaders(self, board: Board, limit: int, after: BoardPlace | None = None) -> Sequence[TrackRecord]:
        """The records of a board, best first."""
        place = after or _BEFORE_EVERYTHING
        return await self._read(TrackRecord, _LEADERS[board.measure], (board.period, board.tag, *place, limit))

    async def _read[R](self, kind: type[R], query: str, parameters: Sequence[Value]) -> tuple[R, ...]:
        found = await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())
        return tuple(decode(kind, document) for (document,) in found)
