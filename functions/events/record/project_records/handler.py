"""The records queue, on Lambda: folds the results of the markets it is rung for."""

import asyncio

from domain.application.record.project_records import ProjectRecordsRequest
from functions.adapter.in_.lambda_.event_handler import UnfinishedError, queue_handler
from functions.config.dynamodb import ports
from functions.config.wiring.record.project_records import project_records

RUNS = 3
TRAIL_SECONDS = 1.0
"""The list of trades, from which old results are made, trails by about that long."""

_project_records = project_records(ports())


async def _project(slug: str) -> None:
    for _ in range(RUNS):
        result = await _project_records.execute(ProjectRecordsRequest(slug))
        if result.done:
            return
        await asyncio.sleep(TRAIL_SECONDS)
    raise UnfinishedError(f"{slug} has more results to fold")


handler = queue_handler("project_records", _project)
