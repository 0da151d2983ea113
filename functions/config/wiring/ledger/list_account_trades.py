"""The wiring of list_account_trades."""

from domain.application.ledger.list_account_trades import ListAccountTrades
from functions.config.ports import Ports


def list_account_trades(ports: Ports) -> ListAccountTrades:
    """The use case over these ports."""
    return ListAccountTrades(ports.store, ports.persistence.journal)
