"""List the accounts of a board, best first."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Self

from domain.model.kernel.notation import format_time
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.record.track_record import Board, TrackRecord, score_of
from domain.port.out.clock import Clock
from domain.port.out.paging import InvalidCursorError, Page
from domain.port.out.record import BoardPlace, TrackRecordRepository
from domain.port.out.store import RecordReader

_LOOKS = 5
"""How often a page looks further for those it leaves out."""
_PLACE = re.compile(r"([0-9T:.-]{26}Z) ([0-9]{1,12}) ([0-9]{1,12}) (-?[0-9]{1,19}) ([a-z0-9-]{1,64})", re.ASCII)
_LEAST_SCORE, _GREATEST_SCORE = -(2**63), 2**63 - 1


class ListLeadersRequest(NamedTuple):
    """Which board, and how many of it."""

    board: Board
    limit: int
    cursor: str | None = None


class Leader(NamedTuple):
    """An account on a board.

    Args:
        rank: from 1; equal scores share one.
        account: the account.
        track_record: what it is ranked by, and the rest of it.
    """

    rank: int
    account: Account
    track_record: TrackRecord


class ListLeadersResult(NamedTuple):
    """A page of them."""

    page: Page[Leader]


class ListLeaders:
    """Pages stay apart while markets settle: no account is on two of them.

    A record that changes between two pages may come to stand behind the place where the first one ended. So what has
    changed since the first page is left out of those that follow.
    """

    def __init__(self, records: RecordReader, results: TrackRecordRepository, clock: Clock) -> None:
        self._records = records
        self._results = results
        self._clock = clock

    async def execute(self, request: ListLeadersRequest) -> ListLeadersResult:
        """Find a page.

        Raises:
            InvalidCursorError: the cursor is none that this list gives.
        """
        place = _Place.parse(request.cursor) if request.cursor is not None else _Place(self._clock.now(), 0, 0, None)
        is_first, found = request.cursor is None, list[tuple[int, TrackRecord]]()
        for _ in range(_LOOKS):
            wanted = request.limit - len(found) + 1
            records = await self._results.find_leaders(request.board, wanted, place.behind)
            for track_record in records:
                if len(found) == request.limit:
                    return await self._answer(found, str(place))
                place = place.passed(track_record, request.board, counts=is_first or not place.is_news(track_record))
                if is_first or not place.is_news(track_record):
                    found.append((place.rank, track_record))
            if len(records) < wanted:
                return await self._answer(found, None)
        return await self._answer(found, str(place))

    async def _answer(self, found: Sequence[tuple[int, TrackRecord]], cursor: str | None) -> ListLeadersResult:
        """The page, with the accounts as they are called now."""
        keys = [key_for(Account, track_record.account) for _, track_record in found]
        snapshot = await self._records.read(*keys)
        leaders = [
            Leader(rank, account, track_record)
            for key, (rank, track_record) in zip(keys, found, strict=True)
            if (account := snapshot.get(key)) is not None
        ]
        return ListLeadersResult(Page(tuple(leaders), cursor))


class _Place(NamedTuple):
    """Where a page ended.

    Args:
        began_at: when the first page was read.
        seen: how many accounts are before this place.
        rank: the rank of the accounts with the last one's score; 0 while none of them counts.
        behind: the last one's place; None before the first.
    """

    began_at: datetime
    seen: int
    rank: int
    behind: BoardPlace | None

    @classmethod
    def parse(cls, cursor: str) -> Self:
        """The place that a cursor stands for.

        Raises:
            InvalidCursorError: it stands for none.
        """
        match = _PLACE.fullmatch(cursor)
        if match is None or not _LEAST_SCORE <= int(match[4]) <= _GREATEST_SCORE:
            raise InvalidCursorError(cursor)
        try:
            began_at = datetime.fromisoformat(match[1])
        except ValueError as error:
            raise InvalidCursorError(cursor) from error
        return cls(began_at, int(match[2]), int(match[3]), BoardPlace(int(match[4]), match[5]))

    def __str__(self) -> str:
        score, account = self.behind or ("", "")
        return f"{format_time(self.began_at)} {self.seen} {self.rank} {score} {account}"

    def is_news(self, track_record: TrackRecord) -> bool:
        """Whether a record has changed since the first page."""
        return track_record.updated_at > self.began_at

    def passed(self, track_record: TrackRecord, board: Board, *, counts: bool) -> "_Place":
        """The place behind a record; its rank is that of the one before where their scores are equal."""
        score = score_of(track_record, board.measure)
        if score is None:
            raise ValueError(f"{track_record.account} is on a board that does not rank it")
        behind = BoardPlace(score, track_record.account)
        is_equal = self.behind is not None and self.behind.score == score and self.rank > 0
        if not counts:
            return self._replace(behind=behind, rank=self.rank if is_equal else 0)
        return _Place(self.began_at, self.seen + 1, self.rank if is_equal else self.seen + 1, behind)
