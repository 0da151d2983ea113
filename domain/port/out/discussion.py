"""Finding comments. What is read may trail acknowledged writes; on one machine it does not."""

from typing import Protocol

from domain.model.discussion.comment import Comment
from domain.port.out.paging import Page


class CommentRepository(Protocol):
    """The comments under each market."""

    async def find_comments(self, market: str, limit: int, cursor: str | None = None) -> Page[Comment]:
        """A market's comments, newest first.

        Raises:
            InvalidCursorError: the cursor is none that this list gives.
        """
        ...
