"""What the stack and the code that it deploys both have to know: keys, indexes, and the policy of the page."""

from typing import NamedTuple

PARTITION, SORT = "PK", "SK"
"""The attributes of both tables' keys, which are texts."""
CALLER = "caller"
"""The only key of the table of callers, a text."""
EXPIRES_AT = "expires_at"
"""The attribute of the time to live, in epoch seconds; in the core table only what is to go by itself has a number."""

CONNECT_AT_START = "CONNECT_AT_START"
"""The variable of functions that people wait for: they open their connection to the tables while they start."""


class Index(NamedTuple):
    """A global secondary index.

    Args:
        name: the index's name.
        partition: the attribute of its partition key.
        sort: the attribute of its sort key.
        sort_type: S for text, N for a number.
        projection: ALL or KEYS_ONLY.
        is_of_ledger: whether it is an index of the ledger table and not of the core table.
    """

    name: str
    partition: str
    sort: str
    sort_type: str = "S"
    projection: str = "ALL"
    is_of_ledger: bool = False


MARKETS_BY_AGE = Index("markets_by_age", "listed_all", "listed_at")
MARKETS_BY_STATUS = Index("markets_by_status", "listed_status", "listed_at")
MARKETS_BY_CREATOR = Index("markets_by_creator", "listed_creator", "listed_at")
DRAFTS_BY_CREATOR = Index("drafts_by_creator", "drafted_by", "listed_at")
MARKETS_BY_CLOSING = Index("markets_by_closing", "closing_day", "closing_at", projection="KEYS_ONLY")
HOLDERS = Index("holders", "holders_of", "account", projection="KEYS_ONLY")
BALANCES = Index("balances", "holds", PARTITION, projection="KEYS_ONLY")
TRADES = Index("trades", "trades_of", "trade_version", sort_type="N", is_of_ledger=True)

CORE_INDEXES = (
    MARKETS_BY_AGE,
    MARKETS_BY_STATUS,
    MARKETS_BY_CREATOR,
    DRAFTS_BY_CREATOR,
    MARKETS_BY_CLOSING,
    HOLDERS,
    BALANCES,
)
"""No trade writes to an index of a market: of accounts and books the last alone has anything, which never changes."""
LEDGER_INDEXES = (TRADES,)


FIRST_SCRIPT = "sha256-abEBZ2UXrDLiUPg3oez+Qm8d2ZM3ZBxKmNOCEvDbE4Q="
"""The hash of web/src/first.js, the only script that stands within the page; a unit test says what it has to be."""


def content_security_policy(*connect: str) -> str:
    """What a browser may do with the page: run and show what came from the same address, and send nothing elsewhere.

    Args:
        connect: the sources, beside its own address, that the page may call: for signing in, and for hints.
    """
    policy = {
        "default-src": "'none'",
        "script-src": f"'self' '{FIRST_SCRIPT}'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": " ".join(("'self'", *connect)),
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())
