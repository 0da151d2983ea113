"""Markets, books, positions and verdicts as items."""

from datetime import datetime

from domain.model.kernel.notation import format_time
from domain.model.trading.book import Book
from domain.model.trading.market import Market, MarketStatus
from domain.model.trading.position import Position, holder_shard
from domain.model.trading.verdict import Verdict
from functions.adapter.out.dynamodb.layout.item import Fields, ItemKey, Layout, Row
from functions.adapter.out.time_cursor import time_position
from functions.registry.deployed import BALANCES

PORTFOLIO_PREFIX = "P"
"""Begins the sort keys of an account and its positions, so that one query finds a portfolio."""
BOOK_SORT = "BOOK"
CLOSING = "CLOSING"
"""The partition of the rows of open markets, in the order in which they close."""
ALL_MARKETS = "MARKETS"
"""The one partition of the index of all markets."""
HOLDS = {PORTFOLIO_PREFIX: "account", BOOK_SORT: "book"}
"""What is in the index of all that holds credits, by its sort key. Nothing else in the table has the attribute."""


def tag_partition(tag: str) -> str:
    """The partition of the markets that carry a tag."""
    return f"T#{tag}"


def listing_position(market: Market) -> str:
    """Where a market is in lists by age: its creation, then its slug."""
    return time_position(market.created_at, market.slug)


def closing_position(closes_at: datetime, slug: str) -> str:
    """Where a market is among those that are open: its closing time, then its slug."""
    return time_position(closes_at, slug)


def holders_partition(slug: str, shard: int) -> str:
    """The partition of one shard of a market's holders."""
    return f"H#{slug}#{shard:02d}"


def _market_indexes(market: Market) -> Fields:
    is_open = market.status is MarketStatus.ACTIVE and market.closes_at is not None
    closing = format_time(market.closes_at) if is_open and market.closes_at else None
    is_draft = market.status is MarketStatus.DRAFT
    return {
        "listed_all": None if is_draft else ALL_MARKETS,
        "drafted_by": market.creator if is_draft else None,
        "listed_status": market.status.value,
        "listed_creator": None if is_draft else market.creator,
        "listed_at": listing_position(market),
        "closing_day": closing and closing[:10],
        "closing_at": closing and f"{closing}#{market.slug}",
    }


def _listing_rows(market: Market) -> tuple[Row, ...]:
    """The rows under which a market is listed: under its tags once it is published, by its closing time while open."""
    if market.status is MarketStatus.DRAFT:
        return ()
    position, fields = listing_position(market), (("slug", market.slug),)
    tagged = tuple(Row(ItemKey(tag_partition(tag), position), fields) for tag in dict.fromkeys(market.tags))
    if market.status is not MarketStatus.ACTIVE or market.closes_at is None:
        return tagged
    return (*tagged, Row(ItemKey(CLOSING, closing_position(market.closes_at, market.slug)), fields))


LAYOUTS = (
    Layout(Market, lambda slug: ItemKey(f"M#{slug}", "META"), _market_indexes, rows=_listing_rows),
    Layout(Book, lambda slug: ItemKey(f"M#{slug}", BOOK_SORT), lambda _: {BALANCES.partition: HOLDS[BOOK_SORT]}),
    Layout(
        Position,
        lambda account, market: ItemKey(f"A#{account}", f"{PORTFOLIO_PREFIX}#{market}"),
        lambda position: {"holders_of": holders_partition(position.market, holder_shard(position.account))},
    ),
    Layout(Verdict, lambda market, number: ItemKey(f"M#{market}", f"D#{number:09d}")),
)
