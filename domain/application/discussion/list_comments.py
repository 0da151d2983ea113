"""List the comments under a market, the latest first."""

from typing import NamedTuple

from domain.application.shared.visibility import require_visible
from domain.model.discussion.comment import Comment
from domain.model.kernel.caller import Caller
from domain.model.kernel.record import key_for
from domain.model.trading.market import Market
from domain.port.out.discussion import CommentRepository
from domain.port.out.paging import Page
from domain.port.out.store import RecordReader


class ListCommentsRequest(NamedTuple):
    """Which market's comments, how many, and who asks; None for nobody in particular."""

    slug: str
    limit: int
    cursor: str | None = None
    caller: Caller | None = None


class ListCommentsResult(NamedTuple):
    """A page of them."""

    page: Page[Comment]


class ListComments:
    """The use case."""

    def __init__(self, records: RecordReader, comments: CommentRepository) -> None:
        self._records = records
        self._comments = comments

    async def execute(self, request: ListCommentsRequest) -> ListCommentsResult:
        """Find a page; a draft has none.

        Raises:
            MarketNotFoundError: there is no such market for this caller.
            InvalidCursorError: the cursor is none that this list gives.
        """
        key = key_for(Market, request.slug)
        require_visible((await self._records.read(key)).get(key), request.slug, request.caller)
        return ListCommentsResult(await self._comments.find_comments(request.slug, request.limit, request.cursor))
