"""The wiring of get_account."""

from domain.application.ledger.get_account import GetAccount
from functions.config.ports import Ports


def get_account(ports: Ports) -> GetAccount:
    """The use case over these ports."""
    return GetAccount(ports.store)
