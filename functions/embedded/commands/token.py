"""``hunch token``."""

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
    other instances refuse it. The account need not be open yet: `POST /v1/accounts` opens it.
    """
    from domain.model.caller import Caller, Role
    from functions.adapter.out.sqlite.instance import instance_secret
    from functions.adapter.out.system.clock import SystemClock
    from functions.embedded.developer_sign_in import SECRET_NAME, DeveloperTokens

    caller = Caller(account, frozenset({Role.ADMIN} if admin else ()))
    with open_existing_database(database) as opened:
        issued = DeveloperTokens(instance_secret(opened, SECRET_NAME), SystemClock()).issue(caller)
    who = f"{account}, as an admin" if admin else account
    click.echo(
        f"For `hunch serve --database {database}` only: whoever shows this token is {who}, for 30 days.", err=True
    )
    click.echo(issued)
