"""The instance that a command asks: a database file on this machine, or one elsewhere through its API."""

import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import click
from click.core import ParameterSource

from domain.model.admission.forgetting import Removed
from domain.model.kernel.errors import ContentionError, DegradedError, DomainError
from domain.model.trading.replay import ShownMarket
from domain.model.trading.trade import Trade
from functions.adapter.out.client.documents import EntryDocument, Granted
from functions.embedded.commands.database_file import open_existing_database

TOKEN_VARIABLE = "HUNCH_TOKEN"  # noqa: S105 -- the name of a variable
_CREDENTIAL = re.compile("[!-~]{1,8192}")


class OutcomeUnknownError(click.ClickException):
    """It was done or not, and nobody knows which."""


class Instance(Protocol):
    """What commands ask of an instance, wherever it is."""

    def get_market(self, slug: str) -> ShownMarket:
        """What a market shows of its trading."""
        ...

    def list_trades(self, slug: str) -> Iterator[Sequence[Trade]]:
        """A market's trades page by page, the latest first."""
        ...

    def find_points(self, account: str, slug: str) -> int | None:
        """An account's points on a market, in millionths; None where it has no result there."""
        ...

    def list_journal(self) -> Iterator[Sequence[EntryDocument]]:
        """The movements of one account's money page by page, the latest first."""
        ...

    def grant_credits(self, account: str, amount: int, reason: str, key: str) -> Granted:
        """Grant an account micro-credits, once for each key."""
        ...

    def forget_account(self, account: str, key: str) -> Removed:
        """Forget an account, and say what was removed; asked again it goes on."""
        ...


@contextmanager
def open_instance(
    database: Path,
    url: str | None,
    token_file: Path | None,
    *,
    account: str | None = None,
    needs_credential: bool = False,
) -> Iterator[Instance]:
    """The instance that the options name, while the block lasts; what it refuses there becomes one line.

    Args:
        database: the file of a local one.
        url: the address of a remote one; None for the local one.
        token_file: where the credential for a remote one is.
        account: whose journal to read of a local one; a remote one knows by the credential.
        needs_credential: whether a remote one must be told who asks.

    Raises:
        click.UsageError: the options contradict one another.
        OutcomeUnknownError: it does not answer, or nothing that makes sense.
        click.ClickException: there is no such instance, or it refuses.
    """
    _require_one(url, token_file)
    try:
        if url is None:
            from functions.embedded.commands.local_instance import LocalInstance

            with open_existing_database(database) as opened, LocalInstance(opened, account) as local:
                yield local
        else:
            with _open_remote(url, _credential(token_file, is_needed=needs_credential)) as remote:
                yield remote
    except DegradedError as error:
        raise OutcomeUnknownError(f"Nothing can be saved: {error.reason}.") from error
    except ContentionError as error:
        raise OutcomeUnknownError("The database is busy.") from error
    except DomainError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except sqlite3.Error as error:
        raise click.ClickException(f"Cannot read the database {database}: {error}") from error


@contextmanager
def _open_remote(url: str, credential: str | None) -> Iterator[Instance]:
    from functions.adapter.out.client.connection import Connection, InvalidAddressError, RefusedError, RemoteError
    from functions.adapter.out.client.instance import RemoteInstance

    try:
        connection = Connection(url, credential)
    except InvalidAddressError as error:
        raise click.UsageError(f"--url {error}.") from error
    if credential and connection.is_readable_by_others:
        click.echo(f"Warning: {url} is not encrypted: whoever is on the way can read the credential.", err=True)
    try:
        with RemoteInstance(connection) as remote:
            yield remote
    except RefusedError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except RemoteError as error:
        raise OutcomeUnknownError(str(error)) from error


def _require_one(url: str | None, token_file: Path | None) -> None:
    context = click.get_current_context()
    if url is not None and context.get_parameter_source("database") is ParameterSource.COMMANDLINE:
        raise click.UsageError("Give --database for an instance on this machine or --url for one elsewhere, not both.")
    if url is None and token_file is not None:
        raise click.UsageError("--token-file is for an instance elsewhere: a database file needs no credential.")


def _credential(token_file: Path | None, *, is_needed: bool) -> str | None:
    """The credential to show; None to ask as anybody.

    What anybody may read is asked without the credential of the environment: that belongs to one instance, and
    the address may be another's.
    """
    if token_file is not None:
        return _require_credential(_read(token_file), str(token_file))
    if not is_needed:
        return None
    if TOKEN_VARIABLE not in os.environ:
        raise click.UsageError(f"This needs a credential: set {TOKEN_VARIABLE} to a token or bot key, or --token-file.")
    return _require_credential(os.environ[TOKEN_VARIABLE], TOKEN_VARIABLE)


def _read(token_file: Path) -> str:
    try:
        return token_file.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise click.UsageError(f"Cannot read {token_file}: {error.strerror}.") from error


def _require_credential(text: str, source: str) -> str:
    credential = text.strip()
    if not _CREDENTIAL.fullmatch(credential):
        raise click.UsageError(f"{source} holds no credential: a token or bot key is one line without blanks.")
    return credential
