"""The ordinary way: one FastAPI application for all operations, with pydantic bodies and Depends, behind Mangum."""

import hashlib
from typing import Annotated, Any, NamedTuple

from fastapi import Body, Depends, FastAPI, Header, Query, Request, Response
from mangum import Mangum
from pydantic import BaseModel

from domain.application.ledger.get_account import GetAccount, GetAccountRequest
from domain.application.trading.get_market import GetMarket, GetMarketRequest
from domain.application.trading.list_trades import ListTrades, ListTradesRequest
from domain.application.trading.place_order import PlaceOrder, PlaceOrderRequest
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from functions.adapter.in_.http.account import PublicAccountResponse
from functions.adapter.in_.http.market import MarketResponse
from functions.adapter.in_.http.order import OrderBody, OrderResponse
from functions.adapter.in_.http.trade import TradeResponse, TradesResponse
from functions.adapter.in_.lambda_.gateway_context import caller_of


class Operations(NamedTuple):
    """The use cases of the application."""

    place_order: PlaceOrder
    get_market: GetMarket
    get_account: GetAccount
    list_trades: ListTrades


def etag(content: str) -> dict[str, str]:
    """The headers of what is read."""
    return {"ETag": f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"', "Cache-Control": "private, no-cache"}


def fingerprint(slug: str, body: bytes) -> str:
    """What an idempotency key was used for."""
    return hashlib.sha256(b"POST\n%b\n%b" % (slug.encode(), body)).hexdigest()


def create_handler(operations: Operations) -> Mangum:
    """The handler of the one function."""
    app = FastAPI()

    @app.post("/v1/markets/{slug}/orders", status_code=201)
    async def place_order(
        slug: str,
        body: Annotated[OrderBody, Body()],
        caller: Annotated[Caller | None, Depends(_caller)],
        idempotency: Annotated[Idempotency, Depends(_idempotency)],
    ) -> OrderResponse:
        assert caller is not None
        request = PlaceOrderRequest(caller, slug, body.terms(), idempotency)
        return OrderResponse.of((await operations.place_order.execute(request)).order)

    @app.get("/v1/markets/{slug}", response_model=MarketResponse)
    async def get_market(slug: str, caller: Annotated[Caller | None, Depends(_caller)]) -> Response:
        found = await operations.get_market.execute(GetMarketRequest(slug, caller))
        return _tagged(MarketResponse.of(found.listing, found.trend))

    @app.get("/v1/accounts/{account}", response_model=PublicAccountResponse)
    async def get_account(account: str, caller: Annotated[Caller | None, Depends(_caller)]) -> Response:
        del caller  # who asks matters to caches alone
        found = await operations.get_account.execute(GetAccountRequest(account))
        return _tagged(PublicAccountResponse.of(found.account))

    @app.get("/v1/markets/{slug}/trades", response_model=TradesResponse)
    async def list_trades(
        slug: str,
        caller: Annotated[Caller | None, Depends(_caller)],
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> Response:
        page = (await operations.list_trades.execute(ListTradesRequest(slug, limit, None, caller))).page
        return _tagged(TradesResponse(trades=[TradeResponse.of(trade) for trade in page.items], cursor=page.cursor))

    return Mangum(app, lifespan="off")


def _caller(request: Request) -> Caller | None:
    event: dict[str, Any] = request.scope["aws.event"]
    return caller_of(event)


async def _idempotency(
    slug: str,
    request: Request,
    key: Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=255, pattern=r"^[!-~]*$")],
) -> Idempotency:
    return Idempotency(key, fingerprint(slug, await request.body()))


def _tagged(answer: BaseModel) -> Response:
    content = answer.model_dump_json(by_alias=True)
    return Response(content, media_type="application/json", headers=etag(content))
