"""Prepare two tables for a stack that adopts them: ``python -m infra.adopt <core table> <ledger table>``.

A restored table, and one that a stack left behind, has its items and its indexes, and nothing else that a stack gives
its own: recovery, protection from deletion, the expiry of items, the stream of the ledger. This switches those on, and
prints the options for ``make deploy``. To run it again changes nothing.
"""

import argparse
import sys
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from functions.registry.deployed import EXPIRES_AT

_STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}


def adopt(database: Any, core: str, ledger: str) -> str:  # noqa: ANN401 -- boto3 makes its clients' classes itself
    """Prepare both tables.

    Args:
        database: a client of DynamoDB.
        core: the table of the current state.
        ledger: the table of the ledger.

    Returns:
        The options that adopt them, as the command line of ``cdk`` takes them.

    Raises:
        ClientError: AWS refuses; what was switched on so far stays on.
    """
    for table in (core, ledger):
        database.update_continuous_backups(
            TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
        _update(database, table, "DeletionProtectionEnabled", {"DeletionProtectionEnabled": True})
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


def main() -> None:
    """Prepare the tables that the command line names, and print the options."""
    parser = argparse.ArgumentParser(prog="python -m infra.adopt", description="Prepare tables for a stack.")
    parser.add_argument("core", help="the table of the current state")
    parser.add_argument("ledger", help="the table of the ledger")
    given = parser.parse_args()
    try:
        options = adopt(boto3.client("dynamodb"), given.core, given.ledger)
    except (ClientError, BotoCoreError) as error:
        sys.exit(f"The tables were not prepared: {error}")
    print(options)  # noqa: T201 -- its output


if __name__ == "__main__":
    main()
