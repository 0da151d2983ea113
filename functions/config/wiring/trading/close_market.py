"""The wiring of close_market."""

from domain.application.trading.close_market import CloseMarket
from domain.application.trading.market_transition import MarketTransition
from functions.config.ports import Ports


def close_market(ports: Ports) -> CloseMarket:
    """The use case over these ports."""
    return CloseMarket(MarketTransition(ports.commands))
