"""Finding entries and trades, and auditing them, over DynamoDB."""

from collections.abc import Sequence
from datetime import datetime

from domain.model.kernel.record import key_for
from domain.model.ledger.audit import NO_AUDIT, Audit, AuditWalk
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.trade import Trade
from domain.port.out.paging import Page, parse_position
from functions.adapter.out.dynamodb.balances import BalanceKey, DynamoBalances
from functions.adapter.out.dynamodb.gateway import DynamoGateway
from functions.adapter.out.dynamodb.items import decode
from functions.adapter.out.dynamodb.layout.events import is_lifecycle_item
from functions.adapter.out.dynamodb.layout.ledger import entry_place
from functions.adapter.out.dynamodb.records import DynamoRecords
from functions.adapter.out.dynamodb.tables import LEDGER, TRADES


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
        trades = await self._trades(slug, limit, below=below)
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
        return await self._trades(slug, limit, above=str(version))

    async def _trades(
        self, slug: str, limit: int, *, below: str | None = None, above: str | None = None
    ) -> tuple[Trade, ...]:
        """Trades from the index of a market's events, which has a few changes of the market among them."""
        found, forward = list[Trade](), above is not None
        while True:
            wanted = limit - len(found)
            items = await self._gateway.query(TRADES, slug, below=below, above=above, limit=wanted, forward=forward)
            entries = [decode(JournalEntry, item) for item in items if not is_lifecycle_item(item)]
            found += [entry.trade for entry in entries if entry.trade]
            if len(items) < wanted or len(found) == limit:
                return tuple(found)
            last = items[-1][TRADES.sort]["N"]
            below, above = (None, last) if forward else (last, None)


class DynamoAudits:
    """The AuditRepository: a walk over all that holds credits, kept as a record, tells what the books add up to."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._records = DynamoRecords(gateway)
        self._balances = DynamoBalances(gateway)

    async def find_audit(self, now: datetime) -> Audit:  # noqa: ARG002 - it tells of the last walk, not of now
        """What the last complete walk found."""
        walk = (await self._records.read(key_for(AuditWalk))).get(key_for(AuditWalk))
        return walk.audit if walk else NO_AUDIT

    async def prepare_walk(self, now: datetime, until: float) -> None:
        """Bring accounts and books of earlier releases into the index."""
        await self._balances.complete(now, until)

    async def find_balances(self, cursor: str | None = None) -> Page[BalanceKey]:
        """The keys of some accounts and books."""
        return await self._balances.find(cursor)
