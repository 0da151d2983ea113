"""The client."""

import re
from typing import Self

import httpx

from hunch_client.accounts import Accounts
from hunch_client.connection import Connection, Retries
from hunch_client.events import Events
from hunch_client.markets import Markets
from hunch_client.programs import Programs
from hunch_client.trading import Trading

KEY_PREFIX = "hk_"
"""What a bot key begins with; any other credential is a token."""
_CONNECT_SECONDS = 10.0
_CREDENTIAL = re.compile("[!-~]{1,8192}")


class Hunch(Markets, Trading, Accounts, Programs, Events):
    """An instance of Hunch; one client may be used by several threads.

    Args:
        url: its address, without ``/v1``.
        credential: a bot key (``hk_…``) or a token; None to ask as anybody.
        timeout: seconds that an answer may take.
        retries: how a request is tried again.
        transport: how requests travel, for tests; over the network when None.

    Raises:
        ValueError: the address or the credential is none.
    """

    def __init__(
        self,
        url: str,
        credential: str | None = None,
        *,
        timeout: float = 30.0,
        retries: Retries | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"{url!r} is no address of an instance, such as https://hunch.example.org")
        if credential is not None and not _CREDENTIAL.fullmatch(credential):
            raise ValueError("a credential is one line of visible ASCII characters, without blanks")
        headers = {"Accept": "application/json"}
        if credential is not None:
            headers["Authorization"] = f"{'Key' if credential.startswith(KEY_PREFIX) else 'Bearer'} {credential}"
        http = httpx.Client(
            base_url=url,
            headers=headers,
            timeout=httpx.Timeout(timeout, connect=min(timeout, _CONNECT_SECONDS)),
            transport=transport,
        )
        self._connection = Connection(http, retries or Retries())

    def close(self) -> None:
        """Close every connection."""
        self._connection.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
