"""Markets, books and positions as rows."""

from operator import attrgetter
from sqlite3 import Connection

from domain.event.market_events import MarketChanged
from domain.model.kernel.notation import format_time
from domain.model.trading.book import Book
from domain.model.trading.market import Market, words_of
from domain.model.trading.position import Position, holder_shard
from domain.model.trading.verdict import Verdict
from functions.adapter.out.sqlite.layout.table import Table
from functions.adapter.out.sqlite.words import written_words


def _tag(connection: Connection, market: Market) -> None:
    """List a market under its tags, and no others."""
    _untag(connection, market)
    rows = [(tag, format_time(market.created_at), market.slug) for tag in dict.fromkeys(market.tags)]
    connection.executemany("INSERT INTO market_tags VALUES (?, ?, ?)", rows)


def _untag(connection: Connection, market: Market) -> None:
    """List a market under no tag."""
    connection.execute("DELETE FROM market_tags WHERE slug = ?", (market.slug,))


TABLES = (
    Table(
        Market,
        "markets",
        ("slug",),
        {
            **{name: attrgetter(name) for name in ("status", "creator", "created_at", "closes_at")},
            "words": lambda market: written_words(words_of(market)),
        },
        follow=_tag,
        precede=_untag,
    ),
    Table(Book, "books", ("slug",), {"pool": attrgetter("pool")}),
    Table(
        Position,
        "positions",
        ("account", "market"),
        {"shard": lambda position: holder_shard(position.account), "is_held": attrgetter("is_held")},
    ),
    Table(Verdict, "verdicts", ("market", "number")),
    Table(MarketChanged, "lifecycle", ("market", "revision"), {"version": attrgetter("version")}),
)
