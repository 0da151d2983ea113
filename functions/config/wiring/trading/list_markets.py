"""The wiring of list_markets."""

from domain.application.trading.list_markets import ListMarkets
from functions.config.ports import Ports


def list_markets(ports: Ports) -> ListMarkets:
    """The use case over these ports."""
    return ListMarkets(ports.persistence.markets, ports.persistence.books, ports.persistence.candles, ports.clock)
