"""The stored records over DynamoDB: consistent reads by key, and transactions of conditional writes."""

from collections.abc import Mapping, Sequence

from domain.model.trading.market import Market, MarketStatus
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
    counters_of,
)
from functions.adapter.out.dynamodb.gateway import DynamoGateway, TransactionInDoubtError, TransactionRefusedError
from functions.adapter.out.dynamodb.items import (
    Attribute,
    Item,
    ItemKey,
    can_exist,
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
        places = {place: key for key in keys if can_exist(place := key_of(key))}
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
        """The items of a write: the record's own, and the rows of a published market under its tags."""
        match write:
            case Insert(record):
                own = self._put(record, "attribute_not_exists(#partition)", {"#partition": PARTITION}, {})
                return [own, *(self._tag_rows(record, None) if isinstance(record, Market) else ())]
            case Replace(Market() as record, Market() as read):
                return [self._put(record, *_unchanged(counters_of(read))), *self._tag_rows(record, read)]
            case Replace(record, read):
                return [self._put(record, *_unchanged(counters_of(read)))]
            case Remove(read):
                condition, names, values = _unchanged(counters_of(read))
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

    def _tag_rows(self, market: Market, read: Market | None) -> list[Item]:
        """Put the rows of the tags a market is now listed under, delete those it no longer is."""
        core, slug = self._gateway.tables.core, {"S": market.slug}
        before, after = _listed_tags(read), _listed_tags(market)
        added = [tag_place(tag, market).attributes() for tag in after if tag not in before]
        dropped = [tag_place(tag, market).attributes() for tag in before if tag not in after]
        return [
            *({"Put": {"TableName": core, "Item": {**place, "slug": slug}}} for place in added),
            *({"Delete": {"TableName": core, "Key": place}} for place in dropped),
        ]


def _listed_tags(market: Market | None) -> list[str]:
    """The tags under which a market is listed: none as long as it is a draft."""
    return [] if market is None or market.status is MarketStatus.DRAFT else list(dict.fromkeys(market.tags))


def _unchanged(read: Mapping[str, int]) -> tuple[str, dict[str, str], dict[str, Attribute]]:
    """The condition that a stored record still has the counters it was read with."""
    condition = " AND ".join(f"#{name} = :{name}" for name in read)
    names = {f"#{name}": name for name in read}
    return condition, names, {f":{name}": number(value) for name, value in read.items()}
