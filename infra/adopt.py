"""Prepare two tables for a stack that adopts them: ``python -m infra.adopt <core table> <ledger table>``.

A restored table, and one that a stack left behind, has its items and its indexes, and nothing else that a stack gives
its own: recovery, protection from deletion, the expiry of items, the stream of the ledger, and the most units a second
that cdk.json allows, which CDK cannot set on a table that it has not made. One of an earlier release may be without an
index. This adds all of that, and prints the options for ``make deploy``. To run it again changes nothing.
"""

import argparse
import sys
import time
from collections.abc import Iterable
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from functions.registry.deployed import CORE_INDEXES, EXPIRES_AT, LEDGER_INDEXES, Index
from infra.bundles import context_of
from infra.options import InvalidOptionError, Options

_STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
_POLL_SECONDS, _POLLS = 10, 720
"""Filling an index takes minutes, of large tables an hour."""


class IndexNotReadyError(Exception):
    """An index takes longer to be filled than anybody waits for it; to run this again goes on."""


def adopt(database: Any, core: str, ledger: str, options: Options) -> str:  # noqa: ANN401 -- boto3 makes its classes
    """Prepare both tables.

    Args:
        database: a client of DynamoDB.
        core: the table of the current state.
        ledger: the table of the ledger.
        options: of the deployment that is going to adopt them.

    Returns:
        The options that adopt them, as the command line of ``cdk`` takes them.

    Raises:
        ClientError: AWS refuses; what was switched on so far stays on.
        IndexNotReadyError: an index is still being filled.
    """
    for table, indexes in ((core, CORE_INDEXES), (ledger, LEDGER_INDEXES)):
        database.update_continuous_backups(
            TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
        _update(database, table, "DeletionProtectionEnabled", {"DeletionProtectionEnabled": True})
        _add_indexes(database, table, indexes)
        _bound(database, table, options)
    if database.describe_time_to_live(TableName=core)["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED":
        database.update_time_to_live(
            TableName=core, TimeToLiveSpecification={"Enabled": True, "AttributeName": EXPIRES_AT}
        )
    description = _update(database, ledger, "StreamSpecification", {"StreamSpecification": _STREAM})
    return f"-c coreTable={core} -c ledgerTable={ledger} -c ledgerStream={description['LatestStreamArn']}"


def _update(database: Any, table: str, name: str, change: dict[str, Any]) -> Any:  # noqa: ANN401 -- as above
    """Change a table, unless it is so already; how it is then, once it can be changed again."""
    described = database.describe_table(TableName=table)["Table"]
    if described.get(name) != change[name]:
        database.update_table(TableName=table, **change)
        database.get_waiter("table_exists").wait(TableName=table)
        described = database.describe_table(TableName=table)["Table"]
    return described


def _add_indexes(database: Any, table: str, indexes: Iterable[Index]) -> None:  # noqa: ANN401 -- as above
    """Make the indexes that a table is without, one after another: DynamoDB fills one at a time."""
    for index in indexes:
        described = _once_filled(database, table)
        if index.name in {each["IndexName"] for each in described.get("GlobalSecondaryIndexes", [])}:
            continue
        kinds = {each["AttributeName"]: each["AttributeType"] for each in described["AttributeDefinitions"]}
        kinds |= {index.partition: "S", index.sort: index.sort_type}
        keys = ((index.partition, "HASH"), (index.sort, "RANGE"))
        made = {
            "IndexName": index.name,
            "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in keys],
            "Projection": {"ProjectionType": index.projection},
        }
        database.update_table(
            TableName=table,
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in kinds.items()],
            GlobalSecondaryIndexUpdates=[{"Create": made}],
        )
    _once_filled(database, table)


def _once_filled(database: Any, table: str) -> Any:  # noqa: ANN401 -- as above
    """A table once it has no index that is still being filled.

    Raises:
        IndexNotReadyError: that takes too long.
    """
    for _ in range(_POLLS):
        described = database.describe_table(TableName=table)["Table"]
        if all(each["IndexStatus"] == "ACTIVE" for each in described.get("GlobalSecondaryIndexes", [])):
            return described
        time.sleep(_POLL_SECONDS)
    raise IndexNotReadyError(f"an index of {table} is still being filled")


def _bound(database: Any, table: str, options: Options) -> None:  # noqa: ANN401 -- as above
    """Set the most units a second of a table and of each of its indexes, where they are others."""
    bound = {"MaxReadRequestUnits": options.table_read_units, "MaxWriteRequestUnits": options.table_write_units}
    described = database.describe_table(TableName=table)["Table"]
    names = [
        index["IndexName"]
        for index in described.get("GlobalSecondaryIndexes", [])
        if index.get("OnDemandThroughput") != bound
    ]
    changes: dict[str, Any] = {}
    if described.get("OnDemandThroughput") != bound:
        changes["OnDemandThroughput"] = bound
    if names:
        changes["GlobalSecondaryIndexUpdates"] = [
            {"Update": {"IndexName": name, "OnDemandThroughput": bound}} for name in names
        ]
    if changes:
        database.update_table(TableName=table, **changes)
        database.get_waiter("table_exists").wait(TableName=table)


def main() -> None:
    """Prepare the tables that the command line names, and print the options."""
    parser = argparse.ArgumentParser(prog="python -m infra.adopt", description="Prepare tables for a stack.")
    parser.add_argument("core", help="the table of the current state")
    parser.add_argument("ledger", help="the table of the ledger")
    given, others = parser.parse_known_args()
    try:
        options = Options.from_context(context_of(others))
        adopted = adopt(boto3.client("dynamodb"), given.core, given.ledger, options)
    except (ClientError, BotoCoreError, IndexNotReadyError, InvalidOptionError) as error:
        sys.exit(f"The tables were not prepared: {error}")
    print(adopted)  # noqa: T201 -- its output


if __name__ == "__main__":
    main()
