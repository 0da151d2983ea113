"""DELETE /v1/markets/{slug}/comments/{id}."""

from domain.application.discussion.delete_comment import DeleteCommentRequest, DeleteCommentResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route


def create_route(delete_comment: UseCase[DeleteCommentRequest, DeleteCommentResult]) -> Route:
    """The route over the use case."""

    async def endpoint(slug: str, id: str, caller: SignedInCaller) -> None:
        await delete_comment.execute(DeleteCommentRequest(caller, slug, id))

    return endpoint_route("delete_comment", endpoint)
