"""Finding results and records. What is read may trail acknowledged writes; on one machine it does not."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from domain.model.record.result import Result
from domain.model.record.track_record import Board, TrackRecord
from domain.port.out.paging import Page


class BoardPlace(NamedTuple):
    """A place on a board: behind greater scores, and among equal ones behind accounts that sort later."""

    score: int
    account: str


class TrackRecordRepository(Protocol):
    """What accounts did."""

    async def find_results(self, account: str, limit: int, cursor: str | None = None) -> Page[Result]:
        """An account's results, the latest decided first.

        Raises:
            InvalidCursorError: the cursor is none that this list gives.
        """
        ...

    async def find_results_after(self, market: str, shard: int, after: str, limit: int) -> Sequence[Result]:
        """The results of one shard of a market's, by account; every acknowledged one is found.

        Args:
            market: the market's slug.
            shard: from 0 to 31.
            after: only accounts whose name comes after this one.
            limit: how many at the most.
        """
        ...

    async def find_leaders(self, board: Board, limit: int, after: BoardPlace | None = None) -> Sequence[TrackRecord]:
        """The records of a board, best first, from behind a place on; each has the score that it is ranked by."""
        ...
