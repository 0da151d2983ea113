"""An event loop in which time is a number: nothing waits, nothing is threaded, and every run is the same."""

import asyncio
from asyncio import events
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context
from heapq import heappop, heappush
from itertools import count
from typing import Any, cast

type Steps[R] = Generator[float, None, R]
"""Work that takes time: it yields how long each of its steps takes, and returns what came of it."""

type _Due = asyncio.TimerHandle | tuple[Steps[Any], asyncio.Future[Any]]
"""What waits for its time: a callback, or steps with the future of their result, which need no handle."""


class VanishedError(Exception):
    """Raised by steps whose result nobody will ever get."""


class VirtualLoop(asyncio.AbstractEventLoop):
    """Runs callbacks in the order of their virtual time, those of one instant in the order in which they came.

    What a program hands to threads must be a function that returns :data:`Steps`; they are taken in virtual time, which
    is how calls of a blocking client interleave.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._ready: deque[asyncio.Handle] = deque()
        self._timers: list[tuple[float, int, _Due]] = []
        self._numbers = count()
        self._tasks: list[asyncio.Task[Any]] = []
        self.errors: list[dict[str, Any]] = []

    def time(self) -> float:
        """Seconds since the beginning."""
        return self._now

    def call_soon[*Ts](
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        """Call it at this instant, after what was asked for before."""
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_at[*Ts](
        self, when: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Call it at that time."""
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        heappush(self._timers, (when, next(self._numbers), handle))
        return handle

    def call_later[*Ts](
        self, delay: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Call it after that long."""
        return self.call_at(self._now + delay, callback, *args, context=context)

    def create_future(self) -> asyncio.Future[Any]:
        """A future of this loop."""
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, **kwargs: Any) -> asyncio.Task[Any]:
        """A task of this loop; one that is never finished is forgotten without complaint, as a crash forgets it."""
        task: asyncio.Task[Any] = asyncio.Task(coro, loop=self, **kwargs)
        cast("Any", task)._log_destroy_pending = False
        self._tasks.append(task)
        return task

    def run_in_executor[*Ts](self, executor: Any, func: Callable[[*Ts], Any], *args: *Ts) -> asyncio.Future[Any]:
        """Take the steps that the function returns."""
        future = self.create_future()
        self._step(func(*args), future)
        return future

    def begin(self, steps: Steps[None]) -> None:
        """Take steps for whose result nobody waits."""
        self._step(steps, self.create_future())

    def sleep(self, seconds: float) -> asyncio.Future[None]:
        """A future that is done after that long."""
        future = self.create_future()
        self.call_later(seconds, _finish, future)
        return future

    def run[R](self, main: Coroutine[Any, Any, R]) -> R:
        """Run until the coroutine is done."""
        events._set_running_loop(self)
        try:
            task: asyncio.Task[R] = self.create_task(main)
            while not task.done():
                self._run_next()
            return task.result()
        finally:
            events._set_running_loop(None)

    def get_debug(self) -> bool:
        """No."""
        return False

    def is_running(self) -> bool:
        """Yes: it is asked from within."""
        return True

    def is_closed(self) -> bool:
        """No."""
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Keep what nobody has looked at."""
        self.errors.append(context)

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """It is passed over when its time comes."""

    def _run_next(self) -> None:
        if not self._ready:
            if not self._timers:
                raise RuntimeError("everybody waits, and nothing will ever happen")
            self._now, _, due = heappop(self._timers)
            if not isinstance(due, asyncio.Handle):
                self._step(*due)
                return
            self._ready.append(due)
        handle = self._ready.popleft()
        if not handle.cancelled():
            handle._run()

    def _step(self, steps: Steps[Any], future: asyncio.Future[Any]) -> None:
        try:
            delay = next(steps)
        except StopIteration as end:
            if not future.done():
                future.set_result(end.value)
        except VanishedError:
            pass
        except Exception as error:  # noqa: BLE001  (whoever waits gets it, whatever it is)
            if not future.done():
                future.set_exception(error)
        else:
            heappush(self._timers, (self._now + delay, next(self._numbers), (steps, future)))


def create_virtual_loop() -> VirtualLoop:
    """A loop at time zero. What it lacks of an event loop, nobody in a simulation may call."""
    made: type[Any] = VirtualLoop
    loop: VirtualLoop = made()
    return loop


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
