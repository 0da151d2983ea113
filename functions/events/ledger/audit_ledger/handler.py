"""Every six hours, on Lambda: takes the audit's walk over all balances as far as an invocation can."""

from collections.abc import Mapping

from domain.application.ledger.audit_ledger import AuditLedgerRequest
from functions.adapter.in_.lambda_.event_handler import long_schedule_handler
from functions.adapter.in_.lambda_.observability import LOGGER
from functions.config.dynamodb import ports
from functions.config.wiring.ledger.audit_ledger import audit_ledger

_LAST_PAGE_SECONDS = 60
"""What is left for the page that is walked when the time is up. If it takes longer, the next run begins with it."""

_audit_ledger = audit_ledger(ports(threads=True))


async def _audit(seconds: float) -> Mapping[str, int]:
    result = await _audit_ledger.execute(AuditLedgerRequest(max(0, seconds - _LAST_PAGE_SECONDS)))
    for name in result.wrong:
        LOGGER.error("the ledger does not add up to what is stored for %s", name)
    return {"done": result.examined, "wrong": len(result.wrong)}


handler = long_schedule_handler("audit_ledger", _audit)
