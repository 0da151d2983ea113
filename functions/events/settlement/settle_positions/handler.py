"""The settlement queue, on Lambda: pays out the markets, or shards of their holders, that it is rung for."""

import asyncio
import os

from domain.application.settlement.settle_positions import SettlePositionsRequest
from functions.adapter.in_.lambda_.event_handler import UnfinishedError, subject_handler
from functions.adapter.out.sqs.doorbell import create_client
from functions.adapter.out.sqs.messages import QueueMessages
from functions.config.dynamodb import ports
from functions.config.wiring.settlement.settle_positions import settle_positions
from functions.registry import DOORBELLS, SETTLEMENT

SWEEPS = 3
TRAIL_SECONDS = 1.0
"""The list of holders trails by about that long."""
AGAIN_SECONDS = 5
"""When the message of an unfinished market comes again."""

_queue = QueueMessages(create_client, os.environ[DOORBELLS[SETTLEMENT].variable])
_settle_positions = settle_positions(ports(threads=True), has_workers=True)


async def _settle(slug: str, shard: str) -> None:
    request = SettlePositionsRequest(slug, int(shard) if shard else None)
    for _ in range(SWEEPS):
        result = await _settle_positions.execute(request)
        if result.done:
            return
        await asyncio.sleep(TRAIL_SECONDS)
    raise UnfinishedError(f"{slug} has more to settle")


def _show_again(receipt: str) -> None:
    _queue.show_in(AGAIN_SECONDS, receipt)


handler = subject_handler("settle_positions", _settle, _show_again)
