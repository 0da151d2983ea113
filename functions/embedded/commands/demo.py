"""``hunch demo``."""

from pathlib import Path

import click

from functions.embedded.commands.arguments import database_option
from functions.embedded.commands.database_file import explain_failure


@click.command()
@database_option
def demo(database: Path) -> None:
    """Fill a database that is not there yet with a few lively markets.

    It is what `hunch serve --demo` begins with, without serving.
    """
    from functions.embedded.demo import fill_demo

    if database.exists():
        raise click.ClickException(f"{database} is there already, and stays as it is. Name another with --database.")
    with explain_failure(database):
        fill_demo(database)
    click.echo(f"Filled {database}: five markets with a week of trades. `hunch serve --database {database}` shows it.")
