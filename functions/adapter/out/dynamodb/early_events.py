"""The events of markets that the first release has published: it numbered none of them.

There the ledger is append-only, so no migration gives them their numbers, as one does on SQLite. They follow from what
is stored: trades have their version, changes of the market their revision, and how many trades came before a change
follows from the times. A change is at the same place for everybody who asks, whatever the clocks of that time showed.
All of these events come before those that are numbered.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from domain.event.market_events import EventType, MarketChanged, MarketEvent, consecutive, event_of
from domain.model.kernel.record import key_for
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.market import Market, MarketStatus
from functions.adapter.out.dynamodb.gateway import DynamoGateway
from functions.adapter.out.dynamodb.items import decode, place_of
from functions.adapter.out.dynamodb.layout.events import LIFECYCLE_PREFIX, is_lifecycle_item
from functions.adapter.out.dynamodb.tables import LEDGER, TRADES

_MOST_CHANGES = 1000
_FEW = 8
"""Items among which the next trade is: beside it only changes that were made since that trade's predecessor."""
_TYPES = {
    MarketStatus.ACTIVE: EventType.REOPENED,
    MarketStatus.CLOSED: EventType.CLOSED,
    MarketStatus.SETTLING: EventType.RESOLVING,
    MarketStatus.RESOLVED: EventType.RESOLVED,
    MarketStatus.VOIDED: EventType.VOIDED,
}
_DECIDED = frozenset({MarketStatus.SETTLING, MarketStatus.RESOLVED, MarketStatus.VOIDED})


class EarlyEvents:
    """Numbers the events of a market of the first release as they are read.

    A page costs the query of its trades, one of the market's changes, one read of the market, and for each change as
    many reads as it takes to halve the trades down to one. Projections read each page once.
    """

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway

    async def find(self, slug: str, origin: int, after: int, limit: int) -> Sequence[MarketEvent]:
        """The next of these events after a position, as an EventRepository finds them; none where all are numbered."""
        changes = await self._changes(slug)
        if not changes:
            return ()
        after = max(after, changes[0].revision - origin - 1)  # a draft that was edited has begun to count by then
        skipped = changes[-1].revision - origin
        entries = await self._trades(slug, max(after - skipped, 0), limit + skipped)
        stored: list[JournalEntry | MarketChanged] = [*changes]
        stored += [_numbered(entry, changes) for entry in entries if entry.revision is None]
        events = [event for each in stored if (event := event_of(each, origin))]
        return consecutive(sorted(events, key=lambda event: event.position), after, limit)

    async def _changes(self, slug: str) -> Sequence[MarketChanged]:
        """The changes without a number since the publication, with what that release did not say of them."""
        partition = place_of(key_for(MarketChanged, slug, 0)).partition
        items = await self._gateway.query(
            LEDGER, partition, above=LIFECYCLE_PREFIX, limit=_MOST_CHANGES, forward=True, consistent=True
        )
        stored = [decode(MarketChanged, item) for item in items]
        early = [each for each in stored if each.type is None and each.status is not MarketStatus.DRAFT]
        if not early:
            return ()
        (market,) = await self._gateway.get([place_of(key_for(Market, slug)).attributes()], consistent=True)
        last = await self._last_version(slug)
        found = list[MarketChanged]()
        for each in early:
            version = await self._version_at(slug, each, found[-1].version, last) if found else 0
            is_last = each is stored[-1]
            found.append(_completed(each, decode(Market, market), version, is_first=not found, is_last=is_last))
        return found

    async def _last_version(self, slug: str) -> int:
        """The version of the market's last trade, whichever release wrote it."""
        items = await self._gateway.query(TRADES, slug, limit=1)
        return int(Decimal(items[0][TRADES.sort]["N"])) if items else 0

    async def _version_at(self, slug: str, change: MarketChanged, low: int, high: int) -> int:
        """How many trades came before a change: no less than ``low`` and no more than ``high``."""
        while low < high:
            middle = (low + high) // 2  # the trades up to low came before, those after high did not
            trades = await self._trades(slug, middle, _FEW)
            if trades and _is_before(trades[0], change):
                low = middle + 1
            else:
                high = middle
        return low

    async def _trades(self, slug: str, version: int, limit: int) -> Sequence[JournalEntry]:
        """The next trades after a version, numbered or not; changes that have numbers lie among them."""
        items = await self._gateway.query(TRADES, slug, above=str(version), limit=limit, forward=True)
        return [decode(JournalEntry, item) for item in items if not is_lifecycle_item(item)]


def _is_before(entry: JournalEntry, change: MarketChanged) -> bool:
    """A trade at the very instant of a change came before it where that ends trading, and after it otherwise."""
    ends_trading = change.status is not MarketStatus.ACTIVE
    return entry.created_at < change.occurred_at or (ends_trading and entry.created_at == change.occurred_at)


def _completed(change: MarketChanged, market: Market, version: int, *, is_first: bool, is_last: bool) -> MarketChanged:
    return replace(
        change,
        version=version,
        type=EventType.PUBLISHED if is_first else _TYPES[change.status],
        closes_at=market.closes_at if is_last else change.closes_at,
        resolution=market.resolution if change.status in _DECIDED else None,
    )


def _numbered(entry: JournalEntry, changes: Sequence[MarketChanged]) -> JournalEntry:
    """A trade's entry, with the revision that its market had: that of the last change before it."""
    version = entry.trade.version if entry.trade else 0
    before = (change.revision for change in changes if change.version < version)
    return replace(entry, version=version, revision=max(before, default=None))
