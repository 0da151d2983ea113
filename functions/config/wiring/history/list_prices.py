"""The wiring of list_prices."""

from domain.application.history.list_prices import ListPrices
from functions.config.ports import Ports
from functions.registry.triggers import PRICE_HISTORY


def list_prices(ports: Ports) -> ListPrices:
    """The use case over these ports."""
    return ListPrices(ports.persistence.trailing, ports.persistence.candles, ports.doorbell(PRICE_HISTORY), ports.clock)
