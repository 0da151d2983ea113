"""The wiring of ring_unrecorded."""

from domain.application.record.ring_unrecorded import RingUnrecorded
from functions.config.ports import Ports
from functions.registry.triggers import RECORDS


def ring_unrecorded(ports: Ports) -> RingUnrecorded:
    """The use case over these ports."""
    return RingUnrecorded(ports.persistence.markets, ports.store, ports.doorbell(RECORDS), ports.clock)
