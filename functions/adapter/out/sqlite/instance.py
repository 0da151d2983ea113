"""What an instance knows about itself: values made once and kept with its data."""

import secrets
import sqlite3

from functions.adapter.out.sqlite.database import Database


def instance_secret(database: Database, name: str) -> str:
    """The instance's secret of that name: 32 random bytes in hex, made the first time it is asked for."""
    return database.write_now(lambda connection: _keep(connection, name, secrets.token_hex(32)))


def _keep(connection: sqlite3.Connection, name: str, value: str) -> str:
    connection.execute("INSERT INTO instance VALUES (?, ?) ON CONFLICT DO NOTHING", (name, value))
    kept: tuple[str] = connection.execute("SELECT value FROM instance WHERE name = ?", (name,)).fetchone()
    return kept[0]
