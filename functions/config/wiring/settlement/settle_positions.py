"""The wiring of settle_positions."""

from domain.application.settlement.settle_positions import SettlePositions
from functions.config.ports import Ports


def settle_positions(ports: Ports) -> SettlePositions:
    """The use case over these ports."""
    return SettlePositions(ports.store, ports.persistence.positions)
