"""The wiring of list_accounts."""

from domain.application.ledger.list_accounts import ListAccounts
from functions.config.ports import Ports


def list_accounts(ports: Ports) -> ListAccounts:
    """The use case over these ports."""
    return ListAccounts(ports.store)
