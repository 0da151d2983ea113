"""The wiring of restore_account."""

from domain.application.admission.restore_account import RestoreAccount
from functions.config.ports import Ports


def restore_account(ports: Ports) -> RestoreAccount:
    """The use case over these ports."""
    return RestoreAccount(ports.commands)
