"""Forgetting what was answered long ago: on one machine, what the table's time to live is on AWS."""

import sqlite3
from datetime import datetime, timedelta

from domain.model.kernel.notation import format_time
from functions.adapter.out.sqlite.database import Database

ANSWER_LIFE = timedelta(days=8)
"""The contract promises a repeated request its answer for seven days."""
_AT_ONCE = 500

# Orders are read again for ever, a grant is never made twice, and who came by an invitation opens the server to others.
_FORGET = """DELETE FROM commands WHERE (account, id) IN (
    SELECT account, id FROM commands
    WHERE kind NOT IN ('Order', 'JournalEntry') AND created_at < ?
        AND NOT (account > 'invitation:' AND account < 'invitation;')
    ORDER BY created_at LIMIT ?)"""


async def forget_answers(database: Database, now: datetime) -> int:
    """Remove the remembered answers whose time is over, some at a time so that nobody waits.

    Returns:
        How many were removed.
    """
    before, removed = format_time(now - ANSWER_LIFE), 0

    def forget(connection: sqlite3.Connection) -> int:
        return connection.execute(_FORGET, (before, _AT_ONCE)).rowcount

    while some := await database.write(forget):
        removed += some
    return removed
