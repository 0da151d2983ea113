"""The wiring of get_order."""

from domain.application.trading.get_order import GetOrder
from functions.config.ports import Ports


def get_order(ports: Ports) -> GetOrder:
    """The use case over these ports."""
    return GetOrder(ports.store)
