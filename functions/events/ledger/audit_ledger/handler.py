"""Every six hours, on Lambda: takes the audit's walk over all balances some pages further."""

from collections.abc import Mapping

from domain.application.ledger.audit_ledger import AuditLedgerRequest
from functions.adapter.in_.lambda_.event_handler import schedule_handler
from functions.adapter.in_.lambda_.observability import LOGGER
from functions.config.dynamodb import ports
from functions.config.wiring.ledger.audit_ledger import audit_ledger

_audit_ledger = audit_ledger(ports(threads=True))


async def _audit() -> Mapping[str, int]:
    result = await _audit_ledger.execute(AuditLedgerRequest())
    for name in result.wrong:
        LOGGER.error("the ledger does not add up to what is stored for %s", name)
    return {"done": result.examined, "wrong": len(result.wrong)}


handler = schedule_handler("audit_ledger", _audit)
