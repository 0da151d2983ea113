"""The instance itself: the functions."""

from http import HTTPStatus

from functions.registry.triggers import READ_RECORDS, Access, Fallback, Function, Http, LedgerStream

SUBDOMAIN = "instance"

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "get_health",
        SUBDOMAIN,
        Http("GET", "/v1/health", Access.PUBLIC, HTTPStatus.OK, "Say that it works", "Instance"),
        {},
    ),
    Function(
        "get_openapi",
        SUBDOMAIN,
        Http("GET", "/v1/openapi.json", Access.PUBLIC, HTTPStatus.OK, "Read what the API offers", "Instance"),
        {},
    ),
    Function("fallback", SUBDOMAIN, Fallback(), {}),
    Function(
        "dispatch_ledger",
        SUBDOMAIN,
        LedgerStream(),
        {},
        hints=READ_RECORDS,
        memory_mb=512,
        timeout_seconds=30,
    ),
)
