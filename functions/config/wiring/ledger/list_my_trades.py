"""The wiring of list_my_trades."""

from domain.application.ledger.list_my_trades import ListMyTrades
from functions.config.ports import Ports


def list_my_trades(ports: Ports) -> ListMyTrades:
    """The use case over these ports."""
    return ListMyTrades(ports.store, ports.persistence.journal)
