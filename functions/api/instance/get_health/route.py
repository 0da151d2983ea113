"""GET /v1/health."""

from typing import Literal

from fastapi import APIRouter

from domain.application.instance.get_health import GetHealthRequest, GetHealthResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.endpoint import endpoint_router
from functions.adapter.in_.http.schemas import ResponseBody


class HealthResponse(ResponseBody):
    """That it works, and which release it is."""

    status: Literal["ok"]
    version: str


def create_router(get_health: UseCase[GetHealthRequest, GetHealthResult]) -> APIRouter:
    """The route over the use case."""

    async def endpoint() -> HealthResponse:
        result = await get_health.execute(GetHealthRequest())
        return HealthResponse(status="ok", version=result.version)

    return endpoint_router("get_health", endpoint)
