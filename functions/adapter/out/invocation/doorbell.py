"""Rings as invocations that nobody waits for: Lambda keeps each, and makes it again where it fails."""

import asyncio
import json
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from domain.port.out.doorbell import Ring, RingLostError
from functions.adapter.out.aws_client import create_ringing_client

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

type Client = LambdaClient


def create_client() -> Client:
    """A client that may repeat an invocation: answering a ring twice is harmless."""
    client: Client = create_ringing_client("lambda")
    return client


class InvocationDoorbell:
    """The Doorbell.

    Args:
        connect: makes the client, once somebody rings: a reader that hardly ever does should not wait for it.
        function: the name of the function that answers.
    """

    def __init__(self, connect: Callable[[], Client], function: str) -> None:
        self._connect = connect
        self._function = function

    @cached_property
    def _client(self) -> Client:
        return self._connect()

    async def ring(self, rings: Sequence[Ring]) -> None:
        """Invoke the function for each market and subject."""
        concerned = dict.fromkeys((ring.market, ring.subject) for ring in rings)
        await asyncio.gather(*(asyncio.to_thread(self._invoke, *each) for each in concerned))

    def _invoke(self, market: str, subject: str) -> None:
        payload = json.dumps({"market": market, **({"subject": subject} if subject else {})})
        try:
            self._client.invoke(FunctionName=self._function, InvocationType="Event", Payload=payload)
        except (ClientError, BotoCoreError) as error:
            raise RingLostError(f"nobody was told to answer a ring for {market}") from error
