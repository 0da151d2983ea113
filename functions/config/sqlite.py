"""The persistence ports over one SQLite file."""

from dataclasses import dataclass

from domain.port.out.clock import Clock, Random
from domain.port.out.store import Store
from functions.adapter.out.sqlite.condition import SqliteCondition
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.finders.admission import SqliteAdmission
from functions.adapter.out.sqlite.finders.discussion import SqliteComments
from functions.adapter.out.sqlite.finders.history import SqliteCandles, SqliteEvents
from functions.adapter.out.sqlite.finders.ledger import SqliteAudits, SqliteJournal
from functions.adapter.out.sqlite.finders.record import SqliteTrackRecords
from functions.adapter.out.sqlite.finders.trading import SqliteBooks, SqliteMarkets, SqlitePositions
from functions.adapter.out.sqlite.finders.webhooks import SqliteWebhooks
from functions.adapter.out.sqlite.store import Listener, SqliteStore
from functions.adapter.out.system.clock import SystemClock
from functions.config.ports import Persistence


@dataclass(frozen=True)
class SqlitePersistence(Persistence):
    """All ports over an open database."""

    database: Database
    listener: Listener

    def store(self, clock: Clock, random: Random) -> Store:  # noqa: ARG002 - nothing is tried again
        """The store that decides inside the writer's transaction."""
        return SqliteStore(self.database, clock, self.listener)


def sqlite_persistence(database: Database, listener: Listener = lambda _: None) -> SqlitePersistence:
    """All ports over an open database.

    Args:
        database: the open database.
        listener: is told of every commit.
    """
    records = SqliteStore(database, SystemClock())
    return SqlitePersistence(
        records=records,
        unit_of_work=records,
        markets=SqliteMarkets(database),
        books=SqliteBooks(database),
        positions=SqlitePositions(database),
        journal=SqliteJournal(database),
        candles=SqliteCandles(database),
        events=SqliteEvents(database),
        audits=SqliteAudits(database),
        admission=SqliteAdmission(database),
        comments=SqliteComments(database),
        track_records=SqliteTrackRecords(database),
        webhooks=SqliteWebhooks(database),
        condition=SqliteCondition(database),
        database=database,
        listener=listener,
    )
