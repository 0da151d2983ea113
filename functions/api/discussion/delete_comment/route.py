"""DELETE /v1/markets/{slug}/comments/{id}."""

from fastapi import APIRouter

from domain.application.discussion.delete_comment import DeleteCommentRequest, DeleteCommentResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import endpoint_router


def create_router(delete_comment: UseCase[DeleteCommentRequest, DeleteCommentResult]) -> APIRouter:
    """The route over the use case."""

    async def endpoint(slug: str, id: str, caller: SignedInCaller) -> None:
        await delete_comment.execute(DeleteCommentRequest(caller, slug, id))

    return endpoint_router("delete_comment", endpoint)
