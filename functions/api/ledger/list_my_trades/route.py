"""GET /v1/portfolio/trades."""

from domain.application.ledger.list_my_trades import ListMyTradesRequest, ListMyTradesResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.paging import DEFAULT_LIMIT, Cursor, CursorScope, Limit
from functions.adapter.in_.http.trade import TradeResponse, TradesResponse


def create_route(list_my_trades: UseCase[ListMyTradesRequest, ListMyTradesResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        *, request: Request, caller: SignedInCaller, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> TradesResponse:
        scope = CursorScope(request.path, {}, caller)
        position = scope.position(cursor)
        page = (await list_my_trades.execute(ListMyTradesRequest(caller, limit, position))).page
        trades = [TradeResponse.of(item) for item in page.items]
        return TradesResponse(trades=trades, cursor=scope.issue(page.cursor))

    return endpoint_route("list_my_trades", endpoint)
