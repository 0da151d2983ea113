"""``hunch forget``."""

import secrets
from pathlib import Path

import click

from functions.embedded.commands import arguments
from functions.embedded.commands.arguments import database_option, token_file_option, url_option
from functions.embedded.commands.instance import OutcomeUnknownError, open_instance

_ASK = "Forget {account}? Nothing brings the account back, and whatever it holds stays its own and cannot be used."
_STAYS = (
    "What stays: the id {account}, its trades, shares and journal, its results, and the markets it has published.\n"
    "Back-ups and exports that were made before still have what was removed."
)


@click.command()
@click.argument("account", type=arguments.account)
@click.option("--yes", is_flag=True, help="Do it without asking.")
@database_option
@url_option
@token_file_option
def forget(*, account: str, yes: bool, database: Path, url: str | None, token_file: Path | None) -> None:
    """Forget ACCOUNT: remove its name, its comments and drafts, its webhooks, and every way to sign in.

    The id stays in the ledger, so that everybody's money and every price stay as they are. In a database file on this
    machine, or with --url in an instance elsewhere as one of its admins: HUNCH_TOKEN, or the file --token-file, holds
    the token or bot key. Repeating it is safe, and goes on where it was interrupted.
    """
    if not yes:
        click.confirm(_ASK.format(account=account), abort=True)
    try:
        with open_instance(database, url, token_file, needs_credential=True) as instance:
            removed = instance.forget_account(account, secrets.token_hex(16))
    except OutcomeUnknownError as error:
        raise click.ClickException(f"{error.message} It may be begun: repeating it is safe, and goes on.") from error
    click.echo(
        f"Forgot {account}. Removed: its name, every session, comments: {removed.comments}, drafts: {removed.drafts}, "
        f"bot keys: {removed.api_keys}, webhooks: {removed.webhooks}, sign-in links: {removed.sign_in_links}."
    )
    click.echo(_STAYS.format(account=account))
