"""Price histories: the functions."""

from http import HTTPStatus

from functions.registry.triggers import PRICE_HISTORY, READ_LEDGER, READ_LISTS, Access, Function, Http, Invocation

SUBDOMAIN = "history"

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "list_prices",
        SUBDOMAIN,
        Http("GET", "/v1/markets/{slug}/prices", Access.OPTIONAL, HTTPStatus.OK, "Read its price history", "Markets"),
        READ_LISTS,
        rings=frozenset({PRICE_HISTORY}),
    ),
    Function(
        "list_events",
        SUBDOMAIN,
        Http("GET", "/v1/markets/{slug}/events", Access.OPTIONAL, HTTPStatus.OK, "Read what happened to it", "Markets"),
        READ_LEDGER,
    ),
    Function(
        "project_price_history",
        SUBDOMAIN,
        Invocation(PRICE_HISTORY, events=frozenset({"trade"})),
        {"core": frozenset({"BatchGetItem", "PutItem"}), "ledger": frozenset({"Query"})},
        memory_mb=512,
        timeout_seconds=60,
    ),
)
