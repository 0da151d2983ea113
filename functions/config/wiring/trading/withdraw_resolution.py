"""The wiring of withdraw_resolution."""

from domain.application.trading.market_transition import MarketTransition
from domain.application.trading.withdraw_resolution import WithdrawResolution
from functions.config.ports import Ports


def withdraw_resolution(ports: Ports) -> WithdrawResolution:
    """The use case over these ports."""
    return WithdrawResolution(MarketTransition(ports.commands))
