"""The settlement queue, on Lambda: pays out the markets it is rung for."""

import asyncio

from domain.application.settlement.settle_positions import SettlePositionsRequest
from functions.adapter.in_.lambda_.event_handler import UnfinishedError, queue_handler
from functions.config.dynamodb import container

SWEEPS = 3
TRAIL_SECONDS = 1.0
"""The list of holders trails by about that long; to let the message come again would take minutes."""

_settle_positions = container(threads=True).settle_positions


async def _settle(slug: str) -> None:
    for _ in range(SWEEPS):
        result = await _settle_positions.execute(SettlePositionsRequest(slug))
        if result.done:
            return
        await asyncio.sleep(TRAIL_SECONDS)
    raise UnfinishedError(f"{slug} has more to settle")


handler = queue_handler("settle_positions", _settle)
