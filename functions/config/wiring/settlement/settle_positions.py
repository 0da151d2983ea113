"""The wiring of settle_positions."""

from domain.application.settlement.settle_positions import PAGE, SettlePositions
from domain.model.settlement.settlement import CROWD, Crowd
from functions.config.ports import Ports
from functions.registry.triggers import SETTLEMENT


def settle_positions(
    ports: Ports, *, has_workers: bool = False, crowd: Crowd = CROWD, page: int = PAGE
) -> SettlePositions:
    """The use case over these ports.

    Args:
        ports: what it is made of.
        has_workers: whether many may answer the doorbell of settlement at once.
        crowd: which markets they divide among them.
        page: how many positions one transaction settles.
    """
    workers = ports.doorbell(SETTLEMENT) if has_workers else None
    return SettlePositions(ports.store, ports.persistence.positions, ports.clock, workers, crowd=crowd, page=page)
