"""``hunch reconcile``."""

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import click
from click.core import ParameterSource

from domain.application.instance.reconciliation.reconcile import find_repairs
from domain.application.instance.reconciliation.repair import Repair
from domain.model.kernel.errors import ContentionError
from domain.model.kernel.names import escape_hidden
from functions.adapter.out.system.clock import SystemClock, SystemRandom
from functions.embedded.commands.arguments import database_option
from functions.embedded.commands.database_file import explain_failure, open_existing_database


@click.command()
@database_option
@click.option("--core-table", help="On AWS: the table of the current state.")
@click.option("--ledger-table", help="On AWS: the table of the ledger.")
@click.option("--apply", is_flag=True, help="Make the changes; without it they are only shown.")
def reconcile(*, database: Path, core_table: str | None, ledger_table: str | None, apply: bool) -> None:
    """Make everything stored follow from the ledger, after a restore.

    The ledger is the truth: what it says and is missing elsewhere is put back, and what it does not say is taken back.
    Behind a gap in a market's ledger nothing can be proved: trades there are annulled, and their money is returned. It
    says what it finds, line by line, and exits with 1 where there is something left to do.

    Stop the server, or the service, first. AWS takes the credentials and the region of the environment.
    """
    if core_table is None and ledger_table is None:
        repairs = _reconcile_file(database, apply=apply)
    elif core_table is None or ledger_table is None:
        raise click.UsageError("Give both --core-table and --ledger-table.")
    elif click.get_current_context().get_parameter_source("database") is ParameterSource.COMMANDLINE:
        raise click.UsageError("Give --database for a file on this machine or the two tables on AWS, not both.")
    else:
        repairs = asyncio.run(_reconcile_tables(core_table, ledger_table, apply=apply))
    _report(repairs, apply=apply)


def _reconcile_file(database: Path, *, apply: bool) -> Sequence[Repair]:
    from functions.adapter.out.sqlite.copies import InUseError
    from functions.adapter.out.sqlite.reconciliation import (
        SqliteStoredRecords,
        make_repairs,
        open_alone,
        open_snapshot,
    )

    with open_existing_database(database):
        pass  # its tables are those of this release now
    now = SystemClock().now()
    with explain_failure(database):
        if not apply:
            with open_snapshot(database) as connection:
                return list(find_repairs(SqliteStoredRecords(connection), now))
        try:
            with open_alone(database) as connection:
                repairs = list(find_repairs(SqliteStoredRecords(connection), now))
                make_repairs(connection, repairs)
                return repairs
        except InUseError as error:
            raise click.ClickException(
                f"Nothing was changed: another process has {database} open. Stop the server first."
            ) from error
        except sqlite3.IntegrityError as error:
            raise click.ClickException(f"Nothing was changed: {error}.") from error


async def _reconcile_tables(core: str, ledger: str, *, apply: bool) -> Sequence[Repair]:
    try:
        from botocore.exceptions import BotoCoreError, ClientError

        from functions.adapter.out.dynamodb.gateway import DynamoGateway, create_client
        from functions.adapter.out.dynamodb.reconciliation import (
            TablesInUseError,
            make_repairs,
            make_row_repairs,
            read_tables,
        )
        from functions.adapter.out.dynamodb.tables import Tables
    except ImportError as error:
        raise click.ClickException("Tables on AWS need botocore beside Hunch: pip install botocore.") from error
    clock = SystemClock()
    try:
        gateway = DynamoGateway(create_client(), Tables(core=core, ledger=ledger), clock, SystemRandom())
        records, rows = await read_tables(gateway)
        repairs = list(find_repairs(records, clock.now()))
        if apply:
            await make_row_repairs(gateway, rows)
            await make_repairs(gateway, repairs)
    except TablesInUseError as error:
        raise click.ClickException(f"{error}.") from error
    except ContentionError as error:
        raise click.ClickException(f"The tables cannot be read: {error}") from error
    except (ClientError, BotoCoreError) as error:
        raise click.ClickException(f"AWS refuses: {error}") from error
    return [*(Repair(f"table {core}", row.findings, ()) for row in rows), *repairs]


def _report(repairs: Sequence[Repair], *, apply: bool) -> None:
    """Say what was found, each difference on a line of its own."""
    for repair in repairs:
        for finding in repair.findings:
            click.echo(escape_hidden(f"{repair.subject}: {finding}"))
    found = sum(len(repair.findings) for repair in repairs)
    if not found:
        click.echo("Everything stored follows from the ledger.")
    elif apply:
        click.echo(f"{found} differences, all mended.")
    else:
        click.echo(f"{found} differences. Nothing was changed: look at them, and run it again with --apply.")
        click.get_current_context().exit(1)
