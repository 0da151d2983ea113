"""How the commands read their arguments, and the options that several of them take."""

import re
from pathlib import Path

import click

from domain.model.kernel.names import is_slug
from domain.model.ledger.journal import HOUSE
from domain.model.trading.market import MAX_REASON
from functions.embedded.commands.database_file import DEFAULT_DATABASE

_KEY = re.compile("[!-~]{1,255}")


def slug(text: str) -> str:
    """The slug of a market.

    Raises:
        click.BadParameter: no market can have it.
    """
    if not is_slug(text):
        raise click.BadParameter(f"{text!r} is no slug: lower-case letters, digits and inner hyphens.")
    return text


def account(text: str) -> str:
    """The name of an account.

    Raises:
        click.BadParameter: no account can have it.
    """
    if text == HOUSE or not is_slug(text):
        raise click.BadParameter(f"{text!r} is no account's name: lower-case letters, digits and inner hyphens.")
    return text


def credits_(text: str) -> int:
    """The micro-credits of a positive amount.

    Raises:
        click.BadParameter: it is none.
    """
    from functions.adapter.in_.http.decimal_string import POSITIVE

    try:
        return POSITIVE.read(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} {error}, without a sign.") from error


def reason(text: str) -> str:
    """A reason, as the journal keeps one.

    Raises:
        click.BadParameter: it is empty, too long, or no text.
    """
    if not 1 <= len(text) <= MAX_REASON or not text.isprintable():
        raise click.BadParameter(f"must be a text of 1 to {MAX_REASON} characters on one line.")
    return text


def idempotency_key(text: str) -> str:
    """A key by which a request is known again.

    Raises:
        click.BadParameter: it is none.
    """
    if not _KEY.fullmatch(text):
        raise click.BadParameter("must be 1 to 255 visible ASCII characters, without blanks.")
    return text


database_option = click.option(
    "--database",
    default=DEFAULT_DATABASE,
    show_default=True,
    type=click.Path(path_type=Path),
    help="The SQLite file of an instance on this machine.",
)
url_option = click.option(
    "--url", metavar="URL", help="The address of an instance elsewhere, such as https://hunch.example.org."
)
token_file_option = click.option(
    "--token-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file with the token, or bot key, to show at --url. Without it HUNCH_TOKEN is shown, where one is needed.",
)
