"""Hints by AppSync Events: each is a message of its market's channel, published over HTTP and signed by the role."""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session

from domain.model.kernel.notation import format_micros
from domain.port.out.hints import Hint

PATIENCE_SECONDS = 3.0
"""How long all hints of a batch may take together."""
TIMEOUT_SECONDS = 2
"""How long one hint may take to connect, and then for its answer."""
_LOGGER = logging.getLogger(__name__)


class HintRefusedError(Exception):
    """AppSync did not take a hint."""


class AppSyncHints:
    """The Hints.

    Args:
        url: where hints are posted to: the API's HTTP endpoint, and ``/event``.
        create_signer: makes what signs requests, for each anew: a role's credentials change every few hours.
        session: what sends them.
        patience: how long all hints of a batch may take, in seconds.
    """

    def __init__(
        self,
        url: str,
        create_signer: Callable[[], SigV4Auth],
        session: URLLib3Session,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._url = url
        self._create_signer = create_signer
        self._session = session
        self._patience = patience

    async def publish(self, hints: Sequence[Hint]) -> int:
        """Post all of them at once, and wait no longer than there is patience."""
        posts = [asyncio.create_task(asyncio.to_thread(self._post, hint)) for hint in hints]
        if not posts:
            return 0
        done, late = await asyncio.wait(posts, timeout=self._patience)
        for post in late:
            post.cancel()
        failures = [error for post in done if (error := post.exception())]
        for error in failures:
            if not isinstance(error, HintRefusedError | BotoCoreError):
                raise error
        if failures:
            _LOGGER.warning("hints were lost: %d refused, such as: %s", len(failures), failures[0])
        if late:
            _LOGGER.warning("hints were lost: %d took longer than %s seconds", len(late), self._patience)
        return len(failures) + len(late)

    def _post(self, hint: Hint) -> None:
        request = AWSRequest("POST", self._url, {"Content-Type": "application/json"}, _message(hint))
        self._create_signer().add_auth(request)
        answer = self._session.send(request.prepare())
        if answer.status_code != HTTPStatus.OK or json.loads(answer.content).get("failed"):
            raise HintRefusedError(f"{answer.status_code} {answer.content[:200]!r}")


def channel_of(market: str) -> str:
    """The channel in which pages listen for hints of a market."""
    return f"/markets/{market}"


def _message(hint: Hint) -> str:
    prices = {price.outcome: format_micros(price.price) for price in hint.prices}
    event = json.dumps({"position": hint.position, "prices": prices}, separators=(",", ":"))
    return json.dumps({"channel": channel_of(hint.market), "events": [event]})
