"""The two tables: the current state, and the ledger that is only ever added to; and a third that counts callers."""

from collections.abc import Iterable, Mapping

from aws_cdk import RemovalPolicy, aws_dynamodb
from constructs import Construct

from functions.registry.deployed import CALLER, CORE_INDEXES, EXPIRES_AT, LEDGER_INDEXES, PARTITION, SORT, Index
from infra.options import Options

_TYPES = {"S": aws_dynamodb.AttributeType.STRING, "N": aws_dynamodb.AttributeType.NUMBER}


class Data(Construct):
    """The tables, on demand, with recovery to any second of the last 35 days; or those that the options name.

    Args:
        options: of this deployment.
    """

    def __init__(self, scope: Construct, id_: str, *, options: Options) -> None:
        super().__init__(scope, id_)
        self._options = options
        self.callers = self._callers()
        if options.core_table and options.ledger_table:
            self.core = self._adopted("Core", options.core_table, CORE_INDEXES)
            self.ledger = self._adopted("Ledger", options.ledger_table, LEDGER_INDEXES, options.ledger_stream)
            return
        self.core = self._table("Core", CORE_INDEXES, time_to_live_attribute=EXPIRES_AT)
        self.ledger = self._table("Ledger", LEDGER_INDEXES, stream=aws_dynamodb.StreamViewType.NEW_IMAGE)

    @property
    def tables(self) -> Mapping[str, aws_dynamodb.ITable]:
        """The tables, by the registry's names for them."""
        return {"core": self.core, "ledger": self.ledger}

    @property
    def indexes(self) -> Mapping[str, tuple[str, ...]]:
        """The names of the tables' indexes, by the registry's names for the tables."""
        return {
            "core": tuple(index.name for index in CORE_INDEXES),
            "ledger": tuple(index.name for index in LEDGER_INDEXES),
        }

    def _table(
        self,
        id_: str,
        indexes: Iterable[Index],
        *,
        stream: aws_dynamodb.StreamViewType | None = None,
        time_to_live_attribute: str | None = None,
    ) -> aws_dynamodb.ITable:
        """A table that outlives the stack, but not a first deploy that failed."""
        options = self._options
        table = aws_dynamodb.Table(
            self,
            id_,
            partition_key=aws_dynamodb.Attribute(name=PARTITION, type=aws_dynamodb.AttributeType.STRING),
            sort_key=aws_dynamodb.Attribute(name=SORT, type=aws_dynamodb.AttributeType.STRING),
            billing_mode=aws_dynamodb.BillingMode.PAY_PER_REQUEST,
            max_read_request_units=options.table_read_units,
            max_write_request_units=options.table_write_units,
            point_in_time_recovery_specification=aws_dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=options.protect and not options.local,
            removal_policy=RemovalPolicy.DESTROY if options.local else RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
            stream=stream,
            time_to_live_attribute=time_to_live_attribute,
        )
        for index in indexes:
            _add_index(table, index, options)
        return table

    def _callers(self) -> aws_dynamodb.ITable:
        """What callers may still ask: written a tenth as often as they ask, never read, and worth nothing soon."""
        return aws_dynamodb.Table(
            self,
            "Callers",
            partition_key=aws_dynamodb.Attribute(name=CALLER, type=aws_dynamodb.AttributeType.STRING),
            billing_mode=aws_dynamodb.BillingMode.PAY_PER_REQUEST,
            max_read_request_units=self._options.table_read_units,
            max_write_request_units=self._options.table_write_units,
            time_to_live_attribute=EXPIRES_AT,
            removal_policy=RemovalPolicy.DESTROY,
        )

    def _adopted(self, id_: str, name: str, indexes: Iterable[Index], stream: str | None = None) -> aws_dynamodb.ITable:
        """A table that is there, and stays as it is; docs/runbook.md says what it has to have."""
        return aws_dynamodb.Table.from_table_attributes(
            self,
            f"Adopted{id_}",
            table_name=name,
            table_stream_arn=stream,
            global_indexes=[index.name for index in indexes],
        )


def _add_index(table: aws_dynamodb.Table, index: Index, options: Options) -> None:
    kinds = aws_dynamodb.ProjectionType
    table.add_global_secondary_index(
        index_name=index.name,
        partition_key=aws_dynamodb.Attribute(name=index.partition, type=aws_dynamodb.AttributeType.STRING),
        sort_key=aws_dynamodb.Attribute(name=index.sort, type=_TYPES[index.sort_type]),
        projection_type=kinds[index.projection],
        max_read_request_units=options.table_read_units,
        max_write_request_units=options.table_write_units,
    )
