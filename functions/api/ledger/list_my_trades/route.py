"""GET /v1/portfolio/trades."""

from fastapi import APIRouter, Request

from domain.application.ledger.list_my_trades import ListMyTradesRequest, ListMyTradesResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import endpoint_router
from functions.adapter.in_.http.paging import DEFAULT_LIMIT, Cursor, CursorScope, Limit
from functions.adapter.in_.http.schemas import TradeResponse, TradesResponse


def create_router(list_my_trades: UseCase[ListMyTradesRequest, ListMyTradesResult]) -> APIRouter:
    """The route over the use case."""

    async def endpoint(
        *, request: Request, caller: SignedInCaller, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> TradesResponse:
        scope = CursorScope(request.url.path, {}, caller)
        position = scope.position(cursor)
        page = (await list_my_trades.execute(ListMyTradesRequest(caller, limit, position))).page
        trades = [TradeResponse.of(item) for item in page.items]
        return TradesResponse(trades=trades, cursor=scope.issue(page.cursor))

    return endpoint_router("list_my_trades", endpoint)
