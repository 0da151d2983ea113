"""Finding markets, books and positions by other means than their key. Reads here may trail acknowledged writes."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from domain.model.ledger.account import Account
from domain.model.trading.book import Book
from domain.model.trading.market import Market, MarketStatus, matches_words, status_at
from domain.model.trading.position import Position
from domain.port.out.paging import Page


class MarketFilter(NamedTuple):
    """Which markets to list: at most one of tag, creator and words, each alone or with a status.

    Args:
        status: what the status reads at ``now``.
        tag: a tag the market carries.
        creator: the account that created it.
        words: folded words, each of which begins one of the market's.
        viewer: the account whose own drafts are listed too; None for none.
        all_drafts: whether everybody's drafts are listed.
        now: the instant at which statuses are read.
    """

    now: datetime
    status: MarketStatus | None = None
    tag: str | None = None
    creator: str | None = None
    words: tuple[str, ...] = ()
    viewer: str | None = None
    all_drafts: bool = False

    def includes(self, market: Market) -> bool:
        """Whether a market belongs in the list."""
        is_visible = market.status is not MarketStatus.DRAFT or self.all_drafts or market.creator == self.viewer
        return (
            is_visible
            and self.status in {None, status_at(market, self.now)}
            and self.creator in {None, market.creator}
            and (self.tag is None or self.tag in market.tags)
            and matches_words(market, self.words)
        )


class MarketRepository(Protocol):
    """The markets, without their books."""

    async def find_all(self, filter_: MarketFilter, limit: int, cursor: str | None = None) -> Page[Market]:
        """Markets, newest first; those of the same instant in the order of their slugs, backwards.

        A page may be shorter than the limit although more follow.

        Raises:
            InvalidCursorError: the cursor is none that a list of markets gives.
        """
        ...

    async def find_closing(self, now: datetime, limit: int, cursor: str | None = None) -> Page[Market]:
        """Markets that take orders and have a closing time, the soonest first; of one instant by slug.

        Raises:
            InvalidCursorError: the cursor is none that this list gives.
        """
        ...

    async def find_expired(self, now: datetime, limit: int) -> Sequence[str]:
        """The slugs of markets stored as ACTIVE whose closing time has come, the longest expired first.

        Those that expired more than a week ago may be missing; they read CLOSED all the same.
        """
        ...


class BookRepository(Protocol):
    """The books of many markets at once."""

    async def find_by_slugs(self, slugs: Sequence[str]) -> dict[str, Book]:
        """The books of those slugs, keyed by slug; a draft has none and is absent."""
        ...


class Holding(NamedTuple):
    """A position with the market and the book it is in."""

    position: Position
    market: Market
    book: Book


class Holdings(NamedTuple):
    """An account and all it holds, each as the last acknowledged write left it."""

    account: Account
    holdings: tuple[Holding, ...]


class PositionRepository(Protocol):
    """Who holds what."""

    async def find_by_account(self, account: str) -> Holdings | None:
        """An account with its positions, those with shares left, by slug; None when the account was not opened."""
        ...

    async def find_holders(self, slug: str, shard: int, limit: int, after: str | None = None) -> Page[str]:
        """Accounts that have a position in a market, of one shard, by name; may name some already settled.

        Args:
            slug: the market's slug.
            shard: from 0 to 15.
            limit: how many at the most.
            after: only accounts whose name comes after this one; the page's cursor is the last it names.
        """
        ...

    async def find_largest(self, slug: str, outcome: int, limit: int) -> Sequence[Position]:
        """The positions with the most shares of an outcome, the largest first, of one size by account; none without.

        Args:
            slug: the market's slug.
            outcome: the index of the outcome.
            limit: how many at the most.
        """
        ...
