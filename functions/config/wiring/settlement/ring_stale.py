"""The wiring of ring_stale."""

from domain.application.settlement.ring_stale import RingStale
from functions.config.ports import Ports
from functions.registry.triggers import SETTLEMENT


def ring_stale(ports: Ports) -> RingStale:
    """The use case over these ports."""
    return RingStale(ports.persistence.markets, ports.doorbell(SETTLEMENT), ports.clock)
