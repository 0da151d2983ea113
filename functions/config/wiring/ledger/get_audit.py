"""The wiring of get_audit."""

from domain.application.ledger.get_audit import GetAudit
from functions.config.ports import Ports


def get_audit(ports: Ports) -> GetAudit:
    """The use case over these ports."""
    return GetAudit(ports.persistence.audits, ports.clock)
