"""GET /v1/markets."""

import json
from typing import Annotated, Literal

from pydantic import Field

from domain.application.trading.list_markets import ListMarketsRequest, ListMarketsResult
from domain.model.kernel.words import MAX_QUERY_WORDS, query_words
from domain.model.trading.market import MarketStatus
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.caching import entity_tag, tagged_answer
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.market import MarketResponse
from functions.adapter.in_.http.market_rendering import MarketRenderer, state_of
from functions.adapter.in_.http.messages import Request, Response
from functions.adapter.in_.http.paging import DEFAULT_LIMIT, Cursor, CursorScope, Limit
from functions.adapter.in_.http.problem_details import invalid
from functions.adapter.in_.http.schemas import ResponseBody, Slug, Tag
from functions.config.release import VERSION

Words = Annotated[str, Field(json_schema_extra={"pattern": rf"^\s*[^\s]+(?:\s+[^\s]+){{0,{MAX_QUERY_WORDS - 1}}}\s*$"})]


class MarketsResponse(ResponseBody):
    """A page of markets."""

    markets: list[MarketResponse]
    cursor: str | None


def create_route(list_markets: UseCase[ListMarketsRequest, ListMarketsResult]) -> Route:
    """List a page of markets; at most one filter, or a status with one other."""
    renderer = MarketRenderer()

    async def endpoint(
        *,
        request: Request,
        caller: OptionalCaller,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
        status: MarketStatus | None = None,
        tag: Tag | None = None,
        creator: Slug | None = None,
        q: Annotated[Words | None, Field(description="One to five words; each begins a word of the market's.")] = None,
        order: Annotated[Literal["closing"] | None, Field(description="With `status=ACTIVE` alone.")] = None,
    ) -> Response:
        if sum(each is not None for each in (tag, creator, q)) > 1:
            raise invalid("creator" if q is None else "q", "filter by one of tag, creator and q, not by several")
        if order and (status is not MarketStatus.ACTIVE or tag or creator or q is not None):
            raise invalid("order", "goes with status=ACTIVE, and with no other filter")
        filters = {"status": status and status.value, "tag": tag, "creator": creator, "q": q, "order": order}
        scope = CursorScope(request.path, filters, caller)
        wanted = ListMarketsRequest(
            limit, caller, status, tag, creator, scope.position(cursor), _words(q), is_closing_first=order is not None
        )
        result = await list_markets.execute(wanted)
        return _answer(request, renderer, result, scope.issue(result.page.cursor))

    return endpoint_route("list_markets", endpoint, body=MarketsResponse)


def _answer(request: Request, renderer: MarketRenderer, result: ListMarketsResult, cursor: str | None) -> Response:
    """The page; of markets that the renderer knows, and for a client that has it already, nothing is rendered."""
    shown = [(listing, result.trends.get(listing.market.slug)) for listing in result.page.items]
    states = [state_of(*each) for each in shown]
    end = json.dumps(cursor).encode()

    def render() -> bytes:
        markets = (renderer.render(state, *each) for state, each in zip(states, shown, strict=True))
        return b'{"markets":[' + b",".join(markets) + b'],"cursor":' + end + b"}"

    # What another release renders of the same state may differ.
    return tagged_answer(request, entity_tag([VERSION.encode(), *states, end]), render)


def _words(query: str | None) -> tuple[str, ...]:
    if query is None:
        return ()
    words = query_words(query)
    if words is None:
        raise invalid("q", f"must be 1 to {MAX_QUERY_WORDS} words, separated by blanks")
    return words
