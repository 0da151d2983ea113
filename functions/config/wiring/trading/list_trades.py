"""The wiring of list_trades."""

from domain.application.trading.list_trades import ListTrades
from functions.config.ports import Ports


def list_trades(ports: Ports) -> ListTrades:
    """The use case over these ports."""
    return ListTrades(ports.persistence.trailing, ports.persistence.journal)
