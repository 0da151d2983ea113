"""GET /v1/markets/{slug}/holders."""

from fastapi import APIRouter, Request

from domain.application.trading.list_holders import ListHoldersRequest, ListHoldersResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.endpoint import endpoint_router
from functions.adapter.in_.http.paging import DEFAULT_LIMIT, Cursor, CursorScope, Limit
from functions.adapter.in_.http.schemas import HolderResponse, ResponseBody


class HoldersResponse(ResponseBody):
    """A page of them."""

    holders: list[HolderResponse]
    cursor: str | None


def create_router(list_holders: UseCase[ListHoldersRequest, ListHoldersResult]) -> APIRouter:
    """The route over the use case."""

    async def endpoint(
        *, request: Request, slug: str, caller: OptionalCaller, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> HoldersResponse:
        scope = CursorScope(request.url.path, {}, caller)
        position = scope.position(cursor)
        page = (await list_holders.execute(ListHoldersRequest(slug, limit, position, caller))).page
        return HoldersResponse(
            holders=[HolderResponse.of(item) for item in page.items], cursor=scope.issue(page.cursor)
        )

    return endpoint_router("list_holders", endpoint)
