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
        rings=frozenset({SETTLEMENT}),  # a worker for each shard of a crowd
        memory_mb=1769,  # a whole processor, which pays twenty times a second; a second costs as much as it does less
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
