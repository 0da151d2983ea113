"""The stored records over DynamoDB: consistent reads by key, and transactions of conditional writes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.model.kernel.record import Key, counters_of, key_of, type_of
from domain.port.out.store import Change, Insert, Remove, Replace, Snapshot
from domain.port.out.unit_of_work import CommitOutcome, Committed, ConditionFailed, OutcomeUnknown
from functions.adapter.out.dynamodb.gateway import DynamoGateway, TransactionInDoubtError, TransactionRefusedError
from functions.adapter.out.dynamodb.items import can_exist, decode, place_of, to_item
from functions.adapter.out.dynamodb.layout import layout_of
from functions.adapter.out.dynamodb.layout.item import SCHEMA, Attribute, Item, ItemKey, Row, number, row_item
from functions.adapter.out.dynamodb.tables import PARTITION, SORT


class DynamoRecords:
    """What the optimistic store is built on: RecordReader and UnitOfWork.

    Args:
        gateway: the way to the tables.
        consistent: whether what is read is current. What may trail behind, mostly by less than a second, costs half.
    """

    def __init__(self, gateway: DynamoGateway, *, consistent: bool = True) -> None:
        self._gateway = gateway
        self._consistent = consistent

    async def read(self, *keys: Key[Any]) -> Snapshot:
        """Find the records of these keys in one BatchGetItem; not all are of one instant."""
        places = {place: key for key in keys if can_exist(place := place_of(key))}
        items = await self._gateway.get([place.attributes() for place in places], consistent=self._consistent)
        found: dict[Key[Any], Any] = dict.fromkeys(keys)
        for item in items:
            key = places[ItemKey(item[PARTITION]["S"], item[SORT]["S"])]
            found[key] = decode(key.kind, item)
        return Snapshot(found)

    async def commit(self, writes: Sequence[Change]) -> CommitOutcome:
        """Do the writes in one TransactWriteItems."""
        items, origins = list[Item](), list[Change]()
        for write in writes:
            expanded = self._expand(write)
            items += expanded
            origins += [write] * len(expanded)
        try:
            await self._gateway.transact(items)
        except TransactionRefusedError as refusal:
            failed = {id(origins[index]): origins[index] for index in refusal.indexes}
            return ConditionFailed(tuple(failed.values()))
        except TransactionInDoubtError:
            return OutcomeUnknown()
        return Committed()

    async def commit_alone(self, write: Change) -> CommitOutcome:
        """Do one write of a record without rows by a plain PutItem or DeleteItem: half the units of a transaction."""
        (item,) = self._expand(write)
        try:
            await self._gateway.write(item)
        except TransactionRefusedError:
            return ConditionFailed((write,))
        except TransactionInDoubtError:
            return OutcomeUnknown()
        return Committed()

    def _expand(self, write: Change) -> list[Item]:
        """The items of a write: the record's own, and those that follow from it."""
        match write:
            case Insert(record):
                own = self._put(record, "attribute_not_exists(#partition)", {"#partition": PARTITION}, {})
                return [own, *self._follow((), _rows(record))]
            case Replace(record, read):
                return [self._put(record, *_unchanged(read, record)), *self._follow(_rows(read), _rows(record))]
            case Remove(read):
                return [self._delete(read), *self._follow(_rows(read), ())]

    def _put(self, record: object, condition: str, names: dict[str, str], values: dict[str, Attribute]) -> Item:
        bound = {"ExpressionAttributeValues": values} if values else {}
        return {
            "Put": {
                "TableName": self._table_of(record),
                "Item": to_item(record),
                "ConditionExpression": condition,
                "ExpressionAttributeNames": names,
                **bound,
            }
        }

    def _delete(self, read: object) -> Item:
        condition, names, values = _same_counters(counters_of(read), type_of(type(read)).later_counters)
        bound = {"ExpressionAttributeValues": values} if values else {}
        return {
            "Delete": {
                "TableName": self._table_of(read),
                "Key": place_of(key_of(read)).attributes(),
                "ConditionExpression": condition,
                "ExpressionAttributeNames": names,
                **bound,
            }
        }

    def _table_of(self, record: object) -> str:
        tables = self._gateway.tables
        return tables.ledger if type_of(type(record)).in_ledger else tables.core

    def _follow(self, before: Iterable[Row], after: Iterable[Row]) -> list[Item]:
        """Put the rows that follow from a record now, delete those that no longer do."""
        core, had, has = self._gateway.tables.core, set(before), set(after)
        added = [row for row in after if row not in had]
        dropped = [row for row in before if row not in has]
        return [
            *({"Put": {"TableName": core, "Item": row_item(row)}} for row in added),
            *({"Delete": {"TableName": core, "Key": row.place.attributes()}} for row in dropped),
        ]


def _rows(record: object) -> tuple[Row, ...]:
    rows: tuple[Row, ...] = layout_of(type(record)).rows(record)
    return rows


def _same_counters(
    read: Mapping[str, int], later: frozenset[str] = frozenset()
) -> tuple[str, dict[str, str], dict[str, Attribute]]:
    """The condition that a stored record still has the counters it was read with; one without any is still there.

    Args:
        read: the counters by their names.
        later: those that items of the first release are without; they were read as zero.
    """
    if not read:
        return "attribute_exists(#partition)", {"#partition": PARTITION}, {}
    condition = " AND ".join(
        f"(attribute_not_exists(#{name}) OR #{name} = :{name})" if name in later and not value else f"#{name} = :{name}"
        for name, value in read.items()
    )
    names = {f"#{name}": name for name in read}
    return condition, names, {f":{name}": number(value) for name, value in read.items()}


def _unchanged(read: object, record: object) -> tuple[str, dict[str, str], dict[str, Attribute]]:
    """The condition that a stored record is the one that was read, and in no later form than this release writes.

    While a deploy replaces functions one by one, an old one must not put back an item without what a new one added.
    """
    condition, names, values = _same_counters(counters_of(read), type_of(type(read)).later_counters)
    known = f"(attribute_not_exists(#{SCHEMA}) OR #{SCHEMA} <= :{SCHEMA})"
    return (
        f"{condition} AND {known}",
        {**names, f"#{SCHEMA}": SCHEMA},
        {**values, f":{SCHEMA}": number(type_of(type(record)).schema)},
    )
