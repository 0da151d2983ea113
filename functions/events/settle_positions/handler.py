"""The settlement queue, on Lambda: pays out the markets it is rung for."""

from domain.application.settle_positions import SettlePositionsRequest
from functions.adapter.in_.lambda_.event_handler import UnfinishedError, queue_handler
from functions.config.dynamodb import container

_settle_positions = container(threads=True).settle_positions


async def _settle(slug: str) -> None:
    result = await _settle_positions.execute(SettlePositionsRequest(slug))
    if not result.done:
        raise UnfinishedError(f"{slug}: {result.settled} positions settled, and more to come")


handler = queue_handler("settle_positions", _settle)
