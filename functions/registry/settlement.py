"""Settlement: the functions."""

from functions.registry.triggers import SETTLEMENT, Function, Queue, Schedule

SUBDOMAIN = "settlement"

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "settle_positions",
        SUBDOMAIN,
        Queue(SETTLEMENT, events=frozenset({"market.resolving"}), batch_size=1),
        {
            "core": frozenset({"BatchGetItem", "Query", "PutItem", "DeleteItem"}),
            "ledger": frozenset({"PutItem"}),
        },
        timeout_seconds=300,
    ),
    Function(
        "ring_stale",
        SUBDOMAIN,
        Schedule(minutes=5),
        {"core": frozenset({"Query"})},
        rings=frozenset({SETTLEMENT}),
        memory_mb=512,
        timeout_seconds=50,
    ),
)
