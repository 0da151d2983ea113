"""The wiring of close_expired_markets."""

from domain.application.trading.close_expired_markets import CloseExpiredMarkets
from functions.config.ports import Ports


def close_expired_markets(ports: Ports) -> CloseExpiredMarkets:
    """The use case over these ports."""
    return CloseExpiredMarkets(ports.store, ports.persistence.markets, ports.clock)
