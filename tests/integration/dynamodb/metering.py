"""DynamoDB's arithmetic of capacity, from the items of each call.

ministack counts two units for each item of a transaction whatever its size, and nothing for indexes, so its own
figures are not used. Counted here: a write unit for each begun KB of the larger of the old and the new item, doubled
in a transaction; for each index whose entry changes, one for each begun KB of that entry, twice when it moves; a read
unit for each begun 4 KB, half of one where the read may trail behind. A scan reads whatever it examines, found or not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import msgspec

from functions.adapter.out.dynamodb.tables import CORE_INDEXES, LEDGER_INDEXES, PARTITION, SORT, Client, Index, Tables
from tests.integration.dynamodb.recording import Call, RecordingClient

type Item = Mapping[str, Any]


@dataclass(frozen=True)
class Cost:
    """What a use case takes.

    Args:
        reads: calls that read.
        writes: calls that write.
        read_units: of either table and their indexes.
        write_units: of the two tables.
        index_units: write units of the indexes.
    """

    reads: int = 0
    writes: int = 0
    read_units: float = 0
    write_units: int = 0
    index_units: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.reads + other.reads,
            self.writes + other.writes,
            self.read_units + other.read_units,
            self.write_units + other.write_units,
            self.index_units + other.index_units,
        )


class MeteredClient(RecordingClient):
    """A client that counts what its calls cost."""

    def __init__(self, inner: Client, tables: Tables) -> None:
        super().__init__(inner)
        self._tables = tables
        self.cost = Cost()

    def _call(self, operation: str, parameters: dict[str, Any]) -> Any:
        before = [self._stored(write) for write in _writes(operation, parameters)]
        answer = super()._call(operation, parameters)
        self.cost += self._price(self.calls[-1], before)
        return answer

    def _stored(self, write: Item) -> Item | None:
        """The item that a write replaces or deletes, read beside the meter."""
        ((kind, request),) = write.items()
        item = request["Item"] if kind == "Put" else request["Key"]
        key = {name: item[name] for name in (PARTITION, SORT)}
        return self.inner.get_item(TableName=request["TableName"], Key=key, ConsistentRead=True).get("Item")

    def _price(self, call: Call, before: Sequence[Item | None]) -> Cost:
        answer = call.answer or {}
        if call.operation == "query":
            size = sum(item_size(item) for item in answer["Items"])
            is_consistent = bool(call.parameters.get("ConsistentRead"))
            return Cost(reads=1, read_units=read_units(size, is_consistent))
        if call.operation == "scan":
            is_consistent = bool(call.parameters.get("ConsistentRead"))
            return Cost(reads=1, read_units=read_units(self._examined(call.parameters), is_consistent))
        if call.operation == "batch_get_item":
            ((table, request),) = call.parameters["RequestItems"].items()
            sizes = [item_size(item) for item in answer["Responses"].get(table, [])]
            sizes += [0] * (len(request["Keys"]) - len(sizes))
            return Cost(reads=1, read_units=sum(read_units(size, request["ConsistentRead"]) for size in sizes))
        factor = 2 if call.operation == "transact_write_items" else 1
        writes = zip(_writes(call.operation, call.parameters), before, strict=True)
        return sum((self._price_write(write, old, factor) for write, old in writes), Cost(writes=1))

    def _examined(self, scan: Mapping[str, Any]) -> int:
        """The bytes that a scan reads, with what its filter and its projection leave out, read beside the meter."""
        place = {name: scan[name] for name in ("TableName", "ExclusiveStartKey") if name in scan}
        return sum(item_size(item) for item in self.inner.scan(**place)["Items"])

    def _price_write(self, write: Item, old: Item | None, factor: int) -> Cost:
        ((kind, request),) = write.items()
        new: Item | None = request["Item"] if kind == "Put" else None
        indexes = LEDGER_INDEXES if request["TableName"] == self._tables.ledger else CORE_INDEXES
        units = factor * max(write_units(old or {}), write_units(new or {}))
        return Cost(write_units=units, index_units=sum(index_units(index, old, new) for index in indexes))


def _writes(operation: str, parameters: Mapping[str, Any]) -> Sequence[Item]:
    """What a call writes, as a transaction spells it."""
    kinds = {"put_item": "Put", "delete_item": "Delete"}
    return [{kinds[operation]: parameters}] if operation in kinds else parameters.get("TransactItems", ())


def item_size(item: Item) -> int:
    """The bytes of an item as DynamoDB counts them: its names and its values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(attribute: Mapping[str, Any]) -> int:
    ((kind, value),) = attribute.items()
    match kind:
        case "S":
            return len(str(value).encode())
        case "N":
            digits = str(value).lstrip("-").rstrip("0")
            return ceil(len(digits) / 2) + 1 + str(value).startswith("-")
        case "L":
            return 3 + sum(1 + _value_size(element) for element in value)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _value_size(element) for name, element in value.items())
        case _:
            return 1


READ_BYTES, WRITE_BYTES = 4096, 1024
"""The bytes of one unit."""


def read_units(size: int, is_consistent: bool) -> float:
    """The units of reading so many bytes."""
    return max(1, ceil(size / READ_BYTES)) * (1 if is_consistent else 0.5)


def size_within(items: Sequence[Item], step: int) -> int:
    """The bytes of items, or, where one step holds them, some number that it holds: counted much faster."""
    written = sum(len(msgspec.json.encode(item)) for item in items)  # with types, quotes and all: no fewer bytes
    return written if written <= step else sum(map(item_size, items))


def write_units(item: Item) -> int:
    """The units of writing an item alone."""
    return max(1, ceil(size_within([item], WRITE_BYTES) / WRITE_BYTES))


def index_units(index: Index, old: Item | None, new: Item | None) -> int:
    """The units that an index takes to follow an item."""
    before, after = _entry(index, old), _entry(index, new)
    if before == after:
        return 0
    if before is None or after is None:
        return write_units(before or after or {})
    if any(before[name] != after[name] for name in (index.partition, index.sort)):
        return write_units(before) + write_units(after)
    return max(write_units(before), write_units(after))


def _entry(index: Index, item: Item | None) -> Item | None:
    """What an index holds of an item; None when the item is not in it."""
    if item is None or not {index.partition, index.sort} <= item.keys():
        return None
    keys = {PARTITION, SORT, index.partition, index.sort}
    return item if index.projection == "ALL" else {name: item[name] for name in keys}
