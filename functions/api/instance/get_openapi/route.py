"""GET /v1/openapi.json."""

from collections.abc import Callable
from typing import Any

from functions.adapter.in_.http.endpoint import Route, endpoint_route


def create_route(read_document: Callable[[], dict[str, Any]]) -> Route:
    """The route.

    Args:
        read_document: finds the OpenAPI document.
    """

    async def endpoint() -> dict[str, Any]:
        return read_document()

    return endpoint_route("get_openapi", endpoint)
