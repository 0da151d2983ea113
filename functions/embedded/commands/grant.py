"""``hunch grant``."""

import secrets
from pathlib import Path

import click

from functions.embedded.commands import arguments
from functions.embedded.commands.arguments import database_option, token_file_option, url_option
from functions.embedded.commands.instance import OutcomeUnknownError, open_instance


@click.command()
@click.argument("account", type=arguments.account)
@click.argument("amount", type=arguments.credits_)
@click.option("--reason", required=True, type=arguments.reason, help="Why; the account's journal keeps it.")
@click.option(
    "--key",
    type=arguments.idempotency_key,
    help="Your own name for this grant: repeated with the same it is done once.",
)
@database_option
@url_option
@token_file_option
def grant(
    *, account: str, amount: int, reason: str, key: str | None, database: Path, url: str | None, token_file: Path | None
) -> None:
    """Grant ACCOUNT an AMOUNT of credits, such as 250 or 0.5.

    Into a database file on this machine, or with --url into an instance elsewhere as one of its admins: HUNCH_TOKEN, or
    the file --token-file, holds the token or bot key.
    """
    key = key or secrets.token_hex(16)
    try:
        with open_instance(database, url, token_file, needs_credential=True) as instance:
            entry, replayed = instance.grant_credits(account, amount, reason, key)
    except OutcomeUnknownError as error:
        raise click.ClickException(f"{error.message} It may be done: repeating it with --key {key} is safe.") from error
    done = "Granted before, under this key:" if replayed else "Granted"
    click.echo(f"{done} {entry.amount} credits to {account}, whose balance was {entry.balance_after} then.")
