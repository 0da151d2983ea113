"""Turns among the requests of one process."""

import asyncio
from contextlib import AbstractAsyncContextManager
from weakref import WeakValueDictionary


class ProcessTurns:
    """The Turns of a server that is alone with its database: one lock for each subject that anybody wants."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def take(self, subject: str) -> AbstractAsyncContextManager[object]:
        """A context that is entered when all who came before have left theirs."""
        return self._locks.setdefault(subject, asyncio.Lock())
