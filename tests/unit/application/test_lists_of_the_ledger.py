"""The lists of an account's entries and trades, and of a market's trades, as callers see them."""

from collections.abc import Awaitable, Callable

import pytest

from domain.application.ledger.list_journal import ListJournalRequest
from domain.application.ledger.list_my_trades import ListMyTradesRequest
from domain.application.trading.list_trades import ListTradesRequest
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import AccountNotFoundError, DomainError, MarketNotFoundError
from domain.model.kernel.money import MICROS
from domain.model.ledger.journal import EntryKind, JournalEntry
from domain.model.trading.order import Order
from domain.model.trading.trade import Trade
from domain.port.out.paging import Page
from tests.fakes.memory import MemoryStore
from tests.fakes.refusals import refused
from tests.fakes.world import World, admin, caller

type Turn[T] = Callable[[int, str | None], Awaitable[Page[T]]]


async def _everything[T](turn: Turn[T], limit: int) -> list[T]:
    """The items of all pages; none is over the limit, and the list ends."""
    items: list[T] = []
    cursor = None
    for _ in range(100):
        page = await turn(limit, cursor)
        assert len(page.items) <= limit
        items += page.items
        cursor = page.cursor
        if cursor is None:
            return items
    raise AssertionError("the list does not end")


def _journal(world: World, by: Caller) -> Turn[JournalEntry]:
    async def turn(limit: int, cursor: str | None) -> Page[JournalEntry]:
        return (await world.list_journal.execute(ListJournalRequest(by, limit, cursor))).page

    return turn


def _my_trades(world: World, by: Caller) -> Turn[Trade]:
    async def turn(limit: int, cursor: str | None) -> Page[Trade]:
        return (await world.list_my_trades.execute(ListMyTradesRequest(by, limit, cursor))).page

    return turn


def _trades(world: World, slug: str, by: Caller | None) -> Turn[Trade]:
    async def turn(limit: int, cursor: str | None) -> Page[Trade]:
        return (await world.list_trades.execute(ListTradesRequest(slug, limit, cursor, by))).page

    return turn


@pytest.fixture
async def orders(world: World) -> list[Order]:
    """Bob and cid trade in two of ann's markets, and one is resolved; ann has a draft."""
    for account in ("ann", "bob", "cid", "zoe"):
        await world.open(account)
    await world.draft("draft", "ann")
    await world.publish("rain", "ann")
    await world.publish("snow", "ann")
    orders = [
        await world.buy("bob", "rain", "YES", 10 * MICROS),
        await world.buy("bob", "snow", "NO", 5 * MICROS),
        await world.buy("cid", "rain", "NO", 3 * MICROS),
        await world.sell("bob", "rain", "YES", 4 * MICROS),
        await world.spend("bob", "rain", "YES", MICROS),
    ]
    await world.give("bob", MICROS, admin("zoe"))
    await world.resolve("rain", caller("ann"), "YES")
    await world.settle("rain")
    return orders


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_the_journal(world: World, orders: list[Order], limit: int) -> None:
    """Every movement of the caller's money and nobody else's, newest first; the amounts add up to the balance."""
    entries = await _everything(_journal(world, caller("bob")), limit)
    assert [entry.kind for entry in entries] == [
        EntryKind.PAYOUT,
        EntryKind.GRANT,
        EntryKind.BUY,
        EntryKind.SELL,
        EntryKind.BUY,
        EntryKind.BUY,
        EntryKind.STARTING_GRANT,
    ]
    assert [entry.seq for entry in entries] == [7, 6, 5, 4, 3, 2, 1]
    assert {entry.account for entry in entries} == {"bob"}
    assert sum(entry.amount.amount for entry in entries) == await world.balance("bob")


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_trades_of_an_account(world: World, orders: list[Order], limit: int) -> None:
    """The trades of the caller's orders in every market, newest first."""
    mine = [trade for order in reversed(orders) if order.account == "bob" for trade in order.trades]
    assert await _everything(_my_trades(world, caller("bob")), limit) == mine
    assert await _everything(_my_trades(world, caller("ann")), limit) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
@pytest.mark.parametrize("by", [None, caller("bob"), caller("nobody"), admin("zoe")])
async def test_trades_of_a_market(world: World, orders: list[Order], by: Caller | None, limit: int) -> None:
    """Everybody's trades in it and in no other, the latest version first, to anybody."""
    trades = await _everything(_trades(world, "rain", by), limit)
    assert trades == [trade for order in reversed(orders) if order.market == "rain" for trade in order.trades]
    assert [trade.version for trade in trades] == [4, 3, 2, 1]


@pytest.mark.parametrize("list_", [_journal, _my_trades])
@pytest.mark.parametrize("by", [caller("nobody"), admin("nobody")])
async def test_an_account_not_opened(
    world: World, store: MemoryStore, *, list_: Callable[[World, Caller], Turn[object]], by: Caller
) -> None:
    """Who has no account has no list either."""
    with refused(store, AccountNotFoundError):
        await list_(world, by)(20, None)


@pytest.mark.parametrize(
    ("by", "slug", "error"),
    [
        (None, "fog", MarketNotFoundError),
        (admin("zoe"), "fog", MarketNotFoundError),
        (None, "draft", MarketNotFoundError),
        (caller("bob"), "draft", MarketNotFoundError),
    ],
)
async def test_trades_of_no_market(
    world: World, store: MemoryStore, orders: list[Order], *, by: Caller | None, slug: str, error: type[DomainError]
) -> None:
    """A market that does not exist for the caller has no list of trades."""
    with refused(store, error):
        await _trades(world, slug, by)(20, None)


@pytest.mark.parametrize("by", [caller("ann"), admin("zoe")])
async def test_trades_of_a_draft(world: World, orders: list[Order], by: Caller) -> None:
    """To those who see it a draft's list is empty."""
    assert await _trades(world, "draft", by)(20, None) == Page((), None)


async def test_cursors_of_nowhere(world: World, orders: list[Order]) -> None:
    """What no list ever gave is refused."""
    for turn in (_journal(world, caller("bob")), _my_trades(world, caller("bob")), _trades(world, "rain", None)):
        with pytest.raises(ValueError, match="cursor"):
            await turn(20, "nowhere")
