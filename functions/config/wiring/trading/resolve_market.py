"""The wiring of resolve_market."""

from domain.application.trading.market_transition import MarketTransition
from domain.application.trading.resolve_market import ResolveMarket
from functions.config.ports import Ports


def resolve_market(ports: Ports) -> ResolveMarket:
    """The use case over these ports."""
    settings = ports.settings
    return ResolveMarket(
        MarketTransition(ports.commands), settings.appeal, open_by_admins_only=settings.admins_resolve_open
    )
