"""The wiring of dispatch_ledger."""

from domain.application.instance.dispatch_ledger import DispatchLedger
from functions.config.ports import Ports
from functions.registry.triggers import PRICE_HISTORY, SETTLEMENT


def dispatch_ledger(ports: Ports) -> DispatchLedger:
    """The use case over these ports."""
    return DispatchLedger(ports.doorbell(SETTLEMENT), ports.doorbell(PRICE_HISTORY))
