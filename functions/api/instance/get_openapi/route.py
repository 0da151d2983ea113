"""GET /v1/openapi.json."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter

from functions.adapter.in_.http.endpoint import endpoint_router


def create_router(read_document: Callable[[], dict[str, Any]]) -> APIRouter:
    """The route.

    Args:
        read_document: finds the OpenAPI document.
    """

    async def endpoint() -> dict[str, Any]:
        return read_document()

    return endpoint_router("get_openapi", endpoint)
