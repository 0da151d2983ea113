"""Requests to an instance: a key kept over retries, answers decoded, errors raised, lists paged."""

import random
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from urllib.parse import quote

import httpx
import msgspec

from hunch_client.errors import HunchError, ProblemError, UnreachableError
from hunch_client.models import Problem

type Credits = Decimal | int | str
"""An amount of credits or shares, or a price; never a float, which is not exact."""
type Parameters = Sequence[tuple[str, str | int]]

PAGE = 100
_KEY = re.compile("[!-~]{1,255}")
STREAM_SILENCE_SECONDS = 45.0
"""A stream that says nothing for so long is broken: it comments every 15 s."""
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Retries:
    """How a request is tried again after a 5xx, a 429 or no answer.

    Args:
        attempts: how often it is sent at most.
        pause: seconds before the second attempt; doubled for each further one, half of it random.
        longest: seconds that a pause, and a Retry-After, may last; a longer Retry-After is raised at once.
        sleep: waits that many seconds.
    """

    attempts: int = 5
    pause: float = 0.5
    longest: float = 60.0
    sleep: Callable[[float], None] = time.sleep

    def wait(self, attempt: int) -> None:
        """Wait after that attempt, counted from 1, failed."""
        pause = min(self.longest, self.pause * 2.0 ** (attempt - 1))
        self.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 -- spreads clients, keeps no secret


class Connection:
    """A way to one instance, over an httpx client that the caller closes."""

    def __init__(self, http: httpx.Client, retries: Retries) -> None:
        self.http = http
        self.retries = retries

    def get[T](self, path: str, answer: type[T], **parameters: str | int | None) -> T:
        """The answer to a GET; parameters that are None are left out.

        Raises:
            HunchError: the instance refused, or did not answer.
        """
        query = [(name, value) for name, value in parameters.items() if value is not None]
        return self.decode(self.send("GET", path, query=query), answer)

    def pages[T](self, path: str, item: type[T], **parameters: str | int | None) -> Iterator[T]:
        """The items of a list, each page fetched when it is reached.

        Raises:
            HunchError: the instance refused, or did not answer.
        """
        name = path.rpartition("/")[2]
        cursor: str | None = None
        while True:
            page = self.get(path, dict[str, object], **parameters, limit=PAGE, cursor=cursor)
            for found in _convert(page.get(name), tuple[object, ...]):
                yield _convert(found, item)
            following = page.get("cursor")
            if following is None:
                return
            if following == cursor or not isinstance(following, str):
                raise UnreachableError(f"{path} does not go on: it gives the same cursor twice, or none.")
            cursor = following

    def write[T](self, method: str, path: str, answer: type[T], body: object = None, *, key: str | None = None) -> T:
        """The answer to a request that changes something once for each key, which is made here unless given.

        Raises:
            HunchError: the instance refused, or did not answer; its ``key`` makes the repetition safe.
        """
        return self.decode(self.send(method, path, body=body, key=new_key() if key is None else key), answer)

    def write_once[T](self, path: str, answer: type[T], body: object = None) -> T:
        """The answer to a POST that honours no key: it is sent again only where nothing can have happened.

        Raises:
            HunchError: the instance refused, or did not answer.
        """
        return self.decode(self.send("POST", path, body=body, is_repeatable=False), answer)

    def delete(self, path: str) -> None:
        """Take something away; an attempt that perhaps did so makes a later not-found a success.

        Raises:
            HunchError: the instance refused, or did not answer.
        """
        self.send("DELETE", path)

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Parameters = (),
        body: object = None,
        key: str | None = None,
        is_repeatable: bool = True,
    ) -> httpx.Response:
        """The response of the first attempt that succeeds.

        Raises:
            ProblemError: the instance refused, or still fails after the last attempt.
            UnreachableError: it does not answer.
            ValueError: the key is none.
        """
        if key is not None and not _KEY.fullmatch(key):
            raise ValueError("an idempotency key has 1 to 255 visible ASCII characters")
        request = self.http.build_request(
            method,
            path,
            params=list(query),
            content=None if body is None else msgspec.json.encode(body),
            headers=({"Content-Type": "application/json"} if body is not None else {})
            | ({"Idempotency-Key": key} if key else {}),
        )
        is_doubtful = False
        for attempt in range(1, self.retries.attempts + 1):
            is_last = attempt == self.retries.attempts
            try:
                response = self.http.send(request)
            except httpx.TransportError as error:
                was_sent = not isinstance(error, _NEVER_SENT)
                is_doubtful = is_doubtful or was_sent
                if is_last or (was_sent and not is_repeatable):
                    raise UnreachableError(_unreachable(request, error), key if is_doubtful else None) from error
                self.retries.wait(attempt)
                continue
            if response.is_success or (is_doubtful and _is_gone(method, response)):
                return response
            is_limited = response.status_code == HTTPStatus.TOO_MANY_REQUESTS
            has_failed = response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
            # Any other refusal says that nothing was done, also by an earlier attempt with this key.
            is_doubtful = has_failed or (is_doubtful and is_limited)
            may_repeat = is_limited or (has_failed and is_repeatable)
            if is_last or not may_repeat or not self._pause(response, attempt):
                raise _problem(response, key if is_doubtful else None)
        raise AssertionError("the last attempt returns or raises")

    @staticmethod
    def decode[T](response: httpx.Response, answer: type[T]) -> T:
        """What a response says.

        Raises:
            UnreachableError: it is no answer of an instance.
        """
        try:
            return msgspec.json.decode(response.content, type=answer)
        except _UNREADABLE as error:
            raise UnreachableError(f"{response.url} answers what no instance does: {error}.") from error

    @contextmanager
    def stream(self, path: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """An open response, as long as the block lasts.

        Raises:
            ProblemError: the instance refused.
            httpx.TransportError: it does not answer, or stops.
        """
        timeout = httpx.Timeout(**self.http.timeout.as_dict() | {"read": STREAM_SILENCE_SECONDS})
        with self.http.stream("GET", path, headers=headers, timeout=timeout) as response:
            if not response.is_success:
                response.read()
                raise _problem(response, None)
            yield response

    def _pause(self, response: httpx.Response, attempt: int) -> bool:
        """Wait as long as the instance asks, or as long as usual; False where it asks for too much."""
        after = response.headers.get("Retry-After", "")
        if not after.isdecimal():
            self.retries.wait(attempt)
        elif float(after) <= self.retries.longest:
            self.retries.sleep(float(after))
        else:
            return False
        return True


def new_key() -> str:
    """An idempotency key that nobody has used."""
    return secrets.token_hex(16)


def segment(text: str) -> str:
    """Text as one segment of a path."""
    return quote(text, safe="")


def amount(value: Credits) -> str:
    """An amount in the notation of the API.

    Raises:
        TypeError: it is a float.
        ValueError: it is no number.
    """
    if isinstance(value, float):
        raise TypeError("an amount is a Decimal, an int or a str: a float is not exact")
    number = Decimal(value) if not isinstance(value, str) else _decimal(value)
    return f"{number:f}"


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError as error:
        raise ValueError(f"{text!r} is no number") from error


def _convert[T](value: object, kind: type[T]) -> T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise UnreachableError(f"This is no answer of an instance: {error}.") from error


def _is_gone(method: str, response: httpx.Response) -> bool:
    """Whether what an earlier attempt perhaps deleted is not there."""
    return method == "DELETE" and response.status_code == HTTPStatus.NOT_FOUND


def _problem(response: httpx.Response, key: str | None) -> HunchError:
    try:
        return ProblemError(msgspec.json.decode(response.content, type=Problem), key)
    except _UNREADABLE:
        message = f"{response.url} answers with status {response.status_code}. Is it the address of an instance?"
        return UnreachableError(message, key)


def _unreachable(request: httpx.Request, error: httpx.TransportError) -> str:
    return f"{request.url.copy_with(path='/', query=None)} does not answer: {str(error) or type(error).__name__}."
