"""The wiring of reopen_market."""

from domain.application.trading.market_transition import MarketTransition
from domain.application.trading.reopen_market import ReopenMarket
from functions.config.ports import Ports


def reopen_market(ports: Ports) -> ReopenMarket:
    """The use case over these ports."""
    return ReopenMarket(MarketTransition(ports.commands))
