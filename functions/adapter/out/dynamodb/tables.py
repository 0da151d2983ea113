"""The two tables: what their keys and indexes are called, and how to create them where CDK does not."""

from typing import TYPE_CHECKING, Any, NamedTuple

from functions.registry.deployed import (
    BALANCES,
    CALLER,
    CORE_INDEXES,
    DRAFTS_BY_CREATOR,
    HOLDERS,
    LEDGER_INDEXES,
    MARKETS_BY_AGE,
    MARKETS_BY_CLOSING,
    MARKETS_BY_CREATOR,
    MARKETS_BY_STATUS,
    PARTITION,
    SORT,
    TRADES,
    Index,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

__all__ = [
    "BALANCES",
    "CALLER",
    "CORE_INDEXES",
    "DRAFTS_BY_CREATOR",
    "HOLDERS",
    "LEDGER",
    "LEDGER_INDEXES",
    "MARKETS_BY_AGE",
    "MARKETS_BY_CLOSING",
    "MARKETS_BY_CREATOR",
    "MARKETS_BY_STATUS",
    "PARTITION",
    "PRIMARY",
    "SORT",
    "TRADES",
    "Client",
    "Index",
    "Tables",
    "create_callers_table",
    "create_tables",
]

type Client = DynamoDBClient


class Tables(NamedTuple):
    """The names of an instance's tables.

    Args:
        core: the current state.
        ledger: what happened, append-only.
    """

    core: str
    ledger: str


PRIMARY = Index("", PARTITION, SORT)
LEDGER = Index("", PARTITION, SORT, is_of_ledger=True)
"""The tables themselves, which can be asked like their indexes."""


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


def create_callers_table(client: Client, name: str) -> None:
    """Create the table of callers, as :func:`create_tables` creates the others. It holds nothing worth keeping."""
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": CALLER, "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": CALLER, "AttributeType": "S"}],
    )


def _key_schema(partition: str, sort: str) -> list[Any]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


def _attributes(*indexes: Index) -> list[Any]:
    types = {PARTITION: "S", SORT: "S"}
    for index in indexes:
        types |= {index.partition: "S", index.sort: index.sort_type}
    return [{"AttributeName": name, "AttributeType": "N" if kind == "N" else "S"} for name, kind in types.items()]
