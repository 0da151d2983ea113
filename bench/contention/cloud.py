"""DynamoDB as it is met by many at once: locks of transactions, limits of partitions, latencies, and a meter."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from bench.contention.latency import (
    LOOKING,
    MEMORY_MB,
    QUERY,
    READING,
    TRANSACTION,
    WRITING_ALONE,
    Processor,
    read,
    transaction,
    write_alone,
)
from functions.adapter.out.dynamodb.tables import CORE_INDEXES, LEDGER_INDEXES, Index
from tests.integration.dynamodb.metering import READ_BYTES, index_units, read_units, size_within, write_units
from tests.simulation.expressions import Item, refusal
from tests.simulation.store import TABLES, Place, PreparedWrite, Store, canceled, prepare_one
from tests.simulation.virtual_loop import Steps

PARTITION_WRITES, PARTITION_READS = 1000, 3000
"""The units a second of one partition key. A second of them may be saved up."""
_PAGE = 19
_LOCKED_AFTER, _LOCKED_FOR = 0.3, 0.5
"""When in its latency a transaction is prepared, and for what part of it its items are locked."""


class Meter:
    """What was done and what it costs.

    Args:
        calls: how many of each operation.
        failed: how many of them were refused, by operation and reason.
        worker_seconds: of functions that no request waits in.
    """

    def __init__(self) -> None:
        self.calls, self.failed = Counter[str](), Counter[tuple[str, str]]()
        self.read_units, self.write_units, self.index_units = 0.0, 0, 0
        self.worker_seconds = 0.0


class Limits:
    """What partitions have left of their units."""

    def __init__(self, per_second: int, now: Callable[[], float]) -> None:
        self._per_second, self._now = per_second, now
        self._left: dict[tuple[str, str], tuple[float, float]] = {}
        self._swept = 0.0

    def take(self, partition: tuple[str, str], units: float) -> bool:
        """Whether there were so many; then they are gone."""
        now, most = self._now(), float(self._per_second)
        left, since = self._left.get(partition, (most, now))
        left = min(most, left + (now - since) * most)
        is_enough = left >= units
        if now > self._swept + 1:  # one that nobody has written to for a second has all of its units
            self._left = {place: each for place, each in self._left.items() if now - each[1] < 1}
            self._swept = now
        self._left[partition] = (left - units if is_enough else left, now)
        return is_enough


class Cloud:
    """What is one for everybody.

    Args:
        store: the tables.
        now: the virtual time.
        random: how long things take.
    """

    def __init__(self, store: Store, now: Callable[[], float], random: Random) -> None:
        self.store, self.now, self.random = store, now, random
        self.meter = Meter()
        self.locked = set[Place]()
        self.writes, self.reads = Limits(PARTITION_WRITES, now), Limits(PARTITION_READS, now)


class Client:
    """The client of one environment: the operations of :class:`Store` as steps in virtual time.

    Args:
        cloud: what it calls.
        memory_mb: of the environment, which says how fast its one processor is.
    """

    limited_indexes: ClassVar[tuple[Index, ...]] = ()
    """Indexes whose partitions have limits as well: those that many writes of one market meet in."""

    def __init__(self, cloud: Cloud, memory_mb: int = MEMORY_MB) -> None:
        self.meter = cloud.meter
        self._memory_mb = memory_mb
        self._cloud, self._store, self._random = cloud, cloud.store, cloud.random
        self._locked, self._writes, self._reads = cloud.locked, cloud.writes, cloud.reads
        self._busy_until = 0.0

    def _process(self, work: Processor, items: int) -> float:
        """How long it takes until the one processor of the environment has done this, too."""
        now = self._cloud.now()
        self._busy_until = max(now, self._busy_until) + work.seconds(items, self._memory_mb)
        return self._busy_until - now

    def transact_write_items(self, **parameters: Any) -> Steps[dict[str, Any]]:
        """Do the writes; while they are prepared, whoever else wants to write one of the items is refused."""
        writes = self._store.prepare(**parameters)
        yield self._process(TRANSACTION, len(writes))
        latency = transaction(len(writes)).draw(self._random)
        yield latency * _LOCKED_AFTER
        try:
            self._admit(writes)
        except ClientError as refused:
            yield latency * _LOCKED_AFTER
            self._note("TransactWriteItems", refused)
            raise
        places = {write.place for write in writes}
        self._locked |= places
        yield latency * _LOCKED_FOR
        self._locked -= places
        self._meter_indexes(writes)
        self._store.apply(writes)
        self._note("TransactWriteItems")
        yield latency * (1 - _LOCKED_AFTER - _LOCKED_FOR)
        return {}

    def put_item(self, **parameters: Any) -> Steps[dict[str, Any]]:
        """Put one item alone."""
        return self._write_alone("PutItem", prepare_one({"Put": parameters}))

    def delete_item(self, **parameters: Any) -> Steps[dict[str, Any]]:
        """Remove one item alone."""
        return self._write_alone("DeleteItem", prepare_one({"Delete": parameters}))

    def batch_get_item(self, **parameters: Any) -> Steps[dict[str, Any]]:
        """Read items by their keys; those of a partition that has no units left are not processed."""
        ((table, request),) = parameters["RequestItems"].items()
        keys = request["Keys"]
        latency = read(len(keys)).draw(self._random)
        yield latency / 2
        answered, left = list[Item](), list[Any]()
        for key in keys:
            found = self._store.batch_get_item(RequestItems={table: {**request, "Keys": [key]}})["Responses"][table]
            units = read_units(size_within(found, READ_BYTES), request["ConsistentRead"])
            if self._reads.take((table, key["PK"]["S"]), units):
                self.meter.read_units += units
                answered += found
            else:
                left.append(key)
        self.meter.calls["BatchGetItem"] += 1
        yield latency / 2
        yield self._process(READING if request["ConsistentRead"] else LOOKING, len(keys))
        unprocessed = {table: {**request, "Keys": left}} if left else {}
        self.meter.failed["BatchGetItem", "UnprocessedKeys"] += bool(left)
        return {"Responses": {table: answered}, "UnprocessedKeys": unprocessed}

    def query(self, **parameters: Any) -> Steps[dict[str, Any]]:
        """Read a page of a partition."""
        latency = read(_PAGE).draw(self._random)
        yield latency / 2
        answer = self._store.query(**parameters)
        units = read_units(size_within(answer["Items"], READ_BYTES), bool(parameters.get("ConsistentRead")))
        partition = next(iter(parameters["ExpressionAttributeValues"].values()))["S"]
        if not self._reads.take((parameters["TableName"], partition), units):
            refused = refusal("Query", "ProvisionedThroughputExceededException", "the partition has no units left")
            self._note("Query", refused)
            raise refused
        self.meter.read_units += units
        self._note("Query")
        yield latency / 2
        yield self._process(QUERY, len(answer["Items"]))
        return answer

    def _write_alone(self, operation: str, write: PreparedWrite) -> Steps[dict[str, Any]]:
        latency = write_alone().draw(self._random)
        yield self._process(WRITING_ALONE, 1)
        yield latency / 2
        try:
            if not self._take([write], 1):
                raise refusal(operation, "ProvisionedThroughputExceededException", "the partition has no units left")
            if write.place in self._locked:
                raise refusal(operation, "TransactionConflictException", "a transaction is at it")
            self._store.apply_alone(operation, write)
        except ClientError as refused:
            self._note(operation, refused)
            yield latency / 2
            raise
        self._note(operation)
        yield latency / 2
        return {}

    def _admit(self, writes: Sequence[PreparedWrite]) -> None:
        """Refuse what the partitions have no units for, what meets another transaction, and what finds other items."""
        if not self._take(writes, 2):
            raise canceled(len(writes), {0}, "ThrottlingError")
        if busy := {number for number, write in enumerate(writes) if write.place in self._locked}:
            raise canceled(len(writes), busy, "TransactionConflict")
        self._store.require_conditions(writes)

    def _take(self, writes: Sequence[PreparedWrite], factor: int) -> bool:
        """Meter writes, which are paid for whether they succeed or not, unless a partition has no units left."""
        wanted = self._wanted(writes, factor)
        taken = [self._writes.take(partition, units) for partition, units in self._limited(writes, wanted).items()]
        if not all(taken):
            return False
        self.meter.write_units += sum(wanted.values())
        return True

    def _wanted(self, writes: Sequence[PreparedWrite], factor: int) -> dict[tuple[str, str], int]:
        """The units that writes take of each partition."""
        wanted = defaultdict[tuple[str, str], int](int)
        for place, after, _ in writes:
            before = self._store.items.get(place)
            wanted[place[:2]] += factor * max(write_units(item or {}) for item in (before, after))
        return wanted

    def _limited(
        self, writes: Sequence[PreparedWrite], wanted: Mapping[tuple[str, str], int]
    ) -> Mapping[tuple[str, str], int]:
        """The units by which partitions are limited, those of limited indexes included."""
        limited = defaultdict[tuple[str, str], int](int, wanted)
        for index in self.limited_indexes:
            for place, after, _ in writes:
                before = self._store.items.get(place)
                if units := index_units(index, before, after):
                    item = before or after or {}
                    limited[index.name, item[index.partition]["S"]] += units
        return limited

    def _meter_indexes(self, writes: Sequence[PreparedWrite]) -> None:
        for place, after, _ in writes:
            indexes = LEDGER_INDEXES if place[0] == TABLES.ledger else CORE_INDEXES
            before = self._store.items.get(place)
            self.meter.index_units += sum(index_units(index, before, after) for index in indexes)

    def _note(self, operation: str, refused: ClientError | None = None) -> None:
        self.meter.calls[operation] += 1
        if refused is not None:
            reasons: Sequence[Any] = refused.response.get("CancellationReasons", [])
            codes = {reason["Code"] for reason in reasons} - {"None"} or {refused.response["Error"]["Code"]}
            self.meter.failed[operation, "+".join(sorted(codes))] += 1
