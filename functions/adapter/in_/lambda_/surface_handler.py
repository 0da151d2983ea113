"""The entry of a Lambda function that answers programs written for another site."""

from collections.abc import Iterable

from functions.adapter.in_.http.application import Envelope
from functions.adapter.in_.http.rate_limit import CallerLimits
from functions.adapter.in_.lambda_.http_handler import HttpHandler, event_handler, gateway_entrance, request_id_of
from functions.adapter.in_.surface.application import Operation, SurfaceApp
from functions.registry import SURFACES


def surface_handler(name: str, operations: Iterable[Operation], rate_limits: CallerLimits | None) -> HttpHandler:
    """The handler of a surface, made once and good for every request that its environment will see.

    Args:
        name: the function's, in the registry.
        operations: what it answers; nothing where it is switched off.
        rate_limits: how often callers may ask; None for any number of times.
    """
    surface = SurfaceApp(SURFACES[name].paths, operations, gateway_entrance(rate_limits))
    return event_handler(name, Envelope(surface, request_id_of))
