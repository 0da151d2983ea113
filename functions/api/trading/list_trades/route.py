"""GET /v1/markets/{slug}/trades."""

from domain.application.trading.list_trades import ListTradesRequest, ListTradesResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.paging import DEFAULT_LIMIT, Cursor, CursorScope, Limit
from functions.adapter.in_.http.trade import TradeResponse, TradesResponse


def create_route(list_trades: UseCase[ListTradesRequest, ListTradesResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        *, request: Request, slug: str, caller: OptionalCaller, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> TradesResponse:
        scope = CursorScope(request.path, {}, caller)
        position = scope.position(cursor)
        page = (await list_trades.execute(ListTradesRequest(slug, limit, position, caller))).page
        trades = [TradeResponse.of(item) for item in page.items]
        return TradesResponse(trades=trades, cursor=scope.issue(page.cursor))

    return endpoint_route("list_trades", endpoint)
