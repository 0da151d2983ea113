"""The wiring of get_market."""

from domain.application.trading.get_market import GetMarket
from functions.config.ports import Ports


def get_market(ports: Ports, *, may_trail: bool = True) -> GetMarket:
    """The use case over these ports.

    Args:
        ports: the ports.
        may_trail: whether the market may be seconds old. For what looks at a market before it writes, it may not: its
            client may have made the market just now.
    """
    return GetMarket(ports.persistence.trailing if may_trail else ports.store, ports.clock)
