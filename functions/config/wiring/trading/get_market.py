"""The wiring of get_market."""

from domain.application.trading.get_market import GetMarket
from functions.config.ports import Ports


def get_market(ports: Ports) -> GetMarket:
    """The use case over these ports."""
    return GetMarket(ports.store, ports.clock)
