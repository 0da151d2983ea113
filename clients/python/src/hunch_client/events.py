"""Events of a market as iterators that go on where they were."""

from collections.abc import Generator, Iterator
from http import HTTPStatus

import httpx
import msgspec

from hunch_client.connection import Connection, segment
from hunch_client.errors import ProblemError, UnreachableError
from hunch_client.models import Event

PAGE = 500
POLL_SECONDS = 2.0
"""How often an instance without streams is asked for more."""


class _EventPage(msgspec.Struct):
    events: tuple[Event, ...]
    position: int


class Events:
    """What happens to markets."""

    _connection: Connection

    def events(self, slug: str, *, after: int = 0) -> Iterator[Event]:
        """What happened to a market after a position, oldest first; ends with the latest.

        Raises:
            HunchError: the instance refused, or did not answer.
        """
        path = f"/v1/markets/{segment(slug)}/events"
        while page := self._connection.get(path, _EventPage, after=after, limit=PAGE).events:
            yield from page
            after = page[-1].position

    def stream(self, slug: str, *, after: int = 0) -> Generator[Event]:
        """What happened to a market after a position, and what happens from now on, each once and in order.

        It never ends by itself: a connection that breaks is made again, and where the instance has no streams it
        is asked every 2 s.

        Raises:
            HunchError: the instance refused, or did not answer several times in a row.
        """
        failures = 0
        while True:
            try:
                for event in self._connected(slug, after):
                    failures = 0
                    if event.position > after:
                        after = event.position
                        yield event
            except ProblemError as problem:
                if problem.code == "not-found":
                    break
                failures = self._pause(problem, failures)
            except httpx.TransportError as error:
                failures = self._pause(UnreachableError(f"the stream broke off: {error!r}"), failures)
        while True:
            for event in self.events(slug, after=after):
                after = event.position
                yield event
            self._connection.retries.sleep(POLL_SECONDS)

    def _connected(self, slug: str, after: int) -> Iterator[Event]:
        """The events of one connection."""
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": str(after)} if after else {})
        with self._connection.stream(f"/v1/markets/{segment(slug)}/stream", headers) as response:
            for line in _lines(response):
                name, _, value = line.partition(":")
                if name == "data":
                    yield msgspec.json.decode(value.removeprefix(" "), type=Event)

    def _pause(self, failure: ProblemError | UnreachableError, failures: int) -> int:
        """Wait before the next connection; one failure more."""
        is_passing = not isinstance(failure, ProblemError) or (
            failure.status >= HTTPStatus.INTERNAL_SERVER_ERROR or failure.status == HTTPStatus.TOO_MANY_REQUESTS
        )
        if not is_passing or failures + 1 >= self._connection.retries.attempts:
            raise failure
        self._connection.retries.wait(failures + 1)
        return failures + 1


def _lines(response: httpx.Response) -> Iterator[str]:
    """The lines of a stream of events: unlike those of text, they end with a line feed alone."""
    rest = ""
    for text in response.iter_text():
        *lines, rest = (rest + text).split("\n")
        for line in lines:
            yield line.removesuffix("\r")
