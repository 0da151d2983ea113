"""The wiring of get_me."""

from domain.application.ledger.get_me import GetMe
from functions.config.ports import Ports


def get_me(ports: Ports) -> GetMe:
    """The use case over these ports."""
    return GetMe(ports.store)
