"""DELETE /v1/markets/{slug}."""

from fastapi import APIRouter

from domain.application.trading.delete_draft import DeleteDraftRequest, DeleteDraftResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import endpoint_router


def create_router(delete_draft: UseCase[DeleteDraftRequest, DeleteDraftResult]) -> APIRouter:
    """Delete the draft, and answer nothing."""

    async def endpoint(slug: str, caller: SignedInCaller) -> None:
        await delete_draft.execute(DeleteDraftRequest(caller, slug))

    return endpoint_router("delete_draft", endpoint)
