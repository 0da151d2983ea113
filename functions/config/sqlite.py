"""The persistence ports over one SQLite file."""

from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.records import SqliteRecords
from functions.adapter.out.sqlite.repositories import (
    SqliteAdmission,
    SqliteAudits,
    SqliteBooks,
    SqliteCandles,
    SqliteJournal,
    SqliteMarkets,
    SqlitePositions,
)
from functions.config.container import Persistence


def sqlite_persistence(database: Database) -> Persistence:
    """All ports over an open database."""
    records = SqliteRecords(database)
    return Persistence(
        records=records,
        unit_of_work=records,
        markets=SqliteMarkets(database),
        books=SqliteBooks(database),
        positions=SqlitePositions(database),
        journal=SqliteJournal(database),
        candles=SqliteCandles(database),
        audits=SqliteAudits(database),
        admission=SqliteAdmission(database),
    )
