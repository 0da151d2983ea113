"""GET /v1/markets."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field

from domain.application.trading.list_markets import ListMarketsRequest, ListMarketsResult
from domain.model.kernel.words import MAX_QUERY_WORDS, query_words
from domain.model.trading.market import MarketStatus
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.endpoint import endpoint_router
from functions.adapter.in_.http.paging import DEFAULT_LIMIT, Cursor, CursorScope, Limit
from functions.adapter.in_.http.problem_details import invalid
from functions.adapter.in_.http.schemas import MarketResponse, ResponseBody, Slug, Tag

Words = Annotated[str, Field(json_schema_extra={"pattern": rf"^\s*[^\s]+(?:\s+[^\s]+){{0,{MAX_QUERY_WORDS - 1}}}\s*$"})]


class MarketsResponse(ResponseBody):
    """A page of markets."""

    markets: list[MarketResponse]
    cursor: str | None


def create_router(list_markets: UseCase[ListMarketsRequest, ListMarketsResult]) -> APIRouter:
    """List a page of markets; at most one filter, or a status with one other."""

    async def endpoint(
        *,
        request: Request,
        caller: OptionalCaller,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
        status: Annotated[MarketStatus | None, Query()] = None,
        tag: Annotated[Tag | None, Query()] = None,
        creator: Annotated[Slug | None, Query()] = None,
        q: Annotated[Words | None, Query(description="One to five words; each begins a word of the market's.")] = None,
        order: Annotated[Literal["closing"] | None, Query(description="With `status=ACTIVE` alone.")] = None,
    ) -> MarketsResponse:
        if sum(each is not None for each in (tag, creator, q)) > 1:
            raise invalid("creator" if q is None else "q", "filter by one of tag, creator and q, not by several")
        if order and (status is not MarketStatus.ACTIVE or tag or creator or q is not None):
            raise invalid("order", "goes with status=ACTIVE, and with no other filter")
        filters = {"status": status and status.value, "tag": tag, "creator": creator, "q": q, "order": order}
        scope = CursorScope(request.url.path, filters, caller)
        wanted = ListMarketsRequest(
            limit, caller, status, tag, creator, scope.position(cursor), _words(q), is_closing_first=order is not None
        )
        result = await list_markets.execute(wanted)
        markets = [MarketResponse.of(each, result.trends.get(each.market.slug)) for each in result.page.items]
        return MarketsResponse(markets=markets, cursor=scope.issue(result.page.cursor))

    return endpoint_router("list_markets", endpoint)


def _words(query: str | None) -> tuple[str, ...]:
    if query is None:
        return ()
    words = query_words(query)
    if words is None:
        raise invalid("q", f"must be 1 to {MAX_QUERY_WORDS} words, separated by blanks")
    return words
