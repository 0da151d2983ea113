"""The one list of functions.

The servers, the handlers, the infrastructure and the tests all read it; it imports nothing of ours. Adding a function
is adding an entry in its subdomain's file here and the folder of its name.
"""

from collections.abc import Mapping

from functions.registry import admission, history, instance, ledger, settlement, trading
from functions.registry.triggers import (
    PRICE_HISTORY,
    SETTLEMENT,
    Access,
    Authorizer,
    Fallback,
    Function,
    Http,
    LedgerStream,
    Profile,
    Queue,
    Schedule,
    ScopeName,
    SignUp,
    Trigger,
    Who,
)

__all__ = [
    "FUNCTIONS",
    "FUNCTION_OF",
    "HTTP_TRIGGERS",
    "PRICE_HISTORY",
    "SETTLEMENT",
    "SUBDOMAINS",
    "Access",
    "Authorizer",
    "Fallback",
    "Function",
    "Http",
    "LedgerStream",
    "Profile",
    "Queue",
    "Schedule",
    "ScopeName",
    "SignUp",
    "Trigger",
    "Who",
]

_PARTS = (ledger, trading, history, settlement, admission, instance)

SUBDOMAINS: tuple[str, ...] = tuple(part.SUBDOMAIN for part in _PARTS)
"""The subdomains, which have a folder of the same name in every ring that knows them."""

FUNCTIONS: tuple[Function, ...] = tuple(function for part in _PARTS for function in part.FUNCTIONS)

FUNCTION_OF: Mapping[str, Function] = {function.name: function for function in FUNCTIONS}
"""The functions by name."""

HTTP_TRIGGERS: Mapping[str, Http] = {
    function.name: function.trigger for function in FUNCTIONS if isinstance(function.trigger, Http)
}
"""The HTTP functions' triggers, by name."""
