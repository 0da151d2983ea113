"""Finding comments over SQLite."""

from domain.model.discussion.comment import Comment
from domain.port.out.paging import Page, parse_id
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.layout.table import decode


class SqliteComments:
    """The CommentRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_comments(self, market: str, limit: int, cursor: str | None = None) -> Page[Comment]:
        """A market's comments, newest first."""
        query = "SELECT document FROM comments WHERE market = ? AND id < ? ORDER BY id DESC LIMIT ?"
        below = "g" if cursor is None else parse_id(cursor)  # ids are hex, so "g" is after them all
        parameters = (market, below, limit + 1)
        found = await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())
        comments = tuple(decode(Comment, document) for (document,) in found)
        return Page(comments[:limit], comments[limit - 1].id if len(comments) > limit else None)
