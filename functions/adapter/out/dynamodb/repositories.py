"""The finders over DynamoDB."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from domain.model.admission.api_key import ApiKey
from domain.model.admission.invitation import Invitation
from domain.model.history.candle import Candle, Interval
from domain.model.kernel.notation import format_time
from domain.model.ledger.account import Account
from domain.model.ledger.audit import NO_AUDIT, Audit
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.book import Book
from domain.model.trading.market import Market, MarketStatus
from domain.model.trading.position import Position
from domain.model.trading.trade import Trade
from domain.port.out.records import AccountKey, AnyKey, AuditWalkKey, BookKey, MarketKey
from domain.port.out.repositories import (
    Holding,
    Holdings,
    InvalidCursorError,
    MarketFilter,
    Page,
    parse_id,
    parse_position,
)
from functions.adapter.out.dynamodb.gateway import DynamoGateway
from functions.adapter.out.dynamodb.items import (
    ALL_MARKETS,
    PORTFOLIO_PREFIX,
    Item,
    ItemKey,
    api_key_place,
    candle_position,
    candles_partition,
    decode,
    entry_place,
    from_item,
    holders_partition,
    invitation_place,
    key_of,
    listing_position,
    tag_partition,
)
from functions.adapter.out.dynamodb.records import DynamoRecords
from functions.adapter.out.dynamodb.tables import (
    DRAFTS_BY_CREATOR,
    HOLDERS,
    LEDGER,
    MARKETS_BY_AGE,
    MARKETS_BY_CLOSING,
    MARKETS_BY_CREATOR,
    MARKETS_BY_STATUS,
    PARTITION,
    PRIMARY,
    SORT,
    TRADES,
    Index,
)
from functions.adapter.out.saving import save_market

EXPIRY_DAYS = 8
CHARACTERS = 1_000_000
"""How much text a page may carry, since a function's answer has at most 6 MB."""
EXAMINED = 500
"""How many markets a page may look at for the few that its filter wants."""

_BALANCE_KEYS: Mapping[str, Callable[[str], AccountKey | BookKey]] = {PORTFOLIO_PREFIX: AccountKey, "BOOK": BookKey}
"""What holds credits, by the sort key of its items; a partition is called by a letter and the name."""


class DynamoMarkets:
    """The MarketRepository."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway
        self._records = DynamoRecords(gateway)

    async def save(self, market: Market, read: Market | None = None) -> Market:
        """Store a market by itself."""
        return await save_market(self._records, market, read)

    async def find_by_slug(self, slug: str) -> Market | None:
        """One market; None when there is none."""
        return (await self._records.read(MarketKey(slug))).get(MarketKey(slug))

    async def find_all(self, filter_: MarketFilter, limit: int, cursor: str | None = None) -> Page[Market]:
        """Markets, newest first, from the index that serves the filter best."""
        if cursor is not None and "#" not in cursor:
            raise InvalidCursorError(cursor)
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
        found = await _find(self._gateway, Market, [MarketKey(slug) for slug in slugs], consistent=False)
        markets = {market.slug: market for market in found}
        return [markets[slug] for slug in slugs if slug in markets]


class DynamoBooks:
    """The BookRepository."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway

    async def find_by_slugs(self, slugs: Sequence[str]) -> dict[str, Book]:
        """The books of those slugs; a draft's is absent."""
        books = await _find(self._gateway, Book, [BookKey(slug) for slug in slugs], consistent=False)
        return {book.slug: book for book in books}


class DynamoPositions:
    """The PositionRepository."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway

    async def find_by_account(self, account: str) -> Holdings | None:
        """An account with the positions in which shares are left, by slug; all of it as last written."""
        items = await self._gateway.query_table(key_of(AccountKey(account)).partition, PORTFOLIO_PREFIX)
        records = [from_item(item) for item in items]
        holder = next((record for record in records if isinstance(record, Account)), None)
        if holder is None:
            return None
        held = [record for record in records if isinstance(record, Position) and record.is_held]
        slugs = [position.market for position in held]
        markets = await _find(self._gateway, Market, [MarketKey(slug) for slug in slugs], consistent=True)
        books = await _find(self._gateway, Book, [BookKey(slug) for slug in slugs], consistent=True)
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


class DynamoJournal:
    """The JournalRepository."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway

    async def find_entries(
        self, account: str, limit: int, cursor: str | None = None, *, only_trades: bool = False
    ) -> Page[JournalEntry]:
        """An account's entries, newest first."""
        below = entry_place(account, parse_position(cursor)).sort if cursor is not None else None
        partition = entry_place(account, 0).partition
        items = await self._gateway.query(LEDGER, partition, below=below, limit=limit)
        entries = tuple(decode(JournalEntry, item) for item in items)
        following = str(entries[-1].seq) if len(entries) == limit else None
        return Page(tuple(entry for entry in entries if entry.trade or not only_trades), following)

    async def find_trades(self, slug: str, limit: int, cursor: str | None = None) -> Page[Trade]:
        """A market's trades, the latest version first."""
        below = str(parse_position(cursor)) if cursor is not None else None
        items = await self._gateway.query(TRADES, slug, below=below, limit=limit)
        trades = tuple(trade for item in items if (trade := decode(JournalEntry, item).trade))
        return Page(trades, str(trades[-1].version) if len(trades) == limit else None)

    async def find_entries_after(self, account: str, seq: int, limit: int) -> Sequence[JournalEntry]:
        """An account's next entries, oldest first, as last written."""
        place = entry_place(account, seq)
        items = await self._gateway.query(
            LEDGER, place.partition, above=place.sort, limit=limit, forward=True, consistent=True
        )
        return [decode(JournalEntry, item) for item in items]

    async def find_trades_after(self, slug: str, version: int, limit: int) -> Sequence[Trade]:
        """A market's next trades, oldest first; the index may trail behind."""
        items = await self._gateway.query(TRADES, slug, above=str(version), limit=limit, forward=True)
        return [trade for item in items if (trade := decode(JournalEntry, item).trade)]


class DynamoCandles:
    """The CandleRepository."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway

    async def find_candles(self, slug: str, interval: Interval, start: datetime, end: datetime) -> Sequence[Candle]:
        """The candles of a market that begin in a span of time, oldest first."""
        if end <= start:
            return []
        first, last = candle_position(start), candle_position(end - timedelta(microseconds=1))
        items = await self._gateway.query_span(candles_partition(slug, interval), first, last)
        return [decode(Candle, item) for item in items]


class DynamoAudits:
    """The AuditRepository: a walk over the core table, kept as a record, tells what the books add up to."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway
        self._records = DynamoRecords(gateway)

    async def find_audit(self, now: datetime) -> Audit:  # noqa: ARG002 - it tells of the last walk, not of now
        """What the last complete walk found."""
        walk = (await self._records.read(AuditWalkKey())).get(AuditWalkKey())
        return walk.audit if walk else NO_AUDIT

    async def find_balances(self, cursor: str | None = None) -> Page[AccountKey | BookKey]:
        """The keys of the accounts and books of a megabyte of the core table."""
        after = ItemKey(*cursor.split("\n")).attributes() if cursor is not None else None
        items, last = await self._gateway.scan(tuple(_BALANCE_KEYS), after)
        found = [_BALANCE_KEYS[item[SORT]["S"]](item[PARTITION]["S"].partition("#")[2]) for item in items]
        return Page(tuple(found), f"{last[PARTITION]['S']}\n{last[SORT]['S']}" if last else None)


class DynamoAdmission:
    """The AdmissionRepository."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway

    async def find_api_keys(self, account: str, limit: int, cursor: str | None = None) -> Page[ApiKey]:
        """An account's keys, newest first."""
        items = await self._below(api_key_place(account, _before(cursor)), limit)
        api_keys = tuple(decode(ApiKey, item) for item in items)
        return Page(api_keys, api_keys[-1].id if len(api_keys) == limit else None)

    async def find_invitations(self, limit: int, cursor: str | None = None) -> Page[Invitation]:
        """All invitations, newest first."""
        items = await self._below(invitation_place(_before(cursor)), limit)
        invitations = tuple(decode(Invitation, item) for item in items)
        return Page(invitations, invitations[-1].id if len(invitations) == limit else None)

    async def _below(self, place: ItemKey, limit: int) -> list[Item]:
        return await self._gateway.query(PRIMARY, place.partition, below=place.sort, limit=limit)


def _before(cursor: str | None) -> str:
    """What all ids of a page come before; they are hex, so "g" is after them all."""
    return "g" if cursor is None else parse_id(cursor)


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
    gateway: DynamoGateway, kind: type[R], keys: Sequence[AnyKey], *, consistent: bool
) -> list[R]:
    places = [key_of(key).attributes() for key in dict.fromkeys(keys)]
    items = await gateway.get(places, consistent=consistent)
    return [decode(kind, item) for item in items]
