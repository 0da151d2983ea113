"""The wiring of dispatch_ledger."""

from domain.application.instance.dispatch_ledger import DispatchLedger, Subscription
from domain.event.market_events import EventType
from functions.config.ports import Ports
from functions.registry import SUBSCRIPTIONS


def dispatch_ledger(ports: Ports) -> DispatchLedger:
    """The use case over these ports, with the subscriptions of the registry.

    Raises:
        LookupError: there is no way to ring a doorbell that subscribes.
    """
    return DispatchLedger(
        Subscription(ports.doorbell(doorbell.name), frozenset(map(EventType, doorbell.events)))
        for doorbell in SUBSCRIPTIONS
    )
