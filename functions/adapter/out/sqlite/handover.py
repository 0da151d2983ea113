"""Work that the writer's thread leaves to an event loop, so that the two do not take turns at each of its steps."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

PATIENCE_SECONDS = 0.25
"""So long the writer waits for the loop to come to it: no loop that is well takes so long for whatever it is at."""


class Handover:
    """One piece of work, done once: by the event loop, or by the writer where the loop does not come to it.

    Two threads that compute at the same time change places at each statement, and each change costs as much as several
    statements do. While the writer waits here, it keeps nobody from computing. A loop that is closed, or whose thread
    waits for the writer itself, never comes; nobody waits for it for long.

    Args:
        work: what is to be done.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._is_taken = threading.Lock()
        self._is_over = threading.Event()
        self._failure: Exception | None = RuntimeError("the work was broken off in the middle")

    def do_in(self, loop: asyncio.AbstractEventLoop) -> None:
        """In another thread than the loop's: have it done, and wait until it is.

        Raises:
            RuntimeError: it was broken off in the middle, as by a signal.
            Exception: what the work raises.
        """
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(self._do)
            self._is_over.wait(PATIENCE_SECONDS)
        self._do()
        self._is_over.wait()
        if self._failure is not None:
            raise self._failure

    def _do(self) -> None:
        """Do it, unless it is being done or has been."""
        if not self._is_taken.acquire(blocking=False):
            return
        try:
            self._work()
        except Exception as failure:  # noqa: BLE001 -- whatever it is, it is for the writer to hear
            self._failure = failure
        else:
            self._failure = None
        finally:
            self._is_over.set()
