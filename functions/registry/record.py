"""Track records and leaderboards: the functions."""

from http import HTTPStatus

from functions.registry.triggers import READ_LISTS, READ_RECORDS, RECORDS, Access, Function, Http, Invocation, Schedule

SUBDOMAIN = "record"

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "get_record",
        SUBDOMAIN,
        Http(
            "GET", "/v1/accounts/{account}/record", Access.OPTIONAL, HTTPStatus.OK, "Read its track record", "Records"
        ),
        READ_RECORDS,
    ),
    Function(
        "list_results",
        SUBDOMAIN,
        Http("GET", "/v1/accounts/{account}/results", Access.OPTIONAL, HTTPStatus.OK, "List its results", "Records"),
        READ_LISTS,
    ),
    Function(
        "list_leaders",
        SUBDOMAIN,
        Http("GET", "/v1/leaderboard", Access.OPTIONAL, HTTPStatus.OK, "See who leads", "Records"),
        READ_LISTS,
    ),
    Function(
        "project_records",
        SUBDOMAIN,
        Invocation(RECORDS, events=frozenset({"market.resolved"})),
        {
            "core": frozenset({"BatchGetItem", "Query", "PutItem", "DeleteItem"}),
            "ledger": frozenset({"Query"}),
        },
        memory_mb=1024,
        timeout_seconds=300,
    ),
    Function(
        "ring_unrecorded",
        SUBDOMAIN,
        Schedule(minutes=24 * 60),
        READ_LISTS,
        rings=frozenset({RECORDS}),
        timeout_seconds=300,
    ),
)
