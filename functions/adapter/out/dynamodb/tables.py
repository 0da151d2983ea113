"""The two tables: what their keys and indexes are called, and how to create them where CDK does not."""

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Client = DynamoDBClient

PARTITION, SORT = "PK", "SK"


class Tables(NamedTuple):
    """The names of an instance's tables.

    Args:
        core: the current state.
        ledger: what happened, append-only.
    """

    core: str
    ledger: str


class Index(NamedTuple):
    """A global secondary index.

    Args:
        name: the index's name.
        partition: the attribute of its partition key.
        sort: the attribute of its sort key.
        sort_type: S for text, N for a number.
        projection: ALL or KEYS_ONLY.
        is_of_ledger: whether it is an index of the ledger table and not of the core table.
    """

    name: str
    partition: str
    sort: str
    sort_type: str = "S"
    projection: str = "ALL"
    is_of_ledger: bool = False


PRIMARY = Index("", PARTITION, SORT)
LEDGER = Index("", PARTITION, SORT, is_of_ledger=True)
"""The tables themselves, which can be asked like their indexes."""
MARKETS_BY_AGE = Index("markets_by_age", "listed_all", "listed_at")
MARKETS_BY_STATUS = Index("markets_by_status", "listed_status", "listed_at")
MARKETS_BY_CREATOR = Index("markets_by_creator", "listed_creator", "listed_at")
DRAFTS_BY_CREATOR = Index("drafts_by_creator", "drafted_by", "listed_at")
MARKETS_BY_CLOSING = Index("markets_by_closing", "closing_day", "closing_at", projection="KEYS_ONLY")
HOLDERS = Index("holders", "holders_of", "account", projection="KEYS_ONLY")
TRADES = Index("trades", "trades_of", "trade_version", sort_type="N", is_of_ledger=True)

CORE_INDEXES = (MARKETS_BY_AGE, MARKETS_BY_STATUS, MARKETS_BY_CREATOR, DRAFTS_BY_CREATOR, MARKETS_BY_CLOSING, HOLDERS)
"""None of them holds a book: no trade writes to an index of a market."""
LEDGER_INDEXES = (TRADES,)


def create_tables(client: Client, tables: Tables) -> None:
    """Create both tables as the stack does, without what only a deployment needs: for tests and local endpoints."""
    for table, indexes in ((tables.core, CORE_INDEXES), (tables.ledger, LEDGER_INDEXES)):
        client.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=_key_schema(PARTITION, SORT),
            AttributeDefinitions=_attributes(*indexes),
            GlobalSecondaryIndexes=[
                {
                    "IndexName": index.name,
                    "KeySchema": _key_schema(index.partition, index.sort),
                    "Projection": {"ProjectionType": "ALL" if index.projection == "ALL" else "KEYS_ONLY"},
                }
                for index in indexes
            ],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )


def _key_schema(partition: str, sort: str) -> list[Any]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


def _attributes(*indexes: Index) -> list[Any]:
    types = {PARTITION: "S", SORT: "S"}
    for index in indexes:
        types |= {index.partition: "S", index.sort: index.sort_type}
    return [{"AttributeName": name, "AttributeType": "N" if kind == "N" else "S"} for name, kind in types.items()]
