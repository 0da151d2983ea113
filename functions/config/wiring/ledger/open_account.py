"""The wiring of open_account."""

from domain.application.ledger.open_account import OpenAccount
from functions.config.ports import Ports


def open_account(ports: Ports) -> OpenAccount:
    """The use case over these ports."""
    return OpenAccount(ports.commands, ports.settings.starting_grant)
