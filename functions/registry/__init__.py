"""The one list of functions.

The servers, the handlers, the infrastructure and the tests all read it; it imports nothing of ours. Adding a function
is adding an entry in its subdomain's file here and the folder of its name.
"""

from collections.abc import Mapping

from functions.registry import (
    admission,
    discussion,
    history,
    instance,
    ledger,
    manifold,
    metaculus,
    record,
    settlement,
    trading,
    webhooks,
)
from functions.registry.triggers import (
    ADDRESS_HEADER,
    HINTS_URL,
    PRICE_HISTORY,
    RECORDS,
    REQUESTS_PER_MINUTE,
    SECRETS,
    SETTLEMENT,
    WEBHOOK_DELIVERIES,
    WEBHOOKS,
    Access,
    Authorizer,
    Doorbell,
    EventName,
    Fallback,
    Function,
    Http,
    Invocation,
    LedgerStream,
    Profile,
    Queue,
    Schedule,
    ScopeName,
    SignUp,
    Surface,
    Trigger,
    Who,
    counted_together,
)

__all__ = [
    "ADDRESS_HEADER",
    "ANSWERS",
    "DOORBELLS",
    "FUNCTIONS",
    "FUNCTION_OF",
    "HINTS_URL",
    "HTTP_TRIGGERS",
    "PRICE_HISTORY",
    "RECORDS",
    "REQUESTS_PER_MINUTE",
    "SECRETS",
    "SETTLEMENT",
    "SUBDOMAINS",
    "SUBSCRIPTIONS",
    "SURFACES",
    "WEBHOOKS",
    "WEBHOOK_DELIVERIES",
    "Access",
    "Authorizer",
    "Doorbell",
    "EventName",
    "Fallback",
    "Function",
    "Http",
    "Invocation",
    "LedgerStream",
    "Profile",
    "Queue",
    "Schedule",
    "ScopeName",
    "SignUp",
    "Surface",
    "Trigger",
    "Who",
    "counted_together",
]

_PARTS = (ledger, trading, history, settlement, discussion, record, admission, instance, webhooks, manifold, metaculus)

SUBDOMAINS: tuple[str, ...] = tuple(part.SUBDOMAIN for part in _PARTS)
"""The subdomains, which have a folder of the same name in every ring that knows them."""

_ENTRIES: tuple[Function, ...] = tuple(function for part in _PARTS for function in part.FUNCTIONS)

ANSWERS: Mapping[str, Function] = {
    function.trigger.name: function for function in _ENTRIES if isinstance(function.trigger, Queue | Invocation)
}
"""The function that answers each doorbell, by the doorbell's name."""

DOORBELLS: Mapping[str, Doorbell] = {
    function.trigger.name: function.trigger for function in _ENTRIES if isinstance(function.trigger, Queue | Invocation)
}
"""The doorbells by name."""

SUBSCRIPTIONS: tuple[Doorbell, ...] = tuple(doorbell for doorbell in DOORBELLS.values() if doorbell.events)
"""Which doorbell wants which events of the ledger."""


def _with_subscribers(function: Function) -> Function:
    """An entry as it is written; what the ledger's stream calls rings every doorbell that subscribes to events."""
    if not isinstance(function.trigger, LedgerStream):
        return function
    return function._replace(rings=function.rings | {doorbell.name for doorbell in SUBSCRIPTIONS})


def _with_those_below(function: Function) -> Function:
    """An entry as it is written; a surface may touch what the functions may that it is over."""
    if not isinstance(function.trigger, Surface):
        return function
    below = [entry for entry in _ENTRIES if entry.name in function.trigger.over]
    tables: dict[str, frozenset[str]] = {}
    for entry in below:
        for table, actions in entry.tables.items():
            tables[table] = tables.get(table, frozenset()) | actions
    return function._replace(tables=tables, rings=frozenset().union(*(entry.rings for entry in below)))


FUNCTIONS: tuple[Function, ...] = tuple(_with_those_below(_with_subscribers(entry)) for entry in _ENTRIES)

FUNCTION_OF: Mapping[str, Function] = {function.name: function for function in FUNCTIONS}
"""The functions by name."""

HTTP_TRIGGERS: Mapping[str, Http] = {
    function.name: function.trigger for function in FUNCTIONS if isinstance(function.trigger, Http)
}
"""The HTTP functions' triggers, by name."""

SURFACES: Mapping[str, Surface] = {
    function.name: function.trigger for function in FUNCTIONS if isinstance(function.trigger, Surface)
}
"""The surfaces that other sites' programs speak to, by name."""
