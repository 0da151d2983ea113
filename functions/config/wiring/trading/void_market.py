"""The wiring of void_market."""

from domain.application.trading.market_transition import MarketTransition
from domain.application.trading.void_market import VoidMarket
from functions.config.ports import Ports


def void_market(ports: Ports) -> VoidMarket:
    """The use case over these ports."""
    return VoidMarket(MarketTransition(ports.commands), ports.settings.appeal)
