"""Messages that were received from an SQS queue."""

import logging
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_logger = logging.getLogger(__name__)


class QueueMessages:
    """The messages of one queue.

    Args:
        connect: makes the client, once it is needed.
        queue_url: the queue's.
    """

    def __init__(self, connect: Callable[[], "SQSClient"], queue_url: str) -> None:
        self._connect = connect
        self._queue_url = queue_url

    @cached_property
    def _client(self) -> "SQSClient":
        return self._connect()

    def show_in(self, seconds: int, receipt: str) -> None:
        """Let a message come again that soon. Where that fails, it comes once the queue takes its worker for dead."""
        try:
            self._client.change_message_visibility(
                QueueUrl=self._queue_url, ReceiptHandle=receipt, VisibilityTimeout=seconds
            )
        except (ClientError, BotoCoreError):
            _logger.warning("a message comes again later than it could", exc_info=True)
