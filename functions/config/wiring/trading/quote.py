"""The wiring of quote."""

from domain.application.trading.quote import Quote
from functions.config.ports import Ports


def quote(ports: Ports) -> Quote:
    """The use case over these ports."""
    return Quote(ports.store, ports.clock)
