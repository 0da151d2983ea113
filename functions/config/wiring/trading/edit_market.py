"""The wiring of edit_market."""

from domain.application.trading.edit_market import EditMarket
from functions.config.ports import Ports


def edit_market(ports: Ports) -> EditMarket:
    """The use case over these ports."""
    return EditMarket(ports.store)
