"""Finding comments over DynamoDB."""

from domain.model.discussion.comment import Comment
from domain.port.out.paging import Page, parse_id
from functions.adapter.out.dynamodb.gateway import DynamoGateway
from functions.adapter.out.dynamodb.items import decode
from functions.adapter.out.dynamodb.layout.discussion import comment_place
from functions.adapter.out.dynamodb.tables import PRIMARY


class DynamoComments:
    """The CommentRepository."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway

    async def find_comments(self, market: str, limit: int, cursor: str | None = None) -> Page[Comment]:
        """A market's comments, newest first."""
        below = "g" if cursor is None else parse_id(cursor)  # ids are hex, so "g" is after them all
        place = comment_place(market, below)
        items = await self._gateway.query(PRIMARY, place.partition, below=place.sort, limit=limit)
        comments = tuple(decode(Comment, item) for item in items)
        return Page(comments, comments[-1].id if len(comments) == limit else None)
