"""As much of the AWS command line as docs/runbook.md uses; the program itself is no package of Python.

``python -m tests.e2e.aws dynamodb restore-table-to-point-in-time --source-table-name core …``
"""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import boto3


def _parameters(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The options of a command, by the names that the API has for them."""
    for name, value in zip(words[::2], words[1::2], strict=True):
        yield "".join(part.capitalize() for part in name.removeprefix("--").split("-")), value


def run(words: Sequence[str]) -> None:
    """Do what a command says."""
    service, action, *rest = words
    connect: Any = boto3.client  # which service is not known here
    client = connect(service)
    if action == "wait":
        name, *rest = rest
        client.get_waiter(name.replace("-", "_")).wait(**dict(_parameters(rest)))
    elif action == "restore-table-to-point-in-time":
        _restore(client, **dict(_parameters(rest)))
    else:
        getattr(client, action.replace("-", "_"))(**dict(_parameters(rest)))


def _restore(client: Any, *, SourceTableName: str, TargetTableName: str, RestoreDateTime: str) -> None:  # noqa: N803 -- AWS's names
    """Restore the present: the local endpoint keeps no other second, and restores indexes out of backups alone."""
    datetime.fromisoformat(RestoreDateTime)
    backup = client.create_backup(TableName=SourceTableName, BackupName=TargetTableName)["BackupDetails"]
    client.restore_table_from_backup(TargetTableName=TargetTableName, BackupArn=backup["BackupArn"])


if __name__ == "__main__":
    run(sys.argv[1:])
