"""Finding markets, books and positions over DynamoDB."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.model.kernel.notation import format_time
from domain.model.kernel.record import Key, key_for
from domain.model.ledger.account import Account
from domain.model.trading.book import Book
from domain.model.trading.market import Market, MarketStatus, status_at
from domain.model.trading.position import HOLDER_SHARDS, Position
from domain.port.out.paging import Page
from domain.port.out.trading import Holding, Holdings, MarketFilter
from functions.adapter.out.dynamodb.gateway import BATCH_KEYS, DynamoGateway
from functions.adapter.out.dynamodb.items import decode, place_of
from functions.adapter.out.dynamodb.layout.item import Item
from functions.adapter.out.dynamodb.layout.trading import (
    ALL_MARKETS,
    CLOSING,
    PORTFOLIO_PREFIX,
    holders_partition,
    listing_position,
    tag_partition,
)
from functions.adapter.out.dynamodb.tables import (
    DRAFTS_BY_CREATOR,
    HOLDERS,
    MARKETS_BY_AGE,
    MARKETS_BY_CLOSING,
    MARKETS_BY_CREATOR,
    MARKETS_BY_STATUS,
    PRIMARY,
    SORT,
    Index,
)
from functions.adapter.out.time_cursor import parse_time_position

EXPIRY_DAYS = 8

CHARACTERS = 1_000_000
"""How much text a page may carry, since a function's answer has at most 6 MB."""

EXAMINED = 500
"""How many markets a page may look at for the few that its filter wants."""


class DynamoMarkets:
    """The MarketRepository."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway

    async def find_all(self, filter_: MarketFilter, limit: int, cursor: str | None = None) -> Page[Market]:
        """Markets, newest first, from the index that serves the filter best."""
        if cursor is not None:
            parse_time_position(cursor)
        found, examined, characters, position = list[Market](), 0, 0, cursor
        streams = self._streams(filter_, limit + 1, cursor)
        while True:
            heads = [(market, stream) for stream in streams if (market := await stream.peek())]
            if not heads:
                return Page(tuple(found), None)
            if len(found) == limit or examined == EXAMINED or characters > CHARACTERS:
                return Page(tuple(found), position)
            market, stream = max(heads, key=lambda head: listing_position(head[0]))
            stream.pop()
            examined, position = examined + 1, listing_position(market)
            if filter_.includes(market):
                found.append(market)
                characters += len(market.description) + len(market.rules)
                characters += sum(len(added.text) for added in market.clarifications)

    async def find_closing(self, now: datetime, limit: int, cursor: str | None = None) -> Page[Market]:
        """Markets that take orders, the soonest to close first; the rows may trail behind."""
        if cursor is not None:
            parse_time_position(cursor)
        after = cursor or f"{format_time(now)}#~"
        items = await self._gateway.query(PRIMARY, CLOSING, above=after, limit=limit, forward=True)
        keys = [key_for(Market, item["slug"]["S"]) for item in items]
        found = {market.slug: market for market in await _find(self._gateway, Market, keys, consistent=False)}
        listed = [found[item["slug"]["S"]] for item in items if item["slug"]["S"] in found]
        is_open = [market for market in listed if status_at(market, now) is MarketStatus.ACTIVE]
        return Page(tuple(is_open), items[-1][SORT]["S"] if len(items) == limit else None)

    async def find_expired(self, now: datetime, limit: int) -> Sequence[str]:
        """The slugs of ACTIVE markets past their closing time, of the last days' partitions."""
        slugs: list[str] = []
        for age in reversed(range(EXPIRY_DAYS)):
            day = format_time(now - timedelta(days=age))[:10]
            wanted = limit - len(slugs)
            if wanted:
                just_now = f"{format_time(now)}~"  # after every slug of this very instant
                items = await self._gateway.query(MARKETS_BY_CLOSING, day, below=just_now, limit=wanted, forward=True)
                slugs += [item[MARKETS_BY_CLOSING.sort]["S"].partition("#")[2] for item in items]
        return slugs

    def _streams(self, filter_: MarketFilter, batch: int, below: str | None) -> list["_Stream"]:
        """What to read for a filter: the smallest partitions that hold all it includes, no market twice."""
        return [
            _Stream(self._gateway, index, partition, batch, below)
            for index, partition in (*_published(filter_), *_drafts(filter_))
        ]


class _Stream:
    """The markets of one partition, newest first, fetched a batch at a time."""

    def __init__(self, gateway: DynamoGateway, index: Index, partition: str, batch: int, below: str | None) -> None:
        self._gateway = gateway
        self._index = index
        self._partition = partition
        self._batch = batch
        self._below = below
        self._waiting: deque[Market] = deque()
        self._is_exhausted = False

    async def peek(self) -> Market | None:
        """The next market; None when there is no more."""
        while not self._waiting and not self._is_exhausted:
            items = await self._gateway.query(self._index, self._partition, below=self._below, limit=self._batch)
            self._is_exhausted = len(items) < self._batch
            if items:
                self._below = items[-1][self._index.sort]["S"]
                self._waiting.extend(await self._markets(items))
        return self._waiting[0] if self._waiting else None

    def pop(self) -> None:
        """Go on to the one after."""
        self._waiting.popleft()

    async def _markets(self, items: Sequence[Item]) -> list[Market]:
        """The markets of the items: an index holds them whole, the rows of a tag only name them."""
        if self._index is not PRIMARY:
            return [decode(Market, item) for item in items]
        slugs = [item["slug"]["S"] for item in items]
        found = await _find(self._gateway, Market, [key_for(Market, slug) for slug in slugs], consistent=False)
        markets = {market.slug: market for market in found}
        return [markets[slug] for slug in slugs if slug in markets]


class DynamoBooks:
    """The BookRepository."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway

    async def find_by_slugs(self, slugs: Sequence[str]) -> dict[str, Book]:
        """The books of those slugs; a draft's is absent."""
        books = await _find(self._gateway, Book, [key_for(Book, slug) for slug in slugs], consistent=False)
        return {book.slug: book for book in books}


class DynamoPositions:
    """The PositionRepository."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway

    async def find_by_account(self, account: str) -> Holdings | None:
        """An account with the positions in which shares are left, by slug; all of it as last written."""
        items = await self._gateway.query_table(place_of(key_for(Account, account)).partition, PORTFOLIO_PREFIX)
        owners = [item for item in items if item[SORT]["S"] == PORTFOLIO_PREFIX]
        if not owners:
            return None
        holder = decode(Account, owners[0])
        positions = [decode(Position, item) for item in items if item[SORT]["S"] != PORTFOLIO_PREFIX]
        held = [position for position in positions if position.is_held]
        slugs = [position.market for position in held]
        markets = await _find(self._gateway, Market, [key_for(Market, slug) for slug in slugs], consistent=True)
        books = await _find(self._gateway, Book, [key_for(Book, slug) for slug in slugs], consistent=True)
        market_of = {market.slug: market for market in markets}
        book_of = {book.slug: book for book in books}
        holdings = [Holding(position, market_of[position.market], book_of[position.market]) for position in held]
        return Holdings(holder, tuple(holdings))

    async def find_holders(self, slug: str, shard: int, limit: int, after: str | None = None) -> Page[str]:
        """Accounts that have a position in a market, of one shard, by name; the index may trail behind."""
        partition = holders_partition(slug, shard)
        items = await self._gateway.query(HOLDERS, partition, above=after, limit=limit, forward=True)
        accounts = tuple(item[HOLDERS.sort]["S"] for item in items)
        return Page(accounts, accounts[-1] if len(accounts) == limit else None)

    async def find_largest(self, slug: str, outcome: int, limit: int) -> Sequence[Position]:
        """The positions with the most shares of an outcome: all of the market's are read, a page at a time."""
        largest: list[Position] = []
        for shard in range(HOLDER_SHARDS):
            cursor: str | None = None
            while True:
                page = await self.find_holders(slug, shard, BATCH_KEYS, cursor)
                keys = [place_of(key_for(Position, account, slug)).attributes() for account in page.items]
                items = await self._gateway.get(keys, consistent=False)
                largest = _largest([*largest, *(decode(Position, item) for item in items)], outcome, limit)
                cursor = page.cursor
                if cursor is None:
                    break
        return largest


def _largest(positions: Sequence[Position], outcome: int, limit: int) -> list[Position]:
    held = [position for position in positions if position.quantities[outcome]]
    return sorted(held, key=lambda position: (-position.quantities[outcome], position.account))[:limit]


def _published(filter_: MarketFilter) -> list[tuple[Index, str]]:
    """The partitions that hold the published markets of a filter."""
    if filter_.creator is not None:
        return [(MARKETS_BY_CREATOR, filter_.creator)]
    if filter_.tag is not None:
        return [(PRIMARY, tag_partition(filter_.tag))]
    if filter_.status is None:
        return [(MARKETS_BY_AGE, ALL_MARKETS)]
    if filter_.status is MarketStatus.DRAFT:
        return []
    stored = [filter_.status]
    if filter_.status is MarketStatus.CLOSED:
        stored.append(MarketStatus.ACTIVE)  # closed by the clock, and nobody has noticed yet
    return [(MARKETS_BY_STATUS, status.value) for status in stored]


def _drafts(filter_: MarketFilter) -> list[tuple[Index, str]]:
    """The partition that holds the drafts the viewer may see, where the filter may include any."""
    if filter_.status not in {None, MarketStatus.DRAFT}:
        return []
    if filter_.all_drafts and filter_.creator is None:
        return [(MARKETS_BY_STATUS, MarketStatus.DRAFT.value)]
    drafter = filter_.creator or filter_.viewer
    may_see = drafter is not None and (filter_.all_drafts or drafter == filter_.viewer)
    return [(DRAFTS_BY_CREATOR, drafter)] if drafter and may_see else []


async def _find[R: (Market, Book)](
    gateway: DynamoGateway, kind: type[R], keys: Sequence[Key[R]], *, consistent: bool
) -> list[R]:
    places = [place_of(key).attributes() for key in dict.fromkeys(keys)]
    items = await gateway.get(places, consistent=consistent)
    return [decode(kind, item) for item in items]
