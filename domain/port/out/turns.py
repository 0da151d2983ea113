"""Taking turns at what many want to change at once."""

from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Protocol


class Turns(Protocol):
    """Lets requests that would only race one another go one after the other.

    It spares work and waiting; what keeps money safe are the conditions of the writes, with turns or without.
    """

    def take(self, subject: str) -> AbstractAsyncContextManager[object]:
        """A context that is entered when it is this request's turn at the subject, first come first served."""
        ...


class NoTurns:
    """The Turns of a process that serves one request at a time, or cannot know of the others."""

    def take(self, subject: str) -> AbstractAsyncContextManager[object]:
        """Go ahead."""
        return nullcontext()
