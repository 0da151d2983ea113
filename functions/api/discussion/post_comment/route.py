"""POST /v1/markets/{slug}/comments."""

from pydantic import Field

from domain.application.discussion.post_comment import PostCommentRequest, PostCommentResult
from domain.model.discussion.comment import MAX_COMMENT
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.comment import CommentResponse
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.idempotency import OptionalKey, mark_replay
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.schemas import Name, RequestBody


class PostCommentBody(RequestBody):
    """What to say."""

    text: Name = Field(max_length=MAX_COMMENT, examples=["The forecast says sun."])


def create_route(post_comment: UseCase[PostCommentRequest, PostCommentResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        response: Response, slug: str, caller: SignedInCaller, idempotency: OptionalKey, body: PostCommentBody
    ) -> CommentResponse:
        result = await post_comment.execute(PostCommentRequest(caller, slug, body.text, idempotency))
        mark_replay(response, replayed=result.replayed)
        return CommentResponse.of(result.comment)

    return endpoint_route("post_comment", endpoint)
