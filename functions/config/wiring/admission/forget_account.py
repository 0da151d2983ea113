"""The wiring of forget_account."""

from domain.application.admission.forget_account import ForgetAccount
from functions.config.ports import Ports


def forget_account(ports: Ports) -> ForgetAccount:
    """The use case over these ports."""
    return ForgetAccount(ports.store, ports.commands, ports.persistence.admission)
