"""GET /v1/markets."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from domain.application.trading.list_markets import ListMarketsRequest, ListMarketsResult
from domain.model.trading.market import MarketStatus
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.endpoint import endpoint_router
from functions.adapter.in_.http.paging import DEFAULT_LIMIT, Cursor, CursorScope, Limit
from functions.adapter.in_.http.problem_details import invalid
from functions.adapter.in_.http.schemas import MarketResponse, ResponseBody, Slug, Tag


class MarketsResponse(ResponseBody):
    """A page of markets."""

    markets: list[MarketResponse]
    cursor: str | None


def create_router(list_markets: UseCase[ListMarketsRequest, ListMarketsResult]) -> APIRouter:
    """The route over the use case."""

    async def endpoint(
        *,
        request: Request,
        caller: OptionalCaller,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
        status: Annotated[MarketStatus | None, Query()] = None,
        tag: Annotated[Tag | None, Query()] = None,
        creator: Annotated[Slug | None, Query()] = None,
    ) -> MarketsResponse:
        if tag is not None and creator is not None:
            raise invalid("creator", "filter by tag or by creator, not by both")
        filters = {"status": status and status.value, "tag": tag, "creator": creator}
        scope = CursorScope(request.url.path, filters, caller)
        wanted = ListMarketsRequest(limit, caller, status, tag, creator, scope.position(cursor))
        page = (await list_markets.execute(wanted)).page
        markets = [MarketResponse.of(listing) for listing in page.items]
        return MarketsResponse(markets=markets, cursor=scope.issue(page.cursor))

    return endpoint_router("list_markets", endpoint)
