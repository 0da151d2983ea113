"""The ledger as it is read: newest first, complete, each entry once."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.application.trading.list_holders import Holder, ListHoldersRequest
from domain.model.kernel.money import MICROS, ZERO, Money
from domain.model.ledger.journal import EntryKind, JournalEntry, Posting, pool_of
from domain.model.trading.market import MarketDefinition
from domain.model.trading.position import HOLDER_SHARDS, Position, holder_shard
from domain.model.trading.trade import NO_TRADE_DIGEST, OutcomePrice, Side, Trade
from domain.port.out.paging import Page
from domain.port.out.store import Insert
from domain.port.out.unit_of_work import Committed
from tests.contract.conftest import Adapter
from tests.fakes.clock import START
from tests.fakes.samples import ANN, FULL_ACCOUNT, FULL_ENTRY, FULL_TRADE, RAIN, RAIN_BOOK
from tests.fakes.world import World, caller

type Turn[T] = Callable[[int, str | None], Awaitable[Page[T]]]


def _entry(account: str, seq: int, market: str | None = None, version: int | None = None) -> JournalEntry:
    """A movement of an account's money; the trade of that version of a market where one is given."""
    trade = None
    if market is not None and version is not None:
        trade = Trade(
            id=f"{version:032}",
            market=market,
            account=account,
            outcome="YES",
            side=Side.BUY,
            quantity=MICROS,
            amount=Money(1),
            prices_after=(OutcomePrice("YES", 500_000), OutcomePrice("NO", 500_000)),
            version=version,
            digest=NO_TRADE_DIGEST,
            created_at=START + timedelta(seconds=seq),
        )
    other = pool_of(market) if market else "house"
    return JournalEntry(
        account=account,
        seq=seq,
        kind=EntryKind.BUY if trade else EntryKind.REFUND,
        postings=(Posting(account, Money(-1 if trade else 1)), Posting(other, Money(1 if trade else -1))),
        balance_after=ZERO,
        market=market,
        reason=None,
        created_at=START,  # of one instant: what orders them is their number
        trade=trade,
    )


async def _store(adapter: Adapter, *records: object) -> None:
    assert await adapter.commit(*map(Insert, records)) == Committed()


def _entries(adapter: Adapter, account: str, *, only_trades: bool = False) -> Turn[JournalEntry]:
    return lambda limit, cursor: adapter.ports.journal.find_entries(account, limit, cursor, only_trades=only_trades)


def _trades(adapter: Adapter, slug: str) -> Turn[Trade]:
    return lambda limit, cursor: adapter.ports.journal.find_trades(slug, limit, cursor)


async def _pages[T](turn: Turn[T], limit: int) -> AsyncIterator[Page[T]]:
    """Page after page, none over the limit; no list here is longer than two hundred pages."""
    cursor = None
    for _ in range(200):
        page = await turn(limit, cursor)
        assert len(page.items) <= limit
        yield page
        cursor = page.cursor
        if cursor is None:
            return
    raise AssertionError("the list does not end")


async def _everything[T](turn: Turn[T], limit: int) -> list[T]:
    return [item async for page in _pages(turn, limit) for item in page.items]


TWELVE = tuple(_entry("ann", seq, "rain", seq // 3 + 8) if seq % 3 == 1 else _entry("ann", seq) for seq in range(1, 13))
"""Entries of ann, of whom every third is a trade: versions 8 to 11 of rain."""
ACCOUNTS = tuple(replace(ANN, id=name) for name in ("ann", "ann-1", "an", "bob"))
OTHERS = (_entry("ann-1", 1), _entry("an", 5), _entry("bob", 7, "rain", 12), _entry("bob", 8, "snow", 9))
"""What belongs to other accounts and markets, with names that begin alike."""


async def test_an_accounts_entries(adapter: Adapter) -> None:
    """All entries of an account and of no other, the highest number first, in pages of any size."""
    await _store(adapter, *ACCOUNTS, *TWELVE, *OTHERS)
    for limit in (1, 2, 5, 12, 13, 100):
        assert await _everything(_entries(adapter, "ann"), limit) == list(reversed(TWELVE))
        assert await _everything(_entries(adapter, "bob"), limit) == [OTHERS[3], OTHERS[2]]


async def test_only_trades(adapter: Adapter) -> None:
    """On request those alone that are trades, in the same order and as complete."""
    await _store(adapter, *ACCOUNTS, *TWELVE, *OTHERS)
    trades = [entry for entry in reversed(TWELVE) if entry.trade]
    assert len(trades) == 4
    for limit in (1, 2, 3, 100):
        assert await _everything(_entries(adapter, "ann", only_trades=True), limit) == trades
        assert await _everything(_entries(adapter, "an", only_trades=True), limit) == []


async def test_a_markets_trades(adapter: Adapter) -> None:
    """Everybody's trades in it and in no other, the latest version first, by number and not by digits."""
    await _store(adapter, *ACCOUNTS, *TWELVE, *OTHERS)
    for limit in (1, 2, 3, 100):
        trades = await _everything(_trades(adapter, "rain"), limit)
        assert [trade.version for trade in trades] == [12, 11, 10, 9, 8]
        assert trades[1:] == [entry.trade for entry in reversed(TWELVE) if entry.trade]
        assert [trade.account for trade in await _everything(_trades(adapter, "snow"), limit)] == ["bob"]


async def test_the_largest_entry(adapter: Adapter) -> None:
    """Every member at its largest, and every character, is read as it was written."""
    await _store(adapter, FULL_ACCOUNT, FULL_ENTRY)
    assert await _everything(_entries(adapter, FULL_ENTRY.account), 1) == [FULL_ENTRY]
    assert await _everything(_trades(adapter, FULL_TRADE.market), 1) == [FULL_TRADE]


async def test_nothing_happened(adapter: Adapter) -> None:
    """An account or a market that is not there, or of which there is nothing, is one page of nothing."""
    await _store(adapter, *ACCOUNTS, *OTHERS)
    for name in ("nobody", "ann", "rai"):
        assert await adapter.ports.journal.find_entries(name, 20) == Page((), None)
        assert await adapter.ports.journal.find_trades(name, 20) == Page((), None)
    assert await adapter.ports.journal.find_entries("ann", 20, only_trades=True) == Page((), None)
    assert await adapter.ports.journal.find_trades("ann-1", 20) == Page((), None)


@pytest.mark.parametrize("only_trades", [False, True])
async def test_entries_are_added_while_they_are_read(adapter: Adapter, only_trades: bool) -> None:
    """What was there at the start comes exactly once, whatever is added between the pages, and nothing comes twice."""
    await _store(adapter, *ACCOUNTS, *TWELVE)
    found: list[JournalEntry] = []
    added = 12
    async for page in _pages(_entries(adapter, "ann", only_trades=only_trades), 2):
        found += page.items
        added += 1
        await _store(adapter, _entry("ann", added, "rain", added))
    assert found == [entry for entry in reversed(TWELVE) if entry.trade or not only_trades]


async def test_trades_are_added_while_they_are_read(adapter: Adapter) -> None:
    """A list of trades that is being read is not moved by those that come on top."""
    await _store(adapter, *ACCOUNTS, *TWELVE)
    found: list[int] = []
    added = 12
    async for page in _pages(_trades(adapter, "rain"), 1):
        found += [trade.version for trade in page.items]
        added += 1
        await _store(adapter, _entry("bob", added, "rain", added))
    assert found == [11, 10, 9, 8]


async def test_a_cursor_of_nowhere(adapter: Adapter) -> None:
    """What no list ever gave is refused."""
    for cursor in ("", "x", "🦀", "null", "1.5", "E#1"):
        with pytest.raises(ValueError, match="cursor"):
            await adapter.ports.journal.find_entries("ann", 20, cursor)
        with pytest.raises(ValueError, match="cursor"):
            await adapter.ports.journal.find_trades("rain", 20, cursor)


@pytest.mark.ministack
async def test_more_than_a_megabyte_of_trades(adapter: Adapter) -> None:
    """A page of a hundred of the longest trades is complete, although a store may hand them out in parts."""
    long = [
        replace(FULL_ENTRY, seq=number, trade=replace(FULL_TRADE, version=number, id=f"{number:032}"))
        for number in range(1, 101)
    ]
    await _store(adapter, FULL_ACCOUNT)
    for start in range(0, 100, 25):
        await _store(adapter, *long[start : start + 25])
    assert await _everything(_entries(adapter, FULL_ENTRY.account), 100) == list(reversed(long))
    assert await _everything(_trades(adapter, FULL_TRADE.market), 100) == [entry.trade for entry in reversed(long)]


async def test_what_happened_is_what_is_read(adapter: Adapter) -> None:
    """The trades that orders answer with are those that both lists give, and entries add up to the balance."""
    world = World(adapter.ports)
    for account in ("ann", "bob"):
        await world.open(account)
    await world.publish("rain", "ann")
    orders = [
        await world.buy("bob", "rain", "YES", 5 * MICROS),
        await world.spend("ann", "rain", "NO", MICROS),
        await world.sell("bob", "rain", "YES", 2 * MICROS),
    ]
    trades = [trade for order in reversed(orders) for trade in order.trades]
    assert await _everything(_trades(adapter, "rain"), 2) == trades
    entries = await _everything(_entries(adapter, "bob"), 2)
    assert [entry.kind for entry in entries] == [EntryKind.SELL, EntryKind.BUY, EntryKind.STARTING_GRANT]
    assert sum(entry.amount.amount for entry in entries) == await world.balance("bob")
    bobs = [entry.trade for entry in await _everything(_entries(adapter, "bob", only_trades=True), 1)]
    assert bobs == [trade for trade in trades if trade.account == "bob"]


@pytest.mark.ministack
async def test_holders_by_name(adapter: Adapter) -> None:
    """A shard lists its accounts by name, those after a name that need not be among them; its cursor is the last."""
    names = sorted(name for number in range(400) if holder_shard(name := f"trader-{number:03}") == 3)
    assert len(names) >= 10
    positions = [Position(name, "rain", (1, 0), (ZERO, ZERO), 1) for name in names]
    await _store(adapter, RAIN, RAIN_BOOK, *(replace(ANN, id=name) for name in names), *reversed(positions))
    find = adapter.ports.positions.find_holders
    assert (await find("rain", 3, 100)).items == tuple(names)
    assert await find("rain", 3, 4) == Page(tuple(names[:4]), names[3])
    assert await find("rain", 3, 4, names[3]) == Page(tuple(names[4:8]), names[7])
    assert (await find("rain", 3, 2, f"{names[4]}-")).items == tuple(names[5:7])
    assert (await find("rain", 3, 2, "a")).items == tuple(names[:2])
    assert await find("rain", 3, 4, names[-1]) == Page((), None)
    assert await find("rain", 3, 4, "zoe") == Page((), None)


HELD = {
    f"trader-{number:02}": tuple(number + outcome if number * (outcome + 1) % 3 else 0 for outcome in range(4))
    for number in range(30)
}
"""Shares of four outcomes in thirty accounts; some hold all, some a few, some none any more."""


@pytest.mark.ministack
async def test_every_holder_once(adapter: Adapter) -> None:
    """The pages of the use case are full but for the last, complete and without doubles, whatever their size."""
    assert len({holder_shard(name) for name in HELD}) >= HOLDER_SHARDS // 2
    world = World(adapter.ports)
    await world.open("ann")
    listing = await world.publish("race", "ann", MarketDefinition("Who wins?", outcomes=("A", "B", "C", "D")))
    names = listing.market.outcomes
    positions = [Position(account, "race", held, (ZERO,) * 4, 1) for account, held in HELD.items()]
    await _store(adapter, *(replace(ANN, id=account) for account in HELD), *positions)
    expected = {
        (account, outcome, quantity)
        for account, held in HELD.items()
        for outcome, quantity in zip(names, held, strict=True)
        if quantity
    }

    async def turn(limit: int, cursor: str | None) -> Page[Holder]:
        return (await world.list_holders.execute(ListHoldersRequest("race", limit, cursor, caller("ann")))).page

    for limit in (1, 2, 3, 4, 5, 100):
        pages = [page async for page in _pages(turn, limit)]
        found = [(each.account, each.outcome, each.quantity) for page in pages for each in page.items]
        assert len(found) == len(set(found))
        assert set(found) == expected
        assert all(len(page.items) == limit for page in pages[:-1])
