"""GET /v1/health."""

from typing import Literal

from domain.application.instance.get_health import GetHealthRequest, GetHealthResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.schemas import ResponseBody


class HealthResponse(ResponseBody):
    """That it works, and which release it is."""

    status: Literal["ok"]
    version: str


def create_route(get_health: UseCase[GetHealthRequest, GetHealthResult]) -> Route:
    """The route over the use case."""

    async def endpoint() -> HealthResponse:
        result = await get_health.execute(GetHealthRequest())
        return HealthResponse(status="ok", version=result.version)

    return endpoint_route("get_health", endpoint)
