"""Finding results and records over DynamoDB."""

from collections.abc import Sequence

from domain.model.kernel.errors import ContentionError
from domain.model.kernel.record import key_for
from domain.model.record.result import Result
from domain.model.record.track_record import Board, TrackRecord, score_of
from domain.port.out.paging import Page
from domain.port.out.record import BoardPlace
from functions.adapter.out.dynamodb.gateway import DynamoGateway
from functions.adapter.out.dynamodb.items import decode, place_of
from functions.adapter.out.dynamodb.layout.record import (
    account_result_place,
    board_partition,
    board_position,
    results_partition,
)
from functions.adapter.out.dynamodb.tables import PRIMARY, SORT
from functions.adapter.out.time_cursor import parse_time_position

_LOOKS = 3
"""How often a page is read again because a record has moved between reading its place and reading it."""
_LAST = "~"
"""Sorts after every time."""


class DynamoTrackRecords:
    """The TrackRecordRepository."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway

    async def find_results(self, account: str, limit: int, cursor: str | None = None) -> Page[Result]:
        """An account's results, the latest decided first."""
        if cursor is not None:
            parse_time_position(cursor)
        place = account_result_place(account, _LAST if cursor is None else cursor)
        items = await self._gateway.query(PRIMARY, place.partition, below=place.sort, limit=limit)
        markets = [item["listed_market"]["S"] for item in items]
        places = [place_of(key_for(Result, market, account)).attributes() for market in markets]
        found = [decode(Result, item) for item in await self._gateway.get(places, consistent=False)]
        results = {result.market: result for result in found}
        following = items[-1][SORT]["S"] if len(items) == limit else None
        return Page(tuple(results[market] for market in markets if market in results), following)

    async def find_results_after(self, market: str, shard: int, after: str, limit: int) -> Sequence[Result]:
        """The results of one shard of a market's, by account, as last written."""
        items = await self._gateway.query(
            PRIMARY,
            results_partition(market, shard),
            above=f"R#{after}",
            limit=limit,
            forward=True,
            consistent=True,
        )
        return [decode(Result, item) for item in items]

    async def find_leaders(self, board: Board, limit: int, after: BoardPlace | None = None) -> Sequence[TrackRecord]:
        """The records of a board, best first.

        Raises:
            ContentionError: records moved each time while they were read.
        """
        for _ in range(_LOOKS):
            if (leaders := await self._look(board, limit, after)) is not None:
                return leaders
        raise ContentionError

    async def _look(self, board: Board, limit: int, after: BoardPlace | None) -> Sequence[TrackRecord] | None:
        """The records of the next places; None when one is no longer where it was."""
        below = board_position(*after) if after else _LAST
        partition = board_partition(*board)
        rows = await self._gateway.query(PRIMARY, partition, below=below, limit=limit, consistent=True)
        accounts = [row["ranked_account"]["S"] for row in rows]
        records = await self._records(board, accounts)
        leaders = [records[account] for account in accounts if account in records]
        found = [board_position(score_of(each, board.measure) or 0, each.account) for each in leaders]
        return leaders if found == [row[SORT]["S"] for row in rows] else None

    async def _records(self, board: Board, accounts: Sequence[str]) -> dict[str, TrackRecord]:
        keys = [key_for(TrackRecord, account, board.period, board.tag) for account in accounts]
        items = await self._gateway.get([place_of(key).attributes() for key in keys], consistent=True)
        return {each.account: each for each in (decode(TrackRecord, item) for item in items)}
