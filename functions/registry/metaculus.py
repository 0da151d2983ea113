"""The surface for programs that were written for Metaculus: one function for all of it."""

from functions.registry.triggers import Function, Surface

SUBDOMAIN = "metaculus"

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "metaculus",
        SUBDOMAIN,
        Surface(
            ("/metaculus/api",),
            frozenset({"get_market", "list_markets", "list_prices", "place_order", "post_comment"}),
        ),
        {},
    ),
)
