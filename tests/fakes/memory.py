"""The persistence ports over a dictionary: the reference that the adapters are compared with."""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from domain.event.market_events import MarketChanged, MarketEvent, consecutive, event_of
from domain.model.admission.api_key import ApiKey
from domain.model.admission.invitation import Invitation
from domain.model.admission.sign_in_link import SignInLinks
from domain.model.discussion.comment import Comment
from domain.model.history.candle import Candle, Interval, PriceHistory
from domain.model.kernel.command import Command
from domain.model.kernel.names import is_slug
from domain.model.kernel.record import Key, counters_of, key_for, key_of
from domain.model.ledger.account import Account, ChangedAccount, OpenedAccount
from domain.model.ledger.audit import NO_AUDIT, Audit, AuditWalk
from domain.model.ledger.journal import JournalEntry
from domain.model.record.result import Result, result_shard
from domain.model.record.track_record import Board, TrackRecord, score_of
from domain.model.trading.book import Book, Listing
from domain.model.trading.market import Market, MarketStatus, status_at
from domain.model.trading.position import Position, holder_shard
from domain.model.trading.trade import Trade
from domain.model.webhooks.delivery import KEPT, Delivery, WebhookCheckpoint
from domain.model.webhooks.webhook import Webhook, WebhookStatus
from domain.port.out.paging import InvalidCursorError, Page, parse_id, parse_position
from domain.port.out.record import BoardPlace
from domain.port.out.store import Change, Insert, Remove, Replace, Snapshot
from domain.port.out.trading import Holding, Holdings, MarketFilter
from domain.port.out.unit_of_work import CommitOutcome, Committed, ConditionFailed
from domain.port.out.webhooks import DueDelivery, WebhookName
from functions.adapter.out.system.condition import Untroubled
from functions.adapter.out.time_cursor import parse_time_position, time_position
from functions.config.ports import Persistence
from tests.fakes.clock import START

MOST = 100
"""The most keys in a read, and writes in a transaction."""


@dataclass
class MemoryStore:
    """Everything that is stored, with the conditions under which it may change."""

    records: dict[Key[Any], Any] = field(default_factory=dict)

    def copy(self) -> "MemoryStore":
        """The same contents in a store of their own; records never change, so they are shared."""
        return MemoryStore(dict(self.records))

    def every[R](self, kind: type[R]) -> list[R]:
        """All records of one type, in the order in which they were first stored."""
        return [record for record in self.records.values() if isinstance(record, kind)]

    def put(self, record: object) -> None:
        """Store a record whatever was there: how a test arranges what no use case can."""
        self.records[key_of(record)] = record

    def apply(self, writes: Sequence[Change]) -> CommitOutcome:
        """Do all writes or, when a condition fails, none."""
        keys = [key_of(_subject(write)) for write in writes]
        if not 0 < len(writes) <= MOST or len(set(keys)) != len(keys):
            raise ValueError(f"{len(writes)} writes to {len(set(keys))} records are no transaction")
        failed = tuple(write for write in writes if not self._holds(write))
        if failed:
            return ConditionFailed(failed)
        for write in writes:
            if isinstance(write, Remove):
                del self.records[key_of(write.read)]
            else:
                self.records[key_of(write.record)] = write.record
        return Committed()

    def _holds(self, write: Change) -> bool:
        if isinstance(write, Insert):
            return key_of(write.record) not in self.records
        stored = self.records.get(key_of(write.read))
        if stored is None or (isinstance(write, Replace) and not counters_of(stored)):
            return False
        return counters_of(stored) == counters_of(write.read)


def _subject(write: Change) -> object:
    """The record that a write is about; replacing one by another's successor is a mistake of the caller."""
    if isinstance(write, Replace) and key_of(write.record) != key_of(write.read):
        raise ValueError(f"{key_of(write.record)} cannot replace {key_of(write.read)}")
    return write.read if isinstance(write, Remove) else write.record


class MemoryRecords:
    """RecordReader over a store. It lets the other tasks run once before it answers."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self.reads = 0

    async def read(self, *keys: Key[Any]) -> Snapshot:
        if len(keys) > MOST:
            raise ValueError(f"{len(keys)} keys are too many for one read")
        self.reads += 1
        await asyncio.sleep(0)
        return Snapshot({key: self._store.records.get(key) for key in keys})


class MemoryUnitOfWork:
    """UnitOfWork over a store. It lets the other tasks run once before it writes and once before it answers."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def commit(self, writes: Sequence[Change]) -> CommitOutcome:
        await asyncio.sleep(0)
        outcome = self._store.apply(writes)
        await asyncio.sleep(0)
        return outcome


class MemoryMarkets:
    """MarketRepository over a store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def find_all(self, filter_: MarketFilter, limit: int, cursor: str | None = None) -> Page[Market]:
        await asyncio.sleep(0)
        before = _read_market_cursor(filter_, cursor) if cursor is not None else None
        matching = sorted(filter(filter_.includes, self._store.every(Market)), key=_rank, reverse=True)
        rest = [market for market in matching if before is None or _rank(market) < before]
        more = len(rest) > limit
        return Page(tuple(rest[:limit]), _market_cursor(filter_, rest[limit - 1]) if more else None)

    async def find_closing(self, now: datetime, limit: int, cursor: str | None = None) -> Page[Market]:
        await asyncio.sleep(0)
        places = sorted(
            (market.closes_at, market.slug, market)
            for market in self._store.every(Market)
            if market.closes_at is not None and status_at(market, now) is MarketStatus.ACTIVE
        )
        after = None if cursor is None else "#".join(parse_time_position(cursor))
        rest = [place for place in places if after is None or time_position(place[0], place[1]) > after]
        page = tuple(market for _, _, market in rest[:limit])
        last = rest[limit - 1] if len(rest) > limit else None
        return Page(page, time_position(last[0], last[1]) if last else None)

    async def find_expired(self, now: datetime, limit: int) -> Sequence[str]:
        await asyncio.sleep(0)
        expired = [
            (market.closes_at, market.slug)
            for market in self._store.every(Market)
            if market.closes_at is not None and market.status is not status_at(market, now)
        ]
        return [slug for _, slug in sorted(expired)[:limit]]


def _rank(market: Market) -> tuple[int, str]:
    """What the list is sorted by, backwards: the age to the microsecond, then the slug."""
    return (market.created_at - START) // timedelta(microseconds=1), market.slug


def _list_name(filter_: MarketFilter) -> str:
    """What tells one list from another: all of the filter but the instant, which moves on between pages."""
    return hashlib.sha256(repr(filter_._replace(now=START)).encode()).hexdigest()


def _market_cursor(filter_: MarketFilter, last: Market) -> str:
    return "|".join((_list_name(filter_), *map(str, _rank(last))))


def _read_market_cursor(filter_: MarketFilter, cursor: str) -> tuple[int, str]:
    name, *rank = cursor.split("|")
    if name != _list_name(filter_) or len(rank) != len(("created_at", "slug")):
        raise InvalidCursorError(cursor)
    return int(rank[0]), rank[1]


class MemoryBooks:
    """BookRepository over a store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def find_by_slugs(self, slugs: Sequence[str]) -> dict[str, Book]:
        await asyncio.sleep(0)
        wanted = set(slugs)
        return {book.slug: book for book in self._store.every(Book) if book.slug in wanted}


class MemoryPositions:
    """PositionRepository over a store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def find_by_account(self, account: str) -> Holdings | None:
        await asyncio.sleep(0)
        owner = self._store.records.get(key_for(Account, account))
        if not isinstance(owner, Account):
            return None
        held = [position for position in self._store.every(Position) if position.account == account]
        return Holdings(owner, tuple(self._holding(p) for p in sorted(held, key=lambda p: p.market) if p.is_held))

    def _holding(self, position: Position) -> Holding:
        market, book = (
            self._store.records[key] for key in (key_for(Market, position.market), key_for(Book, position.market))
        )
        assert isinstance(market, Market)
        assert isinstance(book, Book)
        return Holding(position, market, book)

    async def find_holders(self, slug: str, shard: int, limit: int, after: str | None = None) -> Page[str]:
        await asyncio.sleep(0)
        holders = sorted(
            position.account
            for position in self._store.every(Position)
            if position.market == slug and holder_shard(position.account) == shard and position.account > (after or "")
        )
        return Page(tuple(holders[:limit]), holders[limit - 1] if len(holders) > limit else None)

    async def find_largest(self, slug: str, outcome: int, limit: int) -> Sequence[Position]:
        await asyncio.sleep(0)
        held = [each for each in self._store.every(Position) if each.market == slug and each.quantities[outcome]]
        return sorted(held, key=lambda each: (-each.quantities[outcome], each.account))[:limit]


class MemoryJournal:
    """JournalRepository over a store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def find_entries(
        self, account: str, limit: int, cursor: str | None = None, *, only_trades: bool = False
    ) -> Page[JournalEntry]:
        await asyncio.sleep(0)
        entries = [entry for entry in self._store.every(JournalEntry) if entry.account == account]
        wanted = [entry for entry in entries if entry.trade or not only_trades]
        return _latest(wanted, lambda entry: entry.seq, limit, cursor)

    async def find_trades(self, slug: str, limit: int, cursor: str | None = None) -> Page[Trade]:
        await asyncio.sleep(0)
        trades = [entry.trade for entry in self._store.every(JournalEntry) if entry.trade]
        wanted = [trade for trade in trades if trade.market == slug]
        return _latest(wanted, lambda trade: trade.version, limit, cursor)

    async def find_entries_after(self, account: str, seq: int, limit: int) -> Sequence[JournalEntry]:
        await asyncio.sleep(0)
        entries = [entry for entry in self._store.every(JournalEntry) if entry.account == account and entry.seq > seq]
        return sorted(entries, key=lambda entry: entry.seq)[:limit]

    async def find_trades_after(self, slug: str, version: int, limit: int) -> Sequence[Trade]:
        await asyncio.sleep(0)
        trades = [entry.trade for entry in self._store.every(JournalEntry) if entry.trade]
        wanted = [trade for trade in trades if trade.market == slug and trade.version > version]
        return sorted(wanted, key=lambda trade: trade.version)[:limit]


class MemoryCandles:
    """CandleRepository over a store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def find_candles(self, slug: str, interval: Interval, start: datetime, end: datetime) -> Sequence[Candle]:
        await asyncio.sleep(0)
        candles = [each for each in self._store.every(Candle) if (each.market, each.interval) == (slug, interval)]
        return sorted((each for each in candles if start <= each.start < end), key=lambda candle: candle.start)

    async def find_histories(self, slugs: Sequence[str]) -> dict[str, PriceHistory]:
        await asyncio.sleep(0)
        return {each.market: each for each in self._store.every(PriceHistory) if each.market in set(slugs)}


class MemoryEvents:
    """EventRepository over a store: everything sorted, and cut."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def find_events(self, slug: str, origin: int, revision: int, after: int, limit: int) -> Sequence[MarketEvent]:
        await asyncio.sleep(0)
        records: list[JournalEntry | MarketChanged] = [
            *self._store.every(JournalEntry),
            *self._store.every(MarketChanged),
        ]
        events = [event for record in records if record.market == slug and (event := event_of(record, origin))]
        return consecutive(sorted(events, key=lambda event: event.position), after, limit)


class MemoryAudits:
    """AuditRepository over a store, three balances a page; the audit is the last walk's, as on DynamoDB."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def find_audit(self, now: datetime) -> Audit:
        await asyncio.sleep(0)
        walks = self._store.every(AuditWalk)
        return walks[0].audit if walks else NO_AUDIT

    async def prepare_walk(self, now: datetime, until: float) -> None:
        await asyncio.sleep(0)

    async def find_balances(self, cursor: str | None = None) -> Page[Key[Account] | Key[Book]]:
        await asyncio.sleep(0)
        first = int(cursor or 0)
        keys = [key for key in self._store.records if key.kind in {Account, Book}]
        following = first + 3
        return Page(tuple(keys[first:following]), str(following) if following < len(keys) else None)


class MemoryAdmission:
    """AdmissionRepository over a store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def find_api_keys(self, account: str, limit: int, cursor: str | None = None) -> Page[ApiKey]:
        await asyncio.sleep(0)
        return _newest([key for key in self._store.every(ApiKey) if key.account == account], limit, cursor)

    async def find_invitations(self, limit: int, cursor: str | None = None) -> Page[Invitation]:
        await asyncio.sleep(0)
        return _newest(self._store.every(Invitation), limit, cursor)

    async def find_accounts(self, limit: int, cursor: str | None = None) -> Page[Account]:
        await asyncio.sleep(0)
        if cursor is not None and not is_slug(cursor):
            raise InvalidCursorError(cursor)
        rest = sorted(account.id for account in self._store.every(Account) if account.id > (cursor or ""))
        found = tuple(self._store.records[key_for(Account, id_)] for id_ in rest[:limit])
        return Page(found, rest[limit - 1] if len(rest) > limit else None)

    async def find_personal(self, account: str, limit: int) -> Sequence[Key[Any]]:
        await asyncio.sleep(0)
        found = [key for key, record in self._store.records.items() if _person_of(record) == account]
        return sorted(found, key=lambda key: key.kind is Webhook)[:limit]


def _person_of(record: object) -> str | None:
    """Whose words or credentials a record has."""
    match record:
        case Comment() | ApiKey() | SignInLinks() | Webhook() | WebhookCheckpoint() | Delivery():
            return record.account
        case Market(status=MarketStatus.DRAFT):
            return record.creator
        case Command(answer=OpenedAccount(account) | ChangedAccount(account)):
            return account.id
        case Command(answer=Listing(market)) if market.status is MarketStatus.DRAFT:
            return market.creator
        case _:
            return None


class MemoryComments:
    """CommentRepository over a store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def find_comments(self, market: str, limit: int, cursor: str | None = None) -> Page[Comment]:
        await asyncio.sleep(0)
        return _newest([each for each in self._store.every(Comment) if each.market == market], limit, cursor)


def _result_position(result: Result) -> str:
    return time_position(result.resolved_at, result.market)


class MemoryTrackRecords:
    """TrackRecordRepository over a store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def find_results(self, account: str, limit: int, cursor: str | None = None) -> Page[Result]:
        await asyncio.sleep(0)
        own = [result for result in self._store.every(Result) if result.account == account]
        latest = sorted(own, key=_result_position, reverse=True)
        below = None if cursor is None else "#".join(parse_time_position(cursor))
        rest = [result for result in latest if below is None or _result_position(result) < below]
        return Page(tuple(rest[:limit]), _result_position(rest[limit - 1]) if len(rest) > limit else None)

    async def find_results_after(self, market: str, shard: int, after: str, limit: int) -> Sequence[Result]:
        await asyncio.sleep(0)
        results = [
            result
            for result in self._store.every(Result)
            if result.market == market and result_shard(result.account) == shard and result.account > after
        ]
        return sorted(results, key=lambda result: result.account)[:limit]

    async def find_leaders(self, board: Board, limit: int, after: BoardPlace | None = None) -> Sequence[TrackRecord]:
        await asyncio.sleep(0)
        ranked = [
            (BoardPlace(score, each.account), each)
            for each in self._store.every(TrackRecord)
            if (each.period, each.tag) == (board.period, board.tag)
            and (score := score_of(each, board.measure)) is not None
        ]
        best = sorted(ranked, key=lambda place: place[0], reverse=True)
        return [each for place, each in best if after is None or place < after][:limit]


class MemoryWebhooks:
    """WebhookRepository over a store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def find_subscribers(self, market: str | None, limit: int, cursor: str | None = None) -> Page[WebhookName]:
        await asyncio.sleep(0)
        names = sorted(
            str(WebhookName(each.account, each.id))
            for each in self._store.every(Webhook)
            if each.market == market and each.status is not WebhookStatus.DISABLED
        )
        rest = [name for name in names if cursor is None or name > cursor]
        page = tuple(map(WebhookName.parse, rest[:limit]))
        return Page(page, rest[limit - 1] if len(rest) > limit else None)

    async def find_due(self, now: datetime, limit: int) -> Sequence[DueDelivery]:
        await asyncio.sleep(0)
        due = [
            (each.next_attempt_at, each.account, each.webhook, each.market)
            for each in self._store.every(WebhookCheckpoint)
            if each.next_attempt_at is not None and each.next_attempt_at <= now
        ]
        return [DueDelivery(WebhookName(account, id_), market) for _, account, id_, market in sorted(due)[:limit]]

    async def find_deliveries(self, webhook: WebhookName) -> Sequence[Delivery]:
        await asyncio.sleep(0)
        found = [
            each
            for each in self._store.every(Delivery)
            if (each.account, each.webhook) == (webhook.account, webhook.id)
        ]
        return sorted(found, key=lambda each: each.id, reverse=True)[:KEPT]


def _newest[T: (ApiKey, Invitation, Comment)](items: Sequence[T], limit: int, cursor: str | None) -> Page[T]:
    """A page of items by their ids, backwards; the cursor is the last id it has."""
    below = None if cursor is None else parse_id(cursor)
    rest = [item for item in sorted(items, key=lambda item: item.id, reverse=True) if below is None or item.id < below]
    return Page(tuple(rest[:limit]), rest[limit - 1].id if len(rest) > limit else None)


def _latest[T](items: Sequence[T], number: Callable[[T], int], limit: int, cursor: str | None) -> Page[T]:
    """A page of numbered items, the highest number first; the cursor is the last number it has."""
    below = None if cursor is None else parse_position(cursor)
    numbered = {number(item): item for item in items}
    rest = [each for each in sorted(numbered, reverse=True) if below is None or each < below]
    page = tuple(numbered[each] for each in rest[:limit])
    return Page(page, str(rest[limit - 1]) if len(rest) > limit else None)


@dataclass(frozen=True)
class MemoryPersistence(Persistence):
    """All persistence ports over one store."""

    @classmethod
    def over(cls, store: MemoryStore) -> "MemoryPersistence":
        """The ports over that store."""
        return cls(
            MemoryRecords(store),
            MemoryUnitOfWork(store),
            MemoryMarkets(store),
            MemoryBooks(store),
            MemoryPositions(store),
            MemoryJournal(store),
            MemoryCandles(store),
            MemoryEvents(store),
            MemoryAudits(store),
            MemoryAdmission(store),
            MemoryComments(store),
            MemoryTrackRecords(store),
            MemoryWebhooks(store),
            Untroubled(),
        )


@dataclass(frozen=True)
class MemoryStoredRecords:
    """StoredRecords over a store."""

    store: MemoryStore

    def every[R](self, kind: type[R], by: str | None = None) -> Iterator[R]:
        records = self.store.every(kind)
        if by is None:
            return iter(records)
        return iter(sorted((each for each in records if getattr(each, by) is not None), key=attrgetter(by)))
