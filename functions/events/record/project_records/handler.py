"""Folds the results of a market that was rung for, on Lambda."""

import asyncio

from domain.application.record.project_records import ProjectRecordsRequest
from functions.adapter.in_.lambda_.event_handler import UnfinishedError, ring_handler
from functions.config.dynamodb import ports
from functions.config.wiring.record.project_records import project_records

WAITS = 3
TRAIL_SECONDS = 1.0
"""The list of trades, from which old results are made, trails by about that long."""

_project_records = project_records(ports())


async def _project(slug: str, _: str) -> None:
    waits = 0
    while waits < WAITS:
        result = await _project_records.execute(ProjectRecordsRequest(slug))
        if result.done:
            return
        if not result.folded:
            waits += 1
            await asyncio.sleep(TRAIL_SECONDS)
    raise UnfinishedError(f"{slug} has more results to fold")


handler = ring_handler("project_records", _project)
