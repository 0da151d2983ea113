"""The wiring of audit_ledger."""

from domain.application.ledger.audit_ledger import AuditLedger
from functions.config.ports import Ports


def audit_ledger(ports: Ports) -> AuditLedger:
    """The use case over these ports."""
    return AuditLedger(ports.persistence.audits, ports.store, ports.persistence.journal, ports.clock)
