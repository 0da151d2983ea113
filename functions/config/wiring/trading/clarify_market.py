"""The wiring of clarify_market."""

from domain.application.trading.clarify_market import ClarifyMarket
from domain.application.trading.market_transition import MarketTransition
from functions.config.ports import Ports


def clarify_market(ports: Ports) -> ClarifyMarket:
    """The use case over these ports."""
    return ClarifyMarket(MarketTransition(ports.commands))
