"""DynamoDB in memory, with its rules: what the adapter may ask, what is refused, and what trails behind.

It offers the four operations that the adapter calls, as boto3's client spells them, each done at one instant; what
happens on the way there and back is the network's business. A request that it does not know fails.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from heapq import heappop, heappush
from itertools import count
from typing import Any, NamedTuple
from zlib import crc32

import msgspec

from functions.adapter.out.dynamodb.tables import CORE_INDEXES, LEDGER_INDEXES, PARTITION, SORT, Index, Tables
from tests.simulation.expressions import (
    ABSENT,
    BEGINS,
    EQUAL,
    LEAST,
    MOST,
    Item,
    UnknownRequestError,
    holds,
    invalid,
    refusal,
    require_known,
    resolve,
)

TABLES = Tables(core="core", ledger="ledger")
MOST_ITEMS, MOST_BYTES, MOST_ITEM_BYTES, MOST_PAGE_BYTES = 100, 4 * 1024**2, 400 * 1024, 1024**2
_TRANSACT, _BATCH_GET, _QUERY, _SCAN = "TransactWriteItems", "BatchGetItem", "Query", "Scan"
_WRITE = {"TableName", "ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues"}
_QUERY_PARAMETERS = {
    "TableName",
    "IndexName",
    "KeyConditionExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ScanIndexForward",
    "ConsistentRead",
    "Limit",
    "ExclusiveStartKey",
}

_SCAN_PARAMETERS = {
    "TableName",
    "ProjectionExpression",
    "FilterExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ExclusiveStartKey",
}
LONGEST_LAG = 3.0
"""So many seconds an index, or an eventual read, trails behind at most."""
_SCANNED = 10
"""How many times more items a page of a scan reads than one of a query."""

type Place = tuple[str, str, str]
"""A table, a partition and a sort key."""


class Change(NamedTuple):
    """What a transaction made of one item; None where there is none."""

    place: Place
    before: Item | None
    after: Item | None


class PreparedWrite(NamedTuple):
    """A write that breaks no rule, and the condition it is under."""

    place: Place
    after: Item | None
    condition: list[tuple[str, str, Item | None]]


class Store:
    """Both tables with their indexes.

    Args:
        now: the time, in seconds, for what trails behind.
        lag: for how long an index, or an eventual read, trails behind one write.
        page: the most items in an answer to a query, however few bytes they have.
    """

    def __init__(
        self,
        now: Callable[[], float] = lambda: 0.0,
        lag: Callable[[], float] = lambda: 0.0,
        page: Callable[[], int] = lambda: MOST_ITEM_BYTES,
    ) -> None:
        self.items: dict[Place, Item] = {}
        self.observers: list[Callable[[Sequence[Change]], None]] = []
        self._now, self._lag, self._page = now, lag, page
        self._partitions: dict[tuple[str, str], dict[str, Item]] = defaultdict(dict)
        self._before: dict[Place, tuple[float, Item | None]] = {}
        self._indexes = {
            **{("core", index.name): _MaterializedIndex(index) for index in CORE_INDEXES},
            **{("ledger", index.name): _MaterializedIndex(index) for index in LEDGER_INDEXES},
        }

    def transact_write_items(self, **parameters: Any) -> dict[str, Any]:
        """Do the writes, all or none.

        Raises:
            ClientError: a rule is broken, or a condition does not hold.
        """
        writes = self.prepare(**parameters)
        self.require_conditions(writes)
        self.apply(writes)
        return {}

    def put_item(self, **parameters: Any) -> dict[str, Any]:
        """Put one item alone.

        Raises:
            ClientError: a rule is broken, or its condition does not hold.
        """
        self.apply_alone("PutItem", prepare_one({"Put": parameters}))
        return {}

    def delete_item(self, **parameters: Any) -> dict[str, Any]:
        """Remove one item alone; see :meth:`put_item`."""
        self.apply_alone("DeleteItem", prepare_one({"Delete": parameters}))
        return {}

    def apply_alone(self, operation: str, write: PreparedWrite) -> None:
        """Do a write that is no transaction, if its condition holds."""
        if not holds(self.items.get(write.place), write.condition):
            raise refusal(operation, "ConditionalCheckFailedException", "The conditional request failed")
        self.apply([write])

    def prepare(self, **parameters: Any) -> list[PreparedWrite]:
        """The writes of a transaction that breaks no rule."""
        require_known(parameters, {"TransactItems"})
        requests = parameters["TransactItems"]
        if not 0 < len(requests) <= MOST_ITEMS:
            raise invalid(_TRANSACT, f"{len(requests)} items are no transaction")
        writes = [prepare_one(request) for request in requests]
        if len({write.place for write in writes}) != len(writes):
            raise invalid(_TRANSACT, "a transaction may not write one item twice")
        if sum(_bytes_of(write.after) for write in writes if write.after) > MOST_BYTES:
            raise invalid(_TRANSACT, "a transaction may not have more than 4 MB")
        return writes

    def require_conditions(self, writes: Sequence[PreparedWrite]) -> None:
        """Refuse a transaction of which a condition does not hold."""
        failed = {
            place for place, write in enumerate(writes) if not holds(self.items.get(write.place), write.condition)
        }
        if failed:
            raise canceled(len(writes), failed, "ConditionalCheckFailed")

    def apply(self, writes: Sequence[PreparedWrite]) -> None:
        """Do the writes at this instant."""
        changes = [Change(write.place, self.items.get(write.place), write.after) for write in writes]
        for place, before, after in changes:
            table, partition, sort = place
            if after is None:
                self.items.pop(place, None)
                self._partitions[table, partition].pop(sort, None)
            else:
                self.items[place] = self._partitions[table, partition][sort] = after
            self._before[place] = (self._trailing(), before)
            for index in CORE_INDEXES if table == TABLES.core else LEDGER_INDEXES:
                self._indexes[table, index.name].follow(place, before, after, self._trailing)
        for observer in self.observers:
            observer(changes)

    def batch_get_item(self, **parameters: Any) -> dict[str, Any]:
        """The items of up to a hundred keys, those that are there, in no particular order."""
        require_known(parameters, {"RequestItems"})
        ((table, request),) = parameters["RequestItems"].items()
        require_known(request, {"Keys", "ConsistentRead"})
        places = [_place(_BATCH_GET, table, key) for key in request["Keys"]]
        if not 0 < len(places) <= MOST_ITEMS or len(set(places)) != len(places):
            raise invalid(_BATCH_GET, f"{len(places)} keys, {len(set(places))} of them different, are no batch")
        found = [self._get(place, consistent=request["ConsistentRead"]) for place in places]
        return {"Responses": {table: [item for item in reversed(found) if item]}, "UnprocessedKeys": {}}

    def query(self, **parameters: Any) -> dict[str, Any]:
        """The next items of a partition; an index may trail behind, and a page may be short."""
        require_known(parameters, _QUERY_PARAMETERS)
        index, partition = self._partition(parameters)
        forward = parameters.get("ScanIndexForward", True)
        limit = min(parameters.get("Limit", MOST_PAGE_BYTES), self._page())
        if limit < 1:
            raise invalid(_QUERY, "a limit is at least one")
        start = parameters.get("ExclusiveStartKey")
        ranked = sorted((_rank(index, item), item) for item in partition)
        if start is not None:
            _require_start_key(index, start)
            rank = _rank(index, start)
            ranked = [pair for pair in ranked if (pair[0] > rank if forward else pair[0] < rank)]
        items = [item for _, item in (ranked if forward else reversed(ranked))]
        page = _within_a_megabyte(items[:limit])
        answer: dict[str, Any] = {"Items": page, "Count": len(page)}
        # DynamoDB says so too where the limit is reached with the very last item.
        if len(page) < len(items) or len(page) == parameters.get("Limit"):
            last = page[-1] if page else items[0]
            answer["LastEvaluatedKey"] = {name: last[name] for name in _key_names(index)}
        return answer

    def _trailing(self) -> float:
        """When a change of this instant shows elsewhere."""
        return self._now() + self._lag()

    def scan(self, **parameters: Any) -> dict[str, Any]:
        """The keys of the next items of a table that have one of some sort keys; it may read many to find none."""
        require_known(parameters, _SCAN_PARAMETERS)
        names, values = parameters["ExpressionAttributeNames"], parameters["ExpressionAttributeValues"]
        projected, filtered = parameters["ProjectionExpression"], parameters["FilterExpression"]
        lacking = names.get("#lacking")
        absent, also = (f" AND {ABSENT}(#lacking)", {"#lacking": lacking}) if lacking else ("", {})
        if (projected, filtered) != ("#partition, #sort", f"#sort IN ({', '.join(values)}){absent}"):
            raise UnknownRequestError(f"nothing here understands {projected} where {filtered}")
        if names != {"#partition": PARTITION, "#sort": SORT, **also}:
            raise invalid(_SCAN, "the names are not just those of the expressions")
        wanted = {value["S"] for value in values.values()}
        places = sorted((place for place in self.items if place[0] == parameters["TableName"]), key=_scan_order)
        if start := parameters.get("ExclusiveStartKey"):
            after = _scan_order(_place(_SCAN, parameters["TableName"], start))
            places = [place for place in places if _scan_order(place) > after]
        page = places[: self._page() * _SCANNED]
        found = [place for place in page if place[2] in wanted and lacking not in self.items[place]]
        answer: dict[str, Any] = {"Items": [_key(place) for place in found]}
        if len(page) < len(places):
            answer["LastEvaluatedKey"] = _key(page[-1])
        return answer

    def _get(self, place: Place, *, consistent: bool) -> Item | None:
        until, before = self._before.get(place, (0.0, None))
        return before if not consistent and self._now() < until else self.items.get(place)

    def _partition(self, parameters: Mapping[str, Any]) -> tuple[Index, list[Item]]:
        """The index that is asked, and what it has of the partition within the bounds."""
        table, name = parameters["TableName"], parameters.get("IndexName", "")
        materialized = self._indexes.get((table, name)) if name else None
        if table not in TABLES or (name and materialized is None):
            raise refusal(_QUERY, "ResourceNotFoundException", f"there is no {table} {name}")
        if materialized and parameters.get("ConsistentRead"):
            raise invalid(_QUERY, "an index cannot be read consistently")
        index = materialized.index if materialized else Index("", PARTITION, SORT)
        clauses = resolve(
            _QUERY,
            parameters["KeyConditionExpression"],
            parameters["ExpressionAttributeNames"],
            parameters["ExpressionAttributeValues"],
        )
        (operator, attribute, value), *bounds = clauses
        if (operator, attribute) != (EQUAL, index.partition) or value is None or len(bounds) > 2:
            raise invalid(_QUERY, "a query needs one partition, and takes one condition of its sort key")
        if materialized:
            rows = list(materialized.partition(value["S"], self._now()))
        else:
            rows = list(self._partitions[table, value["S"]].values())
        return index, [item for item in rows if all(_within(index, item, *bound) for bound in bounds)]


def canceled(size: int, failed: set[int], code: str) -> Exception:
    """The cancellation of a transaction: a reason for each of its items, in their order."""
    reasons = [{"Code": code if place in failed else "None"} for place in range(size)]
    message = f"Transaction cancelled, please refer cancellation reasons {reasons}"
    return refusal(_TRANSACT, "TransactionCanceledException", message, CancellationReasons=reasons)


class _MaterializedIndex:
    """What a global secondary index has, some time after the table."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._rows: dict[Place, Item] = {}
        self._partitions: dict[str, dict[Place, Item]] = defaultdict(dict)
        self._coming: list[tuple[float, int, Place, Item | None]] = []
        self._latest: dict[Place, float] = {}
        self._numbers = count()

    def follow(self, place: Place, before: Item | None, after: Item | None, when: Callable[[], float]) -> None:
        """Take over a change when the time has come; changes of one item keep their order."""
        row = self._project(after)
        if row is None and self._project(before) is None:
            return
        at = self._latest[place] = max(when(), self._latest.get(place, 0.0))
        heappush(self._coming, (at, next(self._numbers), place, row))

    def partition(self, partition: str, now: float) -> Sequence[Item]:
        """What is there by now."""
        while self._coming and self._coming[0][0] <= now:
            _, _, place, row = heappop(self._coming)
            if old := self._rows.pop(place, None):
                del self._partitions[old[self.index.partition]["S"]][place]
            if row:
                self._rows[place] = self._partitions[row[self.index.partition]["S"]][place] = row
        return list(self._partitions[partition].values())

    def _project(self, item: Item | None) -> Item | None:
        """The item as the index has it; None when it has not both of the index's keys."""
        if item is None or self.index.partition not in item or self.index.sort not in item:
            return None
        if "S" not in item[self.index.partition] or self.index.sort_type not in item[self.index.sort]:
            raise invalid(_TRANSACT, f"the keys of the index {self.index.name} have other types")
        if self.index.projection == "ALL":
            return item
        return {name: item[name] for name in _key_names(self.index)}


def prepare_one(request: Mapping[str, Any]) -> PreparedWrite:
    """A write of a transaction, or a write alone, that breaks no rule."""
    ((kind, write),) = request.items()
    if kind == "Put":
        require_known(write, _WRITE | {"Item"})
        after = write["Item"]
        place = _place(_TRANSACT, write["TableName"], {name: after[name] for name in (PARTITION, SORT)})
        if _bytes_of(after) > MOST_ITEM_BYTES:
            raise invalid(_TRANSACT, f"the item {place} has more than 400 KB")
    elif kind == "Delete":
        require_known(write, _WRITE | {"Key"})
        after, place = None, _place(_TRANSACT, write["TableName"], write["Key"])
    else:
        raise UnknownRequestError(f"nothing here knows a {kind}")
    names, values = write.get("ExpressionAttributeNames", {}), write.get("ExpressionAttributeValues", {})
    expression = write.get("ConditionExpression")
    if expression is None and (names or values):
        raise invalid(_TRANSACT, "names and values without a condition")
    return PreparedWrite(place, after, resolve(_TRANSACT, expression, names, values) if expression else [])


def _place(operation: str, table: str, key: Mapping[str, Any]) -> Place:
    if table not in TABLES:
        raise refusal(operation, "ResourceNotFoundException", f"there is no table {table}")
    if key.keys() != {PARTITION, SORT}:
        raise invalid(operation, "a key has a partition and a sort key")
    partition, sort = key[PARTITION]["S"], key[SORT]["S"]
    if not 0 < len(partition.encode()) <= 2048 or not 0 < len(sort.encode()) <= 1024:
        raise invalid(operation, f"the key {partition}, {sort} has no length that a key may have")
    return table, partition, sort


def _key(place: Place) -> Item:
    return {PARTITION: {"S": place[1]}, SORT: {"S": place[2]}}


def _scan_order(place: Place) -> tuple[int, str, str]:
    """A scan goes by the hashes of the partitions."""
    return (crc32(place[1].encode()), place[1], place[2])


def _within(index: Index, item: Item, operator: str, attribute: str, value: Item | None) -> bool:
    if attribute != index.sort or value is None or operator == ABSENT:
        raise invalid(_QUERY, f"{attribute} is not the sort key of {index.name or 'the table'}")
    if operator == BEGINS:
        return bool(item[attribute]["S"].startswith(value["S"]))
    stored, bound = _ordered(item[attribute]), _ordered(value)
    return bool(
        {
            EQUAL: stored == bound,
            "<": stored < bound,
            ">": stored > bound,
            LEAST: stored >= bound,
            MOST: stored <= bound,
        }[operator]
    )


def _ordered(attribute: Item) -> Any:
    """What values of one type are ordered by: numbers by size, text by its bytes."""
    ((kind, value),) = attribute.items()
    return Decimal(value) if kind == "N" else value.encode()


def _rank(index: Index, item: Item) -> tuple[Any, ...]:
    return (_ordered(item[index.sort]), item[PARTITION]["S"], item[SORT]["S"])


def _key_names(index: Index) -> list[str]:
    return list(dict.fromkeys((index.partition, index.sort, PARTITION, SORT)))


def _require_start_key(index: Index, start: Mapping[str, Any]) -> None:
    if start.keys() != set(_key_names(index)):
        raise invalid(_QUERY, "the starting key is none of this index")


def _within_a_megabyte(items: Sequence[Item]) -> list[Item]:
    page, size = list[Item](), 0
    for item in items:
        page.append(item)
        size += _bytes_of(item)
        if size >= MOST_PAGE_BYTES:
            break
    return page


def _bytes_of(item: Item) -> int:
    """No fewer bytes than DynamoDB counts: the item written out, with names, types and all."""
    return len(msgspec.json.encode(item))
