"""The event functions on one machine: the same use cases, called by tasks of the server's own process."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from domain.application.history.project_price_history import ProjectPriceHistoryRequest
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
AGAIN_SECONDS = 1.0
"""What fails waits at least so long: a disk that is broken is not asked as fast as it can say so."""

_logger = logging.getLogger(__name__)


async def run_background(
    use_cases: UseCases,
    settlement: ProcessDoorbell,
    stream: LedgerStream,
    clock: Clock,
    demo: DemoTraders | None = None,
    *,
    prices: ProcessDoorbell,
    records: ProcessDoorbell,
) -> None:
    """Do what the event functions do until cancelled. What fails is logged, and tried again the next time.

    Args:
        use_cases: the use cases.
        settlement: the doorbell that they ring for markets to be settled.
        stream: what they add to the ledger.
        clock: for waiting between times.
        demo: the traders of the demonstration, where there is one.
        prices: the doorbell that they ring for markets whose trades could not be folded into their candles at once.
        records: the doorbell that they ring for markets whose results are to be counted.
    """

    async def dispatch() -> None:
        await use_cases.dispatch_ledger.execute(DispatchLedgerRequest(await stream.take()))

    async def settle() -> None:
        await use_cases.settle_positions.execute(SettlePositionsRequest(await settlement.answer()))

    async def fold() -> None:
        if not await _do_next(
            prices, lambda slug: use_cases.project_price_history.execute(ProjectPriceHistoryRequest(slug))
        ):
            await clock.sleep(RECORD_SECONDS)

    async def audit() -> None:
        await clock.sleep(AUDIT_SECONDS)
        if wrong := (await use_cases.audit_ledger.execute(AuditLedgerRequest())).wrong:
            _logger.error("the ledger does not add up to what is stored for %s", ", ".join(wrong))

    def record() -> Awaitable[object]:
        return _do_next(records, lambda slug: use_cases.project_records.execute(ProjectRecordsRequest(slug)))

    jobs: tuple[tuple[Callable[[], Awaitable[object]], float], ...] = (
        (dispatch, DISPATCH_SECONDS),
        (lambda: use_cases.ring_stale.execute(RingStaleRequest()), RING_SECONDS),
        (lambda: use_cases.close_expired_markets.execute(CloseExpiredMarketsRequest()), CLOSE_SECONDS),
        (settle, 0),
        (audit, 0),
        (fold, 0),
        (record, RECORD_SECONDS),
        (lambda: use_cases.ring_unrecorded.execute(RingUnrecordedRequest()), UNRECORDED_SECONDS),
        *(((demo.trade, 0),) if demo else ()),
    )
    async with asyncio.TaskGroup() as tasks:
        for job, seconds in jobs:
            tasks.create_task(repeat(job, seconds, clock))


class _Progress(Protocol):
    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        ...


async def _do_next(doorbell: ProcessDoorbell, work: Callable[[str], Awaitable[_Progress]]) -> bool:
    """Work for the next market that is rung for. Where that fails, or something is left, it is rung for again.

    Returns:
        Whether nothing is left to do for it.
    """
    slug, is_done = await doorbell.answer(), False
    try:
        is_done = (await work(slug)).done
    finally:
        if not is_done:
            await doorbell.ring([Ring(slug, "again")])
    return is_done


async def repeat(job: Callable[[], Awaitable[object]], seconds: float, clock: Clock) -> None:
    """Do a job over and over, so many seconds apart, until cancelled. What fails is logged, and tried again."""
    while True:
        pause = max(seconds, AGAIN_SECONDS)
        try:
            await job()
            pause = seconds
        except DegradedError:
            pass  # whoever cannot write has said so once; this would say it every second
        except Exception:
            _logger.exception("a background task failed; it is tried again")
        await clock.sleep(pause)
