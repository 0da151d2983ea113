"""The column of a market's words, and the migrations that fill it."""

import json
import sqlite3
from collections.abc import Sequence

from domain.model.kernel.words import search_words


def written_words(words: Sequence[str]) -> str:
    """Words as the column has them, a blank before each: a word that begins so is found by a blank and its start."""
    return "".join(f" {word}" for word in words)


def add_words(connection: sqlite3.Connection) -> None:
    """Give every market the words by which it is found."""
    connection.execute("ALTER TABLE markets ADD COLUMN words TEXT NOT NULL DEFAULT ''")
    renew_words(connection)


def renew_words(connection: sqlite3.Connection) -> None:
    """Write every market's words anew, after a change of how they are compared."""
    for slug, document in connection.execute("SELECT slug, document FROM markets").fetchall():
        market = json.loads(document)
        words = written_words(search_words(market["name"], slug, *market["tags"]))
        connection.execute("UPDATE markets SET words = ? WHERE slug = ?", (words, slug))
