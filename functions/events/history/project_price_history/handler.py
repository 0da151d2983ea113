"""Folds the trades of a market that was rung for, on Lambda."""

import asyncio

from domain.application.history.project_price_history import ProjectPriceHistoryRequest
from functions.adapter.in_.lambda_.event_handler import UnfinishedError, ring_handler
from functions.config.dynamodb import ports
from functions.config.wiring.history.project_price_history import project_price_history

RUNS = 3
TRAIL_SECONDS = 1.0
"""The list of trades trails by about that long."""

_project_price_history = project_price_history(ports())


async def _project(slug: str, _: str) -> None:
    for _run in range(RUNS):
        result = await _project_price_history.execute(ProjectPriceHistoryRequest(slug))
        if result.done:
            return
        await asyncio.sleep(TRAIL_SECONDS)
    raise UnfinishedError(f"{slug} has more trades to fold")


handler = ring_handler("project_price_history", _project)
