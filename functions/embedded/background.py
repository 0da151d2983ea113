"""The event functions on one machine: the same use cases, called by tasks of the server's own process."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from domain.application.instance.dispatch_ledger import DispatchLedgerRequest
from domain.application.ledger.audit_ledger import AuditLedgerRequest
from domain.application.record.project_records import ProjectRecordsRequest
from domain.application.record.ring_unrecorded import RingUnrecordedRequest
from domain.application.settlement.ring_stale import RingStaleRequest
from domain.application.settlement.settle_positions import SettlePositionsRequest
from domain.application.trading.close_expired_markets import CloseExpiredMarketsRequest
from domain.model.kernel.errors import DegradedError
from domain.port.out.clock import Clock
from domain.port.out.doorbell import Ring
from functions.adapter.out.system.doorbell import ProcessDoorbell
from functions.config.use_cases import UseCases
from functions.embedded.demo_traders import DemoTraders
from functions.embedded.ledger_stream import LedgerStream

DISPATCH_SECONDS = 0.2
CLOSE_SECONDS = 1.0
RING_SECONDS = 1.0
AUDIT_SECONDS = 3600.0
UNRECORDED_SECONDS = 3600.0
RECORD_SECONDS = 0.2
FORGET_SECONDS = 3600.0

_logger = logging.getLogger(__name__)


async def run_background(
    use_cases: UseCases,
    settlement: ProcessDoorbell,
    stream: LedgerStream,
    clock: Clock,
    demo: DemoTraders | None = None,
    *,
    records: ProcessDoorbell,
) -> None:
    """Do what the event functions do until cancelled. What fails is logged, and tried again the next time.

    Args:
        use_cases: the use cases.
        settlement: the doorbell that they ring for markets to be settled.
        stream: what they add to the ledger.
        clock: for waiting between times.
        demo: the traders of the demonstration, where there is one.
        records: the doorbell that they ring for markets whose results are to be counted.
    """

    async def dispatch() -> None:
        await use_cases.dispatch_ledger.execute(DispatchLedgerRequest(await stream.take()))

    async def ring() -> None:
        await use_cases.ring_stale.execute(RingStaleRequest())

    async def close() -> None:
        await use_cases.close_expired_markets.execute(CloseExpiredMarketsRequest())

    async def settle() -> None:
        await use_cases.settle_positions.execute(SettlePositionsRequest(await settlement.answer()))

    async def record() -> None:
        await _record_next(use_cases, records)

    async def ring_unrecorded() -> None:
        await use_cases.ring_unrecorded.execute(RingUnrecordedRequest())

    async def audit() -> None:
        await clock.sleep(AUDIT_SECONDS)
        if wrong := (await use_cases.audit_ledger.execute(AuditLedgerRequest())).wrong:
            _logger.error("the ledger does not add up to what is stored for %s", ", ".join(wrong))

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(repeat(dispatch, DISPATCH_SECONDS, clock))
        tasks.create_task(repeat(ring, RING_SECONDS, clock))
        tasks.create_task(repeat(close, CLOSE_SECONDS, clock))
        tasks.create_task(repeat(settle, 0, clock))
        tasks.create_task(repeat(audit, 0, clock))
        tasks.create_task(repeat(record, RECORD_SECONDS, clock))
        tasks.create_task(repeat(ring_unrecorded, UNRECORDED_SECONDS, clock))
        if demo:
            tasks.create_task(repeat(demo.trade, 0, clock))


async def _record_next(use_cases: UseCases, records: ProcessDoorbell) -> None:
    """Fold the results of the next market that was rung for; what is left of them is rung for again."""
    slug = await records.answer()
    if not (await use_cases.project_records.execute(ProjectRecordsRequest(slug))).done:
        await records.ring([Ring(slug, "more to fold")])


async def repeat(job: Callable[[], Awaitable[object]], seconds: float, clock: Clock) -> None:
    """Do a job over and over, so many seconds apart, until cancelled. What fails is logged, and tried again."""
    while True:
        try:
            await job()
        except DegradedError:
            pass  # whoever cannot write has said so once; this would say it every second
        except Exception:
            _logger.exception("a background task failed; it is tried again")
        await clock.sleep(seconds)
