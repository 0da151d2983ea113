"""The wiring of rename_account."""

from domain.application.ledger.rename_account import RenameAccount
from functions.config.ports import Ports


def rename_account(ports: Ports) -> RenameAccount:
    """The use case over these ports."""
    return RenameAccount(ports.store)
