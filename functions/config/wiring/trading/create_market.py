"""The wiring of create_market."""

from domain.application.trading.create_market import CreateMarket
from functions.config.ports import Ports


def create_market(ports: Ports) -> CreateMarket:
    """The use case over these ports."""
    return CreateMarket(ports.commands, creators_only=ports.settings.creators_only)
