"""The database file that a command works on, and the one line that says why it cannot."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from domain.model.kernel.errors import DegradedError
from functions.adapter.out.sqlite.database import Database, DatabaseTooNewError, ForeignDatabaseError
from functions.adapter.out.sqlite.trouble import DAMAGED, FAILING, FULL, LOCKED, READ_ONLY, BusyError, trouble_of

DEFAULT_DATABASE = Path("hunch.db")


@contextmanager
def explain_failure(database: Path) -> Iterator[None]:
    """Turn what can go wrong when a database is opened or filled into a line that names it.

    Raises:
        click.ClickException: it went wrong.
    """
    try:
        yield
    except DegradedError as error:
        raise click.ClickException(f"Cannot write the database {database}: {error.reason}.") from error
    except UnicodeDecodeError as error:  # SQLite's message quotes what it found where the tables' names belong
        raise click.ClickException(f"Cannot open the database {database}: {DAMAGED.cause}. {DAMAGED.remedy}") from error
    except (OSError, sqlite3.Error, BusyError, DatabaseTooNewError, ForeignDatabaseError) as error:
        raise click.ClickException(f"Cannot open the database {database}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """What is wrong, and where the user can end it, how."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    trouble = trouble_of(error)
    return f"{trouble.cause}. {trouble.remedy}" if trouble in {LOCKED, FULL, FAILING, READ_ONLY} else str(error)


def open_database(database: Path, limit: int | None = None) -> Database:
    """Open it; it is made if it is not there.

    Args:
        database: the file.
        limit: how large it may grow, in bytes; None for any size.

    Raises:
        click.ClickException: it cannot be opened.
    """
    with explain_failure(database):
        return Database.open(database, limit)


def open_existing_database(database: Path) -> Database:
    """Open one that must be there: what only reads, or adds to what there is, makes none by mistake.

    Raises:
        click.ClickException: it is not there, or cannot be opened.
    """
    if not database.exists():
        raise click.ClickException(f"There is no database {database}. Name another with --database.")
    return open_database(database)
