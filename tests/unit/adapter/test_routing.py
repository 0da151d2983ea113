from http import HTTPStatus

import pytest

from functions.adapter.in_.http.endpoint import Route
from functions.adapter.in_.http.routing import RouteTable
from functions.registry import Access, Http


async def nothing() -> None:
    """Routes are found here, and none is called."""


def route(name: str, request: str) -> Route:
    """A public route for a request such as ``GET /v1/markets``."""
    method, path = request.split()
    return Route(name, Http(method, path, Access.PUBLIC, HTTPStatus.OK, "Do it", "Tests"), nothing)


TABLE = RouteTable(
    [
        route("get", "GET /v1/markets/{slug}"),
        route("edit", "PATCH /v1/markets/{slug}"),
        route("special", "GET /v1/markets/special"),
        route("order", "POST /v1/markets/{slug}/orders"),
        route("comment", "DELETE /v1/markets/{slug}/comments/{id}"),
        route("last", "GET /v1/markets/last/{id}"),
    ]
)


@pytest.mark.parametrize(
    ("request_line", "name", "path"),
    [
        ("GET /v1/markets/rain", "get", {"slug": "rain"}),
        ("PATCH /v1/markets/rain", "edit", {"slug": "rain"}),
        ("GET /v1/markets/special", "special", {}),
        ("POST /v1/markets/special/orders", "order", {"slug": "special"}),
        ("DELETE /v1/markets/rain/comments/7", "comment", {"slug": "rain", "id": "7"}),
        ("GET /v1/markets/last/orders", "last", {"id": "orders"}),
        ("POST /v1/markets/last/orders", "order", {"slug": "last"}),
        ("PATCH /v1/markets/special", None, {}),
        ("POST /v1/markets/rain", None, {}),
        ("GET /v1/markets/", None, {}),
        ("POST /v1/markets//orders", None, {}),
        ("GET /v1/markets/rain/", None, {}),
        ("GET /v1", None, {}),
    ],
)
def test_a_request_finds_its_route(request_line: str, name: str | None, path: dict[str, str]) -> None:
    """By method and whole path; what is an address by itself is no parameter, and no parameter is empty."""
    found = TABLE.find(*request_line.split())
    assert (found.route.name if found else None, dict(found.path) if found else {}) == (name, path)
