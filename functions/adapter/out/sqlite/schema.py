"""The tables, as the list of steps that built them: a database's user_version says how many it has seen.

Every table keeps its record as one JSON document, and beside it only what keys, conditions, indexes and checks need.
"""

from collections.abc import Callable
from sqlite3 import Connection

from functions.adapter.out.sqlite.hours import fill_hours
from functions.adapter.out.sqlite.numbering import number_events
from functions.adapter.out.sqlite.words import add_words, renew_words

type Migration = Callable[[Connection], None]
"""A step that needs more than statements; it runs inside the transaction that counts it."""

MIGRATIONS: tuple[str | Migration, ...] = (
    """
    CREATE TABLE instance (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT;

    CREATE TABLE accounts (
        id TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        balance INTEGER NOT NULL CHECK (balance >= 0),
        document TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE markets (
        slug TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        status TEXT NOT NULL,
        creator TEXT NOT NULL,
        created_at TEXT NOT NULL,
        closes_at TEXT,
        document TEXT NOT NULL
    ) STRICT;
    CREATE INDEX markets_by_age ON markets (created_at DESC, slug DESC);
    CREATE INDEX markets_by_status ON markets (status, created_at DESC, slug DESC);
    CREATE INDEX markets_by_closing ON markets (status, closes_at);
    CREATE INDEX markets_by_creator ON markets (creator, created_at DESC, slug DESC);

    CREATE TABLE market_tags (
        tag TEXT NOT NULL,
        created_at TEXT NOT NULL,
        slug TEXT NOT NULL REFERENCES markets,
        PRIMARY KEY (tag, created_at DESC, slug DESC)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX market_tags_by_slug ON market_tags (slug);

    CREATE TABLE books (
        slug TEXT PRIMARY KEY REFERENCES markets,
        version INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        pool INTEGER NOT NULL CHECK (pool >= 0),
        document TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE positions (
        account TEXT NOT NULL REFERENCES accounts,
        market TEXT NOT NULL REFERENCES books,
        version INTEGER NOT NULL,
        shard INTEGER NOT NULL,
        is_held INTEGER NOT NULL,
        document TEXT NOT NULL,
        PRIMARY KEY (account, market)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX positions_by_market ON positions (market, shard, account);

    CREATE TABLE tallies (
        market TEXT NOT NULL REFERENCES books,
        shard INTEGER NOT NULL,
        version INTEGER NOT NULL,
        paid INTEGER NOT NULL CHECK (paid >= 0),
        document TEXT NOT NULL,
        PRIMARY KEY (market, shard)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE commands (
        account TEXT NOT NULL,
        id TEXT NOT NULL,
        created_at TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        kind TEXT NOT NULL,
        answer TEXT NOT NULL,
        PRIMARY KEY (account, id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE journal (
        account TEXT NOT NULL REFERENCES accounts,
        seq INTEGER NOT NULL,
        counterparty TEXT NOT NULL,
        amount INTEGER NOT NULL,
        market TEXT,
        trade_version INTEGER,
        document TEXT NOT NULL,
        PRIMARY KEY (account, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX trades ON journal (market, trade_version) WHERE trade_version IS NOT NULL;
    CREATE INDEX journal_by_counterparty ON journal (counterparty);

    CREATE TABLE lifecycle (
        market TEXT NOT NULL REFERENCES markets,
        revision INTEGER NOT NULL,
        document TEXT NOT NULL,
        PRIMARY KEY (market, revision)
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER journal_is_never_shortened BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER lifecycle_is_never_changed BEFORE UPDATE ON lifecycle
    BEGIN SELECT RAISE(ABORT, 'the lifecycle records are append-only'); END;
    CREATE TRIGGER lifecycle_is_never_shortened BEFORE DELETE ON lifecycle
    BEGIN SELECT RAISE(ABORT, 'the lifecycle records are append-only'); END;
    """,
    """
    CREATE TABLE price_histories (
        market TEXT PRIMARY KEY REFERENCES books,
        version INTEGER NOT NULL,
        document TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE candles (
        market TEXT NOT NULL REFERENCES books,
        interval TEXT NOT NULL,
        start TEXT NOT NULL,
        version INTEGER NOT NULL,
        document TEXT NOT NULL,
        PRIMARY KEY (market, interval, start)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE ledger_sums (
        name TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        document TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE audit_walk (
        version INTEGER NOT NULL,
        document TEXT NOT NULL,
        only_one INTEGER NOT NULL DEFAULT 1 UNIQUE CHECK (only_one = 1)
    ) STRICT;
    """,
    """
    CREATE TABLE api_keys (
        account TEXT NOT NULL REFERENCES accounts,
        id TEXT NOT NULL,
        version INTEGER NOT NULL,
        document TEXT NOT NULL,
        PRIMARY KEY (account, id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE invitations (
        id TEXT PRIMARY KEY,
        version INTEGER NOT NULL,
        used INTEGER NOT NULL CHECK (used >= 0),
        count INTEGER NOT NULL,
        document TEXT NOT NULL,
        CHECK (used <= count)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    DROP INDEX journal_by_counterparty;
    CREATE INDEX issued ON journal (counterparty, amount) WHERE counterparty = 'house';
    """,
    number_events,
    """
    ALTER TABLE accounts ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
    """,
    add_words,
    """
    CREATE TABLE changes (
        market TEXT NOT NULL,
        revision INTEGER NOT NULL,
        document TEXT NOT NULL,
        version INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (market, revision)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO changes SELECT market, revision, document, version FROM lifecycle;
    DROP TABLE lifecycle;
    ALTER TABLE changes RENAME TO lifecycle;
    CREATE TRIGGER lifecycle_is_never_changed BEFORE UPDATE ON lifecycle
    BEGIN SELECT RAISE(ABORT, 'the lifecycle records are append-only'); END;
    CREATE TRIGGER lifecycle_is_never_shortened BEFORE DELETE ON lifecycle
    BEGIN SELECT RAISE(ABORT, 'the lifecycle records are append-only'); END;
    """,
    fill_hours,
    """
    CREATE TABLE sign_in_links (
        account TEXT PRIMARY KEY REFERENCES accounts,
        version INTEGER NOT NULL,
        document TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE verdicts (
        market TEXT NOT NULL REFERENCES markets,
        number INTEGER NOT NULL,
        document TEXT NOT NULL,
        PRIMARY KEY (market, number)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE comments (
        market TEXT NOT NULL REFERENCES books,
        id TEXT NOT NULL,
        account TEXT NOT NULL REFERENCES accounts,
        version INTEGER NOT NULL,
        document TEXT NOT NULL,
        PRIMARY KEY (market, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX comments_by_account ON comments (account);

    CREATE TABLE commenters (
        account TEXT PRIMARY KEY REFERENCES accounts,
        version INTEGER NOT NULL,
        document TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE results (
        market TEXT NOT NULL REFERENCES books,
        account TEXT NOT NULL REFERENCES accounts,
        version INTEGER NOT NULL,
        shard INTEGER NOT NULL,
        resolved_at TEXT NOT NULL,
        document TEXT NOT NULL,
        PRIMARY KEY (market, account)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX results_by_shard ON results (market, shard, account);
    CREATE INDEX results_by_account ON results (account, resolved_at, market);

    CREATE TABLE track_records (
        account TEXT NOT NULL REFERENCES accounts,
        period TEXT NOT NULL,
        tag TEXT NOT NULL,
        version INTEGER NOT NULL,
        points INTEGER NOT NULL,
        profit INTEGER NOT NULL,
        brier INTEGER,
        document TEXT NOT NULL,
        PRIMARY KEY (account, period, tag)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX track_records_by_points ON track_records (period, tag, points, account);
    CREATE INDEX track_records_by_profit ON track_records (period, tag, profit, account);
    CREATE INDEX track_records_by_brier ON track_records (period, tag, brier, account) WHERE brier IS NOT NULL;

    CREATE TABLE record_folds (
        market TEXT PRIMARY KEY REFERENCES books,
        version INTEGER NOT NULL,
        document TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE webhooks (
        account TEXT NOT NULL REFERENCES accounts,
        id TEXT NOT NULL,
        version INTEGER NOT NULL,
        market TEXT,
        is_enabled INTEGER NOT NULL,
        document TEXT NOT NULL,
        PRIMARY KEY (account, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX webhooks_by_market ON webhooks (market, account, id) WHERE is_enabled;

    CREATE TABLE webhook_lists (
        account TEXT PRIMARY KEY REFERENCES accounts,
        version INTEGER NOT NULL,
        document TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE webhook_checkpoints (
        account TEXT NOT NULL,
        webhook TEXT NOT NULL,
        market TEXT NOT NULL,
        version INTEGER NOT NULL,
        next_attempt_at TEXT,
        document TEXT NOT NULL,
        PRIMARY KEY (account, webhook, market),
        FOREIGN KEY (account, webhook) REFERENCES webhooks (account, id) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX webhooks_due ON webhook_checkpoints (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

    CREATE TABLE webhook_deliveries (
        account TEXT NOT NULL,
        webhook TEXT NOT NULL,
        id TEXT NOT NULL,
        document TEXT NOT NULL,
        PRIMARY KEY (account, webhook, id),
        FOREIGN KEY (account, webhook) REFERENCES webhooks (account, id) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE INDEX commands_by_age ON commands (created_at) WHERE kind NOT IN ('Order', 'JournalEntry');
    """,
    """
    CREATE TABLE posts (
        id INTEGER PRIMARY KEY,
        document TEXT NOT NULL
    ) STRICT;

    CREATE TABLE forecasts (
        account TEXT NOT NULL REFERENCES accounts,
        market TEXT NOT NULL REFERENCES markets,
        version INTEGER NOT NULL,
        document TEXT NOT NULL,
        PRIMARY KEY (account, market)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE forgettings (
        account TEXT PRIMARY KEY REFERENCES accounts,
        version INTEGER NOT NULL,
        document TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX commands_by_person ON commands (coalesce(answer ->> '$.account.id', account))
        WHERE kind IN ('OpenedAccount', 'ChangedAccount', 'Listing');
    """,
    renew_words,
)
