"""The wiring of place_order."""

from domain.application.trading.place_order import PlaceOrder
from functions.config.ports import Ports


def place_order(ports: Ports) -> PlaceOrder:
    """The use case over these ports."""
    return PlaceOrder(ports.combined_commands)
