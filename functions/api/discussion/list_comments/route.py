"""GET /v1/markets/{slug}/comments."""

from domain.application.discussion.list_comments import ListCommentsRequest, ListCommentsResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.comment import CommentResponse
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.paging import DEFAULT_LIMIT, Cursor, CursorScope, Limit
from functions.adapter.in_.http.schemas import ResponseBody


class CommentsResponse(ResponseBody):
    """A page of comments."""

    comments: list[CommentResponse]
    cursor: str | None


def create_route(list_comments: UseCase[ListCommentsRequest, ListCommentsResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        *, request: Request, slug: str, caller: OptionalCaller, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> CommentsResponse:
        scope = CursorScope(request.path, {}, caller)
        wanted = ListCommentsRequest(slug, limit, scope.position(cursor), caller)
        page = (await list_comments.execute(wanted)).page
        comments = [CommentResponse.of(item) for item in page.items]
        return CommentsResponse(comments=comments, cursor=scope.issue(page.cursor))

    return endpoint_route("list_comments", endpoint)
