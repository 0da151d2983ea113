"""The two tables: the current state, and the ledger that is only ever added to."""

from collections.abc import Mapping
from typing import NamedTuple

from aws_cdk import RemovalPolicy, aws_dynamodb
from constructs import Construct

_PARTITION, _SORT = "PK", "SK"
_EXPIRES_AT = "expires_at"


class _Index(NamedTuple):
    """A global secondary index, as functions/adapter/out/dynamodb/tables.py has it: a test holds the two together."""

    name: str
    partition: str
    sort: str
    is_keys_only: bool = False
    sort_type: aws_dynamodb.AttributeType = aws_dynamodb.AttributeType.STRING


_CORE_INDEXES = (
    _Index("markets_by_age", "listed_all", "listed_at"),
    _Index("markets_by_status", "listed_status", "listed_at"),
    _Index("markets_by_creator", "listed_creator", "listed_at"),
    _Index("drafts_by_creator", "drafted_by", "listed_at"),
    _Index("markets_by_closing", "closing_day", "closing_at", is_keys_only=True),
    _Index("holders", "holders_of", "account", is_keys_only=True),
)
_LEDGER_INDEXES = (_Index("trades", "trades_of", "trade_version", sort_type=aws_dynamodb.AttributeType.NUMBER),)


class Data(Construct):
    """The tables, on demand, with recovery to any second of the last 35 days.

    Args:
        keep: whether they outlive the stack, and refuse to be deleted.
    """

    def __init__(self, scope: Construct, id_: str, *, keep: bool) -> None:
        super().__init__(scope, id_)
        self._keep = keep
        self.core = self._table("Core", time_to_live_attribute=_EXPIRES_AT)
        self.ledger = self._table("Ledger", stream=aws_dynamodb.StreamViewType.NEW_IMAGE)
        for table, indexes in ((self.core, _CORE_INDEXES), (self.ledger, _LEDGER_INDEXES)):
            for index in indexes:
                _add_index(table, index)

    @property
    def tables(self) -> Mapping[str, aws_dynamodb.Table]:
        """The tables, by the registry's names for them."""
        return {"core": self.core, "ledger": self.ledger}

    @property
    def indexes(self) -> Mapping[str, tuple[str, ...]]:
        """The names of the tables' indexes, by the registry's names for the tables."""
        return {
            "core": tuple(index.name for index in _CORE_INDEXES),
            "ledger": tuple(index.name for index in _LEDGER_INDEXES),
        }

    def _table(
        self,
        id_: str,
        *,
        stream: aws_dynamodb.StreamViewType | None = None,
        time_to_live_attribute: str | None = None,
    ) -> aws_dynamodb.Table:
        return aws_dynamodb.Table(
            self,
            id_,
            partition_key=aws_dynamodb.Attribute(name=_PARTITION, type=aws_dynamodb.AttributeType.STRING),
            sort_key=aws_dynamodb.Attribute(name=_SORT, type=aws_dynamodb.AttributeType.STRING),
            billing_mode=aws_dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=aws_dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=self._keep,
            removal_policy=RemovalPolicy.RETAIN if self._keep else RemovalPolicy.DESTROY,
            stream=stream,
            time_to_live_attribute=time_to_live_attribute,
        )


def _add_index(table: aws_dynamodb.Table, index: _Index) -> None:
    kinds = aws_dynamodb.ProjectionType
    table.add_global_secondary_index(
        index_name=index.name,
        partition_key=aws_dynamodb.Attribute(name=index.partition, type=aws_dynamodb.AttributeType.STRING),
        sort_key=aws_dynamodb.Attribute(name=index.sort, type=index.sort_type),
        projection_type=kinds.KEYS_ONLY if index.is_keys_only else kinds.ALL,
    )
