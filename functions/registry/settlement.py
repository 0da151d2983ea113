"""Settlement: the functions."""

from functions.registry.triggers import SETTLEMENT, Function, Queue, Schedule

SUBDOMAIN = "settlement"

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "settle_positions",
        SUBDOMAIN,
        Queue(SETTLEMENT),
        {
            "core": frozenset({"BatchGetItem", "Query", "PutItem", "DeleteItem"}),
            "ledger": frozenset({"PutItem"}),
        },
        memory_mb=1024,
        timeout_seconds=300,
    ),
    Function(
        "ring_stale",
        SUBDOMAIN,
        Schedule(minutes=1),
        {"core": frozenset({"Query"})},
        rings=frozenset({SETTLEMENT}),
        timeout_seconds=50,
    ),
)
