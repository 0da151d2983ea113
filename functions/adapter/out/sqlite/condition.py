"""The Condition over SQLite: whether writes succeed is tried where it is not known."""

import asyncio
from concurrent import futures

from functions.adapter.out.sqlite.database import Database

FRESH_SECONDS = 5.0
"""A write that succeeded so recently is proof enough."""
_WAIT_SECONDS = 2.0
"""Longer than it takes to see that another process has the file locked."""


class SqliteCondition:
    """The Condition."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._probe: futures.Future[None] | None = None

    async def find_trouble(self) -> str | None:
        """Why writes fail at this moment; None while they succeed."""
        condition, writer = self._database.condition, self._database.writer
        if condition.trouble is None and writer.seconds_since_write > FRESH_SECONDS:
            if self._probe is None or self._probe.done():
                self._probe = writer.probe()
            # However it ends, the condition knows; one that does not end in time waits behind other writes.
            await asyncio.to_thread(futures.wait, [self._probe], _WAIT_SECONDS)
        return condition.trouble.cause if condition.trouble else None
