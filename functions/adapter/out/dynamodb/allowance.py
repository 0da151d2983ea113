"""What callers may still ask, in a table of its own: nothing there is worth keeping longer than two minutes.

The generic cell rate algorithm: one instant per caller says until when their requests are paid off. A request moves it
on by what it costs, and it may be a minute ahead of now at most.
"""

import logging
from collections.abc import Mapping
from math import ceil
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from domain.port.out.clock import Clock
from functions.adapter.out.dynamodb.tables import CALLER, Client
from functions.registry.deployed import EXPIRES_AT

_PAID_OFF_AT = "paid_off_at"
_SECOND = 1_000_000
_WINDOW = 60 * _SECOND
_CONDITION_FAILED = "ConditionalCheckFailedException"
_logger = logging.getLogger(__name__)


class DynamoAllowance:
    """The allowances of all callers. All instants are microseconds of the epoch.

    Args:
        client: of DynamoDB.
        table: the name of the table of callers.
        requests_per_minute: what each may ask.
        clock: the time, which is the same for all processes but for milliseconds.
    """

    def __init__(self, client: Client, table: str, requests_per_minute: int, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._cost = -(-_WINDOW // requests_per_minute)
        self._clock = clock

    async def take(self, caller: str, requests: int) -> int:
        """See :class:`Allowance`. Mostly one write unit: whoever asks slowly is paid off by the next time."""
        now, cost = int(self._clock.now().timestamp() * _SECOND), requests * self._cost
        latest = now + _WINDOW - cost
        try:
            paid_off_at = self._begin(caller, now, cost)
            if paid_off_at is not None and paid_off_at <= latest:
                paid_off_at = self._go_on(caller, now, cost, latest)
        except (ClientError, BotoCoreError):
            _logger.warning("nobody can tell how often a caller has asked, so the request passes", exc_info=True)
            return 0
        return 0 if paid_off_at is None else max(1, ceil((paid_off_at - latest) / _SECOND))

    def _begin(self, caller: str, now: int, cost: int) -> int | None:
        """Take them for a caller who is paid off."""
        return self._update(
            caller,
            now,
            f"SET {_PAID_OFF_AT} = :then, {EXPIRES_AT} = :gone",
            f"attribute_not_exists({_PAID_OFF_AT}) OR {_PAID_OFF_AT} <= :now",
            {":then": now + cost, ":now": now},
        )

    def _go_on(self, caller: str, now: int, cost: int, latest: int) -> int | None:
        """Take them for a caller who is not paid off, unless others have taken what there was meanwhile."""
        return self._update(
            caller,
            now,
            f"SET {_PAID_OFF_AT} = {_PAID_OFF_AT} + :cost, {EXPIRES_AT} = :gone",
            f"{_PAID_OFF_AT} <= :latest",
            {":cost": cost, ":latest": latest},
        )

    def _update(self, caller: str, now: int, update: str, condition: str, values: Mapping[str, int]) -> int | None:
        """Change a caller's item on a condition.

        Returns:
            None when it was changed; otherwise until when the caller is paid off, which costs no read.
        """
        gone = (now + 2 * _WINDOW) // _SECOND  # later than any instant that the item may have
        try:
            self._client.update_item(
                TableName=self._table,
                Key={CALLER: {"S": caller}},
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeValues={
                    name: {"N": str(number)} for name, number in [*values.items(), (":gone", gone)]
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != _CONDITION_FAILED:
                raise
            answer: Mapping[str, Any] = {**error.response}
            # An item that has expired meanwhile is no longer there: its caller was paid off.
            return int(answer["Item"][_PAID_OFF_AT]["N"]) if "Item" in answer else now
        return None
