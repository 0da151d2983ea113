"""Rings as messages of a FIFO queue: one group for each market, so that its rings are answered one by one."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import batched
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from domain.port.out.doorbell import Ring, RingLostError
from functions.adapter.out.aws_client import create_ringing_client

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

type Client = SQSClient

_BATCH = 10


def create_client() -> Client:
    """A client that may repeat a message: the queue knows it by its occasion."""
    client: Client = create_ringing_client("sqs")
    return client


class SqsDoorbell:
    """The Doorbell.

    Args:
        connect: makes the client, once somebody rings: a reader that hardly ever does should not wait for it.
        queue_url: the queue's.
    """

    def __init__(self, connect: Callable[[], Client], queue_url: str) -> None:
        self._connect = connect
        self._queue_url = queue_url

    @cached_property
    def _client(self) -> Client:
        return self._connect()

    async def ring(self, rings: Sequence[Ring]) -> None:
        """Send a message for each."""
        for batch in batched(rings, _BATCH, strict=False):
            await asyncio.to_thread(self._send, batch)

    def _send(self, rings: Sequence[Ring]) -> None:
        entries: list[SendMessageBatchRequestEntryTypeDef] = [
            {
                "Id": str(place),
                "MessageBody": json.dumps(
                    {"market": ring.market, **({"subject": ring.subject} if ring.subject else {})}
                ),
                "MessageGroupId": _digest(ring.market, ring.subject) if ring.subject else ring.market,
                "MessageDeduplicationId": _digest(ring.market, *filter(None, [ring.subject]), ring.occasion),
            }
            for place, ring in enumerate(rings)
        ]
        try:
            answer = self._client.send_message_batch(QueueUrl=self._queue_url, Entries=entries)
        except (ClientError, BotoCoreError) as error:
            raise RingLostError(f"the queue took none of {len(entries)} rings") from error
        if failed := answer.get("Failed"):
            raise RingLostError(f"the queue refused {len(failed)} of {len(entries)} rings: {failed[0]['Code']}")


def _digest(*parts: str) -> str:
    """A name for these parts that a queue takes, however long they are."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
