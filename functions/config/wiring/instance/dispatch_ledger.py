"""The wiring of dispatch_ledger."""

from datetime import timedelta

from domain.application.instance.dispatch_ledger import DispatchLedger, Subscription
from domain.event.market_events import EventType
from functions.config.ports import Ports
from functions.registry import SUBSCRIPTIONS


def dispatch_ledger(ports: Ports) -> DispatchLedger:
    """The use case over these ports, with the subscriptions of the registry.

    Raises:
        LookupError: there is no way to ring for a queue that subscribes.
    """
    return DispatchLedger(
        Subscription(
            ports.doorbell(queue.name),
            frozenset(map(EventType, queue.events)),
            timedelta(seconds=queue.delay_seconds),
        )
        for queue in SUBSCRIPTIONS
    )
