"""The wiring of publish_market."""

from domain.application.trading.publish_market import PublishMarket
from functions.config.ports import Ports


def publish_market(ports: Ports) -> PublishMarket:
    """The use case over these ports."""
    return PublishMarket(ports.commands)
