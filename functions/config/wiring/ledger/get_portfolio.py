"""The wiring of get_portfolio."""

from domain.application.ledger.get_portfolio import GetPortfolio
from functions.config.ports import Ports


def get_portfolio(ports: Ports) -> GetPortfolio:
    """The use case over these ports."""
    return GetPortfolio(ports.persistence.positions, ports.clock)
