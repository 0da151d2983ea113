"""The wiring of ring_untold."""

from domain.application.webhooks.ring_untold import RingUntold
from functions.config.ports import Ports
from functions.registry.triggers import WEBHOOK_DELIVERIES


def ring_untold(ports: Ports) -> RingUntold:
    """The use case over these ports."""
    return RingUntold(
        webhooks=ports.persistence.webhooks,
        markets=ports.persistence.markets,
        records=ports.store,
        events=ports.persistence.events,
        doorbell=ports.doorbell(WEBHOOK_DELIVERIES),
        clock=ports.clock,
    )
