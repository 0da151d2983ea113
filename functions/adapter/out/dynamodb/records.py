"""The stored records over DynamoDB: consistent reads by key, and transactions of conditional writes."""

from collections.abc import Mapping, Sequence

from domain.model.market import Market
from domain.port.out.records import (
    AnyKey,
    CommitOutcome,
    Committed,
    ConditionFailed,
    Insert,
    OutcomeUnknown,
    Record,
    Remove,
    Replace,
    Snapshot,
    Write,
)
from functions.adapter.out.dynamodb.gateway import DynamoGateway, TransactionInDoubtError, TransactionRefusedError
from functions.adapter.out.dynamodb.items import (
    Attribute,
    Item,
    ItemKey,
    counters,
    from_item,
    is_in_ledger,
    key_of,
    number,
    place_of,
    tag_place,
    to_item,
)
from functions.adapter.out.dynamodb.tables import PARTITION, SORT


class DynamoRecords:
    """Both ports of the records: RecordReader and UnitOfWork."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway

    async def read(self, *keys: AnyKey) -> Snapshot:
        """Find the records of these keys in one BatchGetItem; each is current, but not all are of one instant."""
        places = {key_of(key): key for key in keys}
        items = await self._gateway.get([place.attributes() for place in places], consistent=True)
        found = {places[ItemKey(item[PARTITION]["S"], item[SORT]["S"])]: from_item(item) for item in items}
        return Snapshot(found)

    async def commit(self, writes: Sequence[Write]) -> CommitOutcome:
        """Do the writes in one TransactWriteItems."""
        items, origins = list[Item](), list[Write]()
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

    def _expand(self, write: Write) -> list[Item]:
        """The items of a write: the record's own, and a market's row under each of its tags."""
        match write:
            case Insert(record):
                own = self._put(record, "attribute_not_exists(#partition)", {"#partition": PARTITION}, {})
                return [own, *(self._tag_rows(record, ()) if isinstance(record, Market) else ())]
            case Replace(Market() as record, Market() as read):
                return [self._put(record, *_unchanged(counters(read))), *self._tag_rows(record, read.tags)]
            case Replace(record, read):
                return [self._put(record, *_unchanged(counters(read)))]
            case Remove(read):
                condition, names, values = _unchanged(counters(read))
                return [
                    {
                        "Delete": {
                            "TableName": self._gateway.tables.core,
                            "Key": place_of(read).attributes(),
                            "ConditionExpression": condition,
                            "ExpressionAttributeNames": names,
                            "ExpressionAttributeValues": values,
                        }
                    }
                ]

    def _put(self, record: Record, condition: str, names: dict[str, str], values: dict[str, Attribute]) -> Item:
        tables = self._gateway.tables
        bound = {"ExpressionAttributeValues": values} if values else {}
        return {
            "Put": {
                "TableName": tables.ledger if is_in_ledger(record) else tables.core,
                "Item": to_item(record),
                "ConditionExpression": condition,
                "ExpressionAttributeNames": names,
                **bound,
            }
        }

    def _tag_rows(self, market: Market, before: Sequence[str]) -> list[Item]:
        """Put the rows of the market's new tags, delete those of its former ones."""
        core = self._gateway.tables.core
        added = [tag for tag in dict.fromkeys(market.tags) if tag not in before]
        dropped = [tag for tag in dict.fromkeys(before) if tag not in market.tags]
        slug = {"S": market.slug}
        return [
            *(
                {"Put": {"TableName": core, "Item": {**tag_place(tag, market).attributes(), "slug": slug}}}
                for tag in added
            ),
            *({"Delete": {"TableName": core, "Key": tag_place(tag, market).attributes()}} for tag in dropped),
        ]


def _unchanged(read: Mapping[str, int]) -> tuple[str, dict[str, str], dict[str, Attribute]]:
    """The condition that a stored record still has the counters it was read with."""
    condition = " AND ".join(f"#{name} = :{name}" for name in read)
    names = {f"#{name}": name for name in read}
    return condition, names, {f":{name}": number(value) for name, value in read.items()}
