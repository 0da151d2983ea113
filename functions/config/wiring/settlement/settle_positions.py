"""The wiring of settle_positions."""

from domain.application.settlement.settle_positions import SettlePositions
from functions.config.ports import Ports
from functions.registry.triggers import SETTLEMENT


def settle_positions(ports: Ports, *, has_workers: bool = False) -> SettlePositions:
    """The use case over these ports.

    Args:
        ports: what it is made of.
        has_workers: whether many may answer the doorbell of settlement at once.
    """
    workers = ports.doorbell(SETTLEMENT) if has_workers else None
    return SettlePositions(ports.store, ports.persistence.positions, ports.clock, workers)
