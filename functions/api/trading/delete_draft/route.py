"""DELETE /v1/markets/{slug}."""

from domain.application.trading.delete_draft import DeleteDraftRequest, DeleteDraftResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route


def create_route(delete_draft: UseCase[DeleteDraftRequest, DeleteDraftResult]) -> Route:
    """Delete the draft, and answer nothing."""

    async def endpoint(slug: str, caller: SignedInCaller) -> None:
        await delete_draft.execute(DeleteDraftRequest(caller, slug))

    return endpoint_route("delete_draft", endpoint)
