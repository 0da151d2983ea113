"""The wiring of suspend_account."""

from domain.application.admission.suspend_account import SuspendAccount
from functions.config.ports import Ports


def suspend_account(ports: Ports) -> SuspendAccount:
    """The use case over these ports."""
    return SuspendAccount(ports.commands)
