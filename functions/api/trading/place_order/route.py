"""POST /v1/markets/{slug}/orders."""

from http import HTTPStatus

from fastapi import APIRouter, Response

from domain.application.trading.place_order import PlaceOrderRequest, PlaceOrderResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Responses, endpoint_router
from functions.adapter.in_.http.idempotency import RequiredKey, mark_replay
from functions.adapter.in_.http.schemas import OrderBody, OrderResponse


def create_router(place_order: UseCase[PlaceOrderRequest, PlaceOrderResult]) -> APIRouter:
    """The route over the use case."""

    async def endpoint(
        response: Response, slug: str, caller: SignedInCaller, idempotency: RequiredKey, body: OrderBody
    ) -> OrderResponse:
        result = await place_order.execute(PlaceOrderRequest(caller, slug, body.terms(), idempotency))
        mark_replay(response, replayed=result.replayed)
        return OrderResponse.of(result.order)

    return endpoint_router("place_order", endpoint, _ACCEPTED)


_ACCEPTED: Responses = {
    HTTPStatus.ACCEPTED.value: {
        "description": "The order waits its turn; read it at `Location` until it is no longer pending",
        "model": OrderResponse,
        "headers": {"Location": {"description": "Where the order is", "schema": {"type": "string"}}},
    }
}
