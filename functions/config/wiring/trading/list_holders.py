"""The wiring of list_holders."""

from domain.application.trading.list_holders import ListHolders
from functions.config.ports import Ports


def list_holders(ports: Ports) -> ListHolders:
    """The use case over these ports."""
    return ListHolders(ports.persistence.trailing, ports.persistence.positions)
