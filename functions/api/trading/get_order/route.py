"""GET /v1/orders/{id}."""

from domain.application.trading.get_order import GetOrderRequest, GetOrderResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.order import OrderResponse


def create_route(get_order: UseCase[GetOrderRequest, GetOrderResult]) -> Route:
    """The route over the use case."""

    async def endpoint(id: str, caller: SignedInCaller) -> OrderResponse:
        return OrderResponse.of((await get_order.execute(GetOrderRequest(caller, id))).order)

    return endpoint_route("get_order", endpoint)
