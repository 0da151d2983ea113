"""The wiring of resolve_market."""

from domain.application.trading.market_transition import MarketTransition
from domain.application.trading.resolve_market import ResolveMarket
from functions.config.ports import Ports


def resolve_market(ports: Ports) -> ResolveMarket:
    """The use case over these ports."""
    return ResolveMarket(MarketTransition(ports.commands), ports.settings.appeal)
