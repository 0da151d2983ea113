"""Say whether the books balance."""

from typing import NamedTuple

from domain.model.ledger.audit import Audit
from domain.port.out.clock import Clock
from domain.port.out.ledger import AuditRepository


class GetAuditRequest(NamedTuple):
    """Asks for nothing in particular."""


class GetAuditResult(NamedTuple):
    """What the books add up to."""

    audit: Audit


class GetAudit:
    """The use case."""

    def __init__(self, audits: AuditRepository, clock: Clock) -> None:
        self._audits = audits
        self._clock = clock

    async def execute(self, request: GetAuditRequest) -> GetAuditResult:
        """Read it."""
        return GetAuditResult(await self._audits.find_audit(self._clock.now()))
