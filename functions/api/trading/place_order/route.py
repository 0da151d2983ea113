"""POST /v1/markets/{slug}/orders."""

from http import HTTPStatus

from domain.application.trading.place_order import PlaceOrderRequest, PlaceOrderResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Responses, Route, endpoint_route
from functions.adapter.in_.http.idempotency import RequiredKey, mark_replay
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.order import OrderBody, OrderResponse


def create_route(place_order: UseCase[PlaceOrderRequest, PlaceOrderResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        response: Response, slug: str, caller: SignedInCaller, idempotency: RequiredKey, body: OrderBody
    ) -> OrderResponse:
        result = await place_order.execute(PlaceOrderRequest(caller, slug, body.terms(), idempotency))
        mark_replay(response, replayed=result.replayed)
        return OrderResponse.of(result.order)

    return endpoint_route("place_order", endpoint, _ACCEPTED)


_ACCEPTED: Responses = {
    HTTPStatus.ACCEPTED.value: {
        "description": "The order waits its turn; read it at `Location` until it is no longer pending",
        "model": OrderResponse,
        "headers": {"Location": {"description": "Where the order is", "schema": {"type": "string"}}},
    }
}
