"""Requests to an instance: authorised, tried again within bounds, and every failure in one plain sentence."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
import urllib3
from urllib3.exceptions import HTTPError, MaxRetryError

CONNECT_SECONDS, READ_SECONDS = 10, 30
ANSWER_LIMIT = 8 * 1024 * 1024
"""The largest answer that is read, in bytes: a page of a hundred items is a fiftieth of it."""
KEY_PREFIX = "hk_"
"""What a bot key begins with; any other credential is a token."""

_ADDRESS = "must be the address of an instance, such as https://hunch.example.org"
_SHOWN_CHARACTERS = 300
_RETRY = urllib3.Retry(
    total=6,
    connect=2,
    read=3,
    redirect=False,
    status=5,
    allowed_methods=None,  # whatever is asked here is safe to repeat
    status_forcelist=(
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    ),
    backoff_factor=0.5,
    backoff_max=8,
    retry_after_max=30,
    raise_on_status=False,
)


class RemoteError(Exception):
    """The instance was not reached, refused, or gave an answer that makes no sense; the message is for people."""


class RefusedError(RemoteError):
    """The instance refused, and changed nothing."""


class InvalidAddressError(ValueError):
    """An address is not one that an instance can have; the message says why."""


class _Problem(msgspec.Struct):
    """The part of an RFC 9457 answer that people read."""

    title: str
    detail: str | None = None


class Answer(NamedTuple):
    """What an instance answered."""

    body: bytes
    headers: Mapping[str, str]


class Connection:
    """A way to one instance.

    Args:
        url: its address, without ``/v1``.
        credential: a token or a bot key; None to ask as anybody.

    Raises:
        InvalidAddressError: the address is none.
    """

    def __init__(self, url: str, credential: str | None = None) -> None:
        self.url = _require_address(url)
        self._pool = urllib3.PoolManager(
            retries=_RETRY, timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        )
        self._headers = {"Accept": "application/json"} | _authorization(credential)

    @property
    def is_readable_by_others(self) -> bool:
        """Whether what is sent leaves this machine unencrypted."""
        parts = urlsplit(self.url)
        return parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}

    def get(self, path: str, query: Mapping[str, str] | None = None) -> bytes:
        """The body at an address below the instance's own.

        Raises:
            RemoteError: there is none.
        """
        return self._request("GET", path, self._headers, fields=query).body

    def post(self, path: str, body: bytes, key: str) -> Answer:
        """The answer to a request that its key makes safe to repeat.

        Raises:
            RemoteError: it was refused, or it is not known what became of it.
        """
        headers = self._headers | {"Content-Type": "application/json", "Idempotency-Key": key}
        return self._request("POST", path, headers, body=body)

    def close(self) -> None:
        """Close every connection."""
        self._pool.clear()

    def _request(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        fields: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        try:
            response = self._pool.request(
                method, self.url + path, body=body, fields=fields, headers=headers, preload_content=False
            )
            content = response.read(ANSWER_LIMIT + 1)
            response.release_conn()
        except HTTPError as error:
            raise RemoteError(f"{self.url} does not answer: {_reason(error)}.") from error
        if len(content) > ANSWER_LIMIT:
            raise RemoteError(f"{self.url} answers more than anybody asked for.")
        if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            raise self._failure(response.status, content)
        return Answer(content, response.headers)

    def _failure(self, status: int, content: bytes) -> RemoteError:
        """What the instance says, or that it says nothing that can be read."""
        try:
            problem = msgspec.json.decode(content, type=_Problem)
        except (msgspec.DecodeError, RecursionError):
            return RemoteError(f"{self.url} answers with status {status}. Is it the address of an instance?")
        kind = RefusedError if status < HTTPStatus.INTERNAL_SERVER_ERROR else RemoteError
        return kind(f"{self.url} refuses: {(problem.detail or problem.title)[:_SHOWN_CHARACTERS]}")


def _require_address(url: str) -> str:
    """The address without a slash at its end."""
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError as error:
        raise InvalidAddressError(_ADDRESS) from error
    if not is_address or parts.query or parts.fragment:
        raise InvalidAddressError(_ADDRESS)
    if parts.username is not None or parts.password is not None:
        raise InvalidAddressError("must not carry a password: everybody on this machine could read it")
    return url.rstrip("/")


def _authorization(credential: str | None) -> dict[str, str]:
    if credential is None:
        return {}
    scheme = "Key" if credential.startswith(KEY_PREFIX) else "Bearer"
    return {"Authorization": f"{scheme} {credential}"}


def _reason(error: HTTPError) -> str:
    """What went wrong, without the objects to which it did."""
    cause = error.reason if isinstance(error, MaxRetryError) and error.reason else error
    return str(cause).rpartition(": ")[2].rstrip(".")
