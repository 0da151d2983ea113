"""The one way to DynamoDB: bounded retries of reads, no retries of writes, every error told apart.

botocore is called directly although its calls block: a Lambda environment serves one request at a time, and a thread
costs more than it frees. Where one invocation does many things at once, ``threads`` hands the calls to threads.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, IncompleteReadError
from botocore.exceptions import ConnectionError as BotocoreConnectionError
from botocore.parsers import ResponseParserError

from domain.model.kernel.errors import ContentionError
from domain.port.out.clock import Clock, Random
from functions.adapter.out.aws_client import create_aws_client
from functions.adapter.out.dynamodb.layout.item import Item, ItemKey
from functions.adapter.out.dynamodb.tables import PARTITION, SORT, Client, Index, Tables

READ_ATTEMPTS = 4
BATCH_KEYS = 100
_BASE_SECONDS = 0.025
_BUSY_CODES = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
        "TransactionInProgressException",
        "TransactionConflictException",
    }
)
"""Nothing was done, and the same request may succeed later."""
_ABSENT_CODES = frozenset({"ValidationException", "ResourceNotFoundException"})
"""What a query of an index that a table has not is refused with."""
_LOST = (BotocoreConnectionError, HTTPClientError, IncompleteReadError, ResponseParserError)
"""A request or its answer was lost on the way: a read may be repeated, a write was done or not."""
_CONDITION_FAILED = "ConditionalCheckFailedException"
"""What a write that is alone is refused with."""
_CANCELED = "TransactionCanceledException"
_CONTENDED_REASONS = frozenset(
    {"ConditionalCheckFailed", "TransactionConflict", "ProvisionedThroughputExceeded", "ThrottlingError"}
)


class TransactionRefusedError(Exception):
    """No item was written, since these did not find what they expect or met another request.

    Args:
        indexes: the places, in the transaction, of the items that failed.
    """

    def __init__(self, indexes: Sequence[int]) -> None:
        super().__init__(f"items {list(indexes)} failed")
        self.indexes = indexes


class TransactionInDoubtError(Exception):
    """All items were written or none, and the answer was lost."""


def create_client() -> Client:
    """A client that never repeats, and gives up so soon that the last of all attempts ends within a function's time."""
    config = Config(
        connect_timeout=1,
        read_timeout=2,
        retries={"total_max_attempts": 1},
        max_pool_connections=16,
        # DynamoDB validates what it is asked; to do it here as well was half of the processor time of a transaction.
        parameter_validation=False,
    )
    client: Client = create_aws_client("dynamodb", config)
    return client


def connect(client: Client, tables: Tables) -> None:
    """Ask for an item that is not there: the connection is then open, and loaded what a first request loads.

    For the start of an environment, for which Lambda gives processor time freely. Whatever fails is left to the first
    request that needs it, which can be repeated and tells of it.
    """
    nowhere = ItemKey("-", "-").attributes()
    with suppress(BotoCoreError, ClientError, ResponseParserError):
        client.batch_get_item(RequestItems={tables.core: {"Keys": [nowhere], "ConsistentRead": False}})


class DynamoGateway:
    """Both tables, behind the few calls that the adapter needs."""

    def __init__(self, client: Client, tables: Tables, clock: Clock, random: Random, *, threads: bool = False) -> None:
        self.tables = tables
        self.client = client
        self.clock = clock
        self._random = random
        self._threads = threads

    async def get(self, keys: Sequence[Mapping[str, Any]], *, consistent: bool) -> list[Item]:
        """The items of these primary keys in the core table, in any order; absent ones are left out.

        Raises:
            ContentionError: DynamoDB was too busy.
        """
        found: list[Item] = []
        for start in range(0, len(keys), BATCH_KEYS):
            found += await self._get_batch(keys[start : start + BATCH_KEYS], consistent=consistent)
        return found

    async def query(
        self,
        index: Index,
        partition: str,
        *,
        below: str | None = None,
        above: str | None = None,
        limit: int,
        forward: bool = False,
        consistent: bool = False,
    ) -> list[Item]:
        """The next items of an index's partition, in the order of its sort key; it may trail behind.

        Args:
            index: an index of one of the tables.
            partition: the value of its partition key.
            below: only sort keys before this one.
            above: only sort keys after this one.
            limit: how many items at the most.
            forward: whether the order is ascending.
            consistent: whether it must not trail behind; only a table itself can do that.
        """
        names = {"#partition": index.partition, "#sort": index.sort}
        condition, values = "#partition = :partition", {":partition": {"S": partition}}
        for bound, operator in ((below, "<"), (above, ">")):
            if bound is not None:
                condition += f" AND #sort {operator} :bound"
                values[":bound"] = {index.sort_type: bound}
        if len(values) == 1:
            del names["#sort"]
        return await self._collect(
            limit,
            TableName=self.tables.ledger if index.is_of_ledger else self.tables.core,
            **({"IndexName": index.name} if index.name else {}),
            KeyConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
            ScanIndexForward=forward,
            **({"ConsistentRead": True} if consistent else {}),
        )

    async def has_index(self, index: Index) -> bool:
        """Whether an index is there: a table of an earlier release that was adopted may be without it."""
        try:
            await self.query(index, "-", limit=1)
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT_CODES:
                return False
            raise
        return True

    async def query_span(self, partition: str, first: str, last: str) -> list[Item]:
        """The items of a partition of the core table whose sort keys lie between two, these included, ascending."""
        return await self._collect(
            None,
            TableName=self.tables.core,
            KeyConditionExpression="#partition = :partition AND #sort BETWEEN :first AND :last",
            ExpressionAttributeNames={"#partition": PARTITION, "#sort": SORT},
            ExpressionAttributeValues={":partition": {"S": partition}, ":first": {"S": first}, ":last": {"S": last}},
        )

    async def scan(
        self, sorts: Sequence[str], after: Mapping[str, Any] | None, *, lacking: str | None = None
    ) -> tuple[list[Item], Item | None]:
        """The primary keys of some items of the core table, in no order, and where to go on; None at the end.

        It reads a megabyte and finds what there is in it: perhaps nothing.

        Args:
            sorts: only items of these sort keys.
            after: where the scan before ended.
            lacking: only items without this attribute; None for all.
        """
        values = {f":sort{place}": {"S": sort} for place, sort in enumerate(sorts)}
        absent = "" if lacking is None else " AND attribute_not_exists(#lacking)"
        answer = await self._read(
            self.client.scan,
            TableName=self.tables.core,
            ProjectionExpression="#partition, #sort",
            FilterExpression=f"#sort IN ({', '.join(values)}){absent}",
            ExpressionAttributeNames={
                "#partition": PARTITION,
                "#sort": SORT,
                **({"#lacking": lacking} if lacking is not None else {}),
            },
            ExpressionAttributeValues=values,
            **({"ExclusiveStartKey": after} if after else {}),
        )
        return answer["Items"], answer.get("LastEvaluatedKey")

    async def scan_items(
        self, table: str, after: Mapping[str, Any] | None, *, only_keys: bool = False
    ) -> tuple[list[Item], Item | None]:
        """A megabyte of the items of a table, as last written, in no order, and where to go on; None at the end."""
        start: dict[str, Any] = {"ExclusiveStartKey": after} if after else {}
        if only_keys:
            start |= {"ProjectionExpression": "#partition, #sort"}
            start |= {"ExpressionAttributeNames": {"#partition": PARTITION, "#sort": SORT}}
        answer = await self._read(self.client.scan, TableName=table, ConsistentRead=True, **start)
        return answer["Items"], answer.get("LastEvaluatedKey")

    async def query_table(self, partition: str, prefix: str) -> list[Item]:
        """All items of a partition of the core table whose sort key begins so, consistently."""
        return await self._collect(
            None,
            TableName=self.tables.core,
            KeyConditionExpression="#partition = :partition AND begins_with(#sort, :prefix)",
            ExpressionAttributeNames={"#partition": PARTITION, "#sort": SORT},
            ExpressionAttributeValues={":partition": {"S": partition}, ":prefix": {"S": prefix}},
            ConsistentRead=True,
        )

    async def write(self, item: Item) -> None:
        """Do one write of a transaction alone; see :meth:`transact`."""
        ((kind, request),) = item.items()
        operation = self.client.put_item if kind == "Put" else self.client.delete_item
        try:
            await self._call(operation, **request)
        except ClientError as error:
            _refuse_transaction(error, 1)
            raise
        except _LOST as error:
            raise TransactionInDoubtError from error

    async def transact(self, writes: Sequence[Item]) -> None:
        """Write all items or none. Never repeated here: only its caller knows whether that is safe.

        Raises:
            TransactionRefusedError: nothing was written, for reasons of conditions or contention.
            TransactionInDoubtError: the answer was lost.
            ClientError: nothing was written, and it never will be: a permission is missing, say.
        """
        try:
            await self._call(self.client.transact_write_items, TransactItems=writes)
        except ClientError as error:
            _refuse_transaction(error, len(writes))
            raise
        except _LOST as error:
            raise TransactionInDoubtError from error

    async def _collect(self, limit: int | None, **query: object) -> list[Item]:
        """The items of a query, up to the limit; it is asked again where an answer stopped at a megabyte."""
        items: list[Item] = []
        while True:
            bound = {} if limit is None else {"Limit": limit - len(items)}
            answer = await self._read(self.client.query, **query, **bound)
            items += answer["Items"]
            if len(items) == limit or "LastEvaluatedKey" not in answer:
                return items
            query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    async def _get_batch(self, keys: Sequence[Mapping[str, Any]], *, consistent: bool) -> list[Item]:
        """One BatchGetItem, repeated for what DynamoDB was too busy to look up."""
        found: list[Item] = []
        for delay in self._delays():
            request = {self.tables.core: {"Keys": list(keys), "ConsistentRead": consistent}}
            answer = await self._read(self.client.batch_get_item, RequestItems=request)
            found += answer["Responses"].get(self.tables.core, [])
            unprocessed = answer.get("UnprocessedKeys", {}).get(self.tables.core)
            if not unprocessed:
                return found
            keys = unprocessed["Keys"]
            await self.clock.sleep(delay)
        raise ContentionError

    async def _read[R](self, operation: Callable[..., R], **parameters: object) -> R:
        """A call that may be repeated."""
        failure: Exception | None = None
        for delay in self._delays():
            try:
                return await self._call(operation, **parameters)
            except ClientError as error:
                if not _is_busy(error) and not _is_broken(error):
                    raise
                failure = error
            except _LOST as error:
                failure = error
            await self.clock.sleep(delay)
        raise ContentionError from failure

    async def _call[R](self, operation: Callable[..., R], **parameters: object) -> R:
        if self._threads:
            return await asyncio.to_thread(operation, **parameters)
        return operation(**parameters)

    def _delays(self) -> Iterator[float]:
        """For each attempt, how long to wait after it: full jitter."""
        for attempt in range(READ_ATTEMPTS):
            yield self._random.uniform(0, _BASE_SECONDS * 2**attempt)


def _is_busy(error: ClientError) -> bool:
    """Whether nothing was done, and the same request may succeed later."""
    return error.response["Error"]["Code"] in _BUSY_CODES


def _is_broken(error: ClientError) -> bool:
    """Whether the service failed, in whatever words: a read may be repeated, a write was done or not."""
    return error.response["ResponseMetadata"]["HTTPStatusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR


def _refuse_transaction(error: ClientError, size: int) -> None:
    """Tell the refusals and doubts of a transaction apart; return for what is neither.

    Raises:
        TransactionRefusedError: nothing was written, and the same may succeed later.
        TransactionInDoubtError: it was written or not.
    """
    if _is_busy(error):
        raise TransactionRefusedError(range(size)) from error
    if _is_broken(error):
        raise TransactionInDoubtError from error
    if error.response["Error"]["Code"] == _CONDITION_FAILED:
        raise TransactionRefusedError(range(size)) from error
    if error.response["Error"]["Code"] == _CANCELED:
        reasons = [reason.get("Code", "None") for reason in error.response.get("CancellationReasons", [])]
        if all(reason == "None" or reason in _CONTENDED_REASONS for reason in reasons):
            raise TransactionRefusedError(
                [place for place, reason in enumerate(reasons) if reason != "None"]
            ) from error
