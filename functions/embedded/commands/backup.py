"""``hunch backup`` and ``hunch restore``."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from functions.adapter.out.sqlite.copies import InUseError, back_up
from functions.adapter.out.sqlite.copies import restore as restore_copy
from functions.adapter.out.sqlite.database import DatabaseTooNewError, ForeignDatabaseError
from functions.adapter.out.sqlite.wholeness import DamagedError, Extent
from functions.embedded.commands.arguments import database_option
from functions.embedded.commands.watch import Watch

_file = click.argument("file", type=click.Path(path_type=Path))


@click.command()
@_file
@database_option
def backup(file: Path, database: Path) -> None:
    """Copy the database to FILE, whether the server runs or not.

    The copy is as of one instant, one file, readable for you alone: whoever reads it can sign in as anybody. It is
    checked like one that `hunch restore` puts back. FILE must not be there yet.
    """
    if not database.exists():
        raise click.ClickException(f"There is no database {database}. Name another with --database.")
    with _explain(f"Cannot back up {database} to {file}", database):
        extent = back_up(database, file, Watch(f"Backing up {database}"))
    click.echo(f"Backed up {database} to {file}: {_describe(extent)}.")


@click.command()
@_file
@database_option
def restore(file: Path, database: Path) -> None:
    """Put the backup FILE in the database's place. Stop the server first.

    FILE is checked before: its pages, every balance beside the ledger, the digest of every trade. The former database
    is kept beside the new one, and the command says under which name.
    """
    if not file.exists():
        raise click.ClickException(f"There is no backup {file}.")
    with _explain(f"Cannot restore {database} from {file}", file):
        extent, former = restore_copy(file, database, Watch(f"Restoring {database}"))
    click.echo(f"Restored {database} from {file}: {_describe(extent)}.")
    if former:
        click.echo(f"The former database is {former.name} beside it. Delete it once you miss nothing.")


def _describe(extent: Extent) -> str:
    accounts, markets, trades = (
        f"{count} {name}{'' if count == 1 else 's'}"
        for count, name in zip(extent, ("account", "market", "trade"), strict=True)
    )
    return f"{accounts}, {markets}, {trades}, and the books balance"


@contextmanager
def _explain(what: str, source: Path) -> Iterator[None]:
    """Turn whatever goes wrong into one line that begins like this.

    Args:
        what: what cannot be done.
        source: what is copied.

    Raises:
        click.ClickException: it went wrong.
    """
    try:
        yield
    except InUseError as error:
        raise click.ClickException(
            f"{what}: another process has the database open. Stop the server, and whatever else uses it, first."
        ) from error
    except FileExistsError as error:
        raise click.ClickException(f"{what}: choose a file that is not there, and not the database itself.") from error
    except DamagedError as error:
        raise click.ClickException(f"{what}: {source} is damaged: {error}. Nothing was changed.") from error
    except OSError as error:
        raise click.ClickException(f"{what}: {error.strerror or error}") from error
    except (sqlite3.Error, DatabaseTooNewError, ForeignDatabaseError) as error:
        raise click.ClickException(f"{what}: {error}") from error
