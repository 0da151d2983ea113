"""How many requests a second each method takes at most: the bound of what a mistake in somebody's loop can cost."""

from collections.abc import Mapping
from typing import NamedTuple

from functions.registry import HTTP_TRIGGERS, SURFACES, Http

BURST_SECONDS = 2
"""How long a method takes twice its limit before it refuses."""


class Limits(NamedTuple):
    """Requests a second of each method, of all callers together.

    Args:
        reads: of each method that only reads, HEAD apart from GET.
        quotes: of quotes.
        orders: of orders.
        others: of everything else, the fallback included.
    """

    reads: int = 200
    quotes: int = 100
    orders: int = 50
    others: int = 10

    def of(self, name: str) -> int:
        """Those of an HTTP function."""
        named = {"quote": self.quotes, "place_order": self.orders}
        reads = HTTP_TRIGGERS[name].method == "GET"
        return named.get(name, self.reads if reads else self.others)


def limits_by_method(limits: Limits) -> Mapping[str, int]:
    """What differs from ``others``, by path and method as a stage names them, such as ``/v1/markets/GET``."""
    found = {
        f"{trigger.path}/{method}": limits.of(name)
        for name, trigger in HTTP_TRIGGERS.items()
        for method in _methods(trigger)
    }
    for path in (path for surface in SURFACES.values() for path in surface.paths):
        found |= {f"{path}/{{proxy+}}/{method}": limits.reads for method in ("GET", "HEAD")}
        found[f"{path}/{{proxy+}}/POST"] = limits.orders
    return {place: number for place, number in found.items() if number != limits.others}


def _methods(trigger: Http) -> tuple[str, ...]:
    return ("GET", "HEAD") if trigger.method == "GET" else (trigger.method,)
