"""``hunch token``."""

import asyncio
from pathlib import Path

import click

from functions.embedded.commands import arguments
from functions.embedded.commands.arguments import database_option
from functions.embedded.commands.database_file import open_existing_database


@click.command()
@click.argument("account", type=arguments.account)
@click.option("--admin", is_flag=True, help="A token that may grant credits, resolve and void as well.")
@database_option
def token(account: str, admin: bool, database: Path) -> None:
    """Print a developer token for ACCOUNT, good for 30 days.

    A program shows it to `hunch serve` over the same database as `Authorization: Bearer <token>`, and then is ACCOUNT;
    other instances refuse it, and so does this one where others can reach it. The account need not be open yet:
    `POST /v1/accounts` opens it.
    """
    from domain.model.kernel.caller import Caller, Role
    from functions.adapter.out.sqlite.store import SqliteStore
    from functions.adapter.out.system.clock import SystemClock
    from functions.embedded.developer_sign_in import developer_token

    caller = Caller(account, frozenset({Role.ADMIN} if admin else ()))
    with open_existing_database(database) as opened:
        clock = SystemClock()
        issuing = developer_token(SqliteStore(opened, clock), clock, caller)
        issued = asyncio.run(issuing, loop_factory=asyncio.new_event_loop)
    who = f"{account}, as an admin" if admin else account
    click.echo(
        f"For `hunch serve --database {database}` only: whoever shows this token is {who}, for 30 days.", err=True
    )
    click.echo(issued)
