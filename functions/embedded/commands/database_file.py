"""The database file that a command works on, and the one line that says why it cannot."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from functions.adapter.out.sqlite.database import Database, DatabaseTooNewError, ForeignDatabaseError

DEFAULT_DATABASE = Path("hunch.db")


@contextmanager
def explain_failure(database: Path) -> Iterator[None]:
    """Turn what can go wrong when a database is opened or filled into a line that names it.

    Raises:
        click.ClickException: it went wrong.
    """
    try:
        yield
    except (OSError, sqlite3.Error, DatabaseTooNewError, ForeignDatabaseError) as error:
        raise click.ClickException(f"Cannot open the database {database}: {error}") from error


def open_database(database: Path) -> Database:
    """Open it; it is made if it is not there.

    Raises:
        click.ClickException: it cannot be opened.
    """
    with explain_failure(database):
        return Database.open(database)


def open_existing_database(database: Path) -> Database:
    """Open one that must be there: what only reads, or adds to what there is, makes none by mistake.

    Raises:
        click.ClickException: it is not there, or cannot be opened.
    """
    if not database.exists():
        raise click.ClickException(f"There is no database {database}. Name another with --database.")
    return open_database(database)
