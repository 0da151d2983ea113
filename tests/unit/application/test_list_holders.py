from itertools import count, islice

import pytest

from domain.application.trading.list_holders import Holder, ListHoldersRequest
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import MarketNotFoundError, UnknownOutcomeError
from domain.model.kernel.money import MICROS
from domain.model.trading.market import MarketDefinition
from domain.model.trading.position import holder_shard
from domain.port.out.paging import Page
from tests.fakes.memory import MemoryStore
from tests.fakes.refusals import refused
from tests.fakes.world import World, admin, caller

THREE = MarketDefinition("Who wins?", outcomes=("A", "B", "C"))
NEIGHBOURS = sorted(islice((name for number in count() if holder_shard(name := f"n{number:03}") == 3), 3))
"""Three accounts of one shard, in the order in which it lists them."""


async def _page(world: World, limit: int, cursor: str | None = None, by: Caller | None = None) -> Page[Holder]:
    return (await world.list_holders.execute(ListHoldersRequest("race", limit, cursor, by))).page


async def _rest(world: World, limit: int, cursor: str | None) -> list[Holder]:
    found: list[Holder] = []
    for _ in range(100):
        if cursor is None:
            return found
        page = await _page(world, limit, cursor)
        assert len(page.items) <= limit
        found += page.items
        cursor = page.cursor
    raise AssertionError("the list does not end")


@pytest.fixture
async def race(world: World) -> World:
    """A market of ann's with three outcomes; bob, cid and three neighbours may trade, and ann has a draft."""
    for account in ("ann", "bob", "cid", *NEIGHBOURS):
        await world.open(account)
    await world.draft("draft", "ann", THREE)
    await world.publish("race", "ann", THREE)
    return world


async def test_who_holds_what(race: World) -> None:
    """One entry for each outcome that somebody holds; what is sold is held no longer."""
    first = await race.buy("bob", "race", "A", 3 * MICROS)
    second = await race.buy("bob", "race", "C", 1)
    await race.buy("cid", "race", "B", MICROS)
    await race.sell("cid", "race", "B", MICROS)
    third = await race.buy("cid", "race", "A", MICROS)
    page = await _page(race, 100)
    assert sorted(page.items, key=str) == [
        Holder("bob", "A", 3 * MICROS, first.amount),
        Holder("bob", "C", 1, second.amount),
        Holder("cid", "A", MICROS, third.amount),
    ]
    assert page.cursor is None


async def test_nobody_holds_any(race: World) -> None:
    """A market without holders, one that all have left, and one that is settled, are an empty list."""
    assert await _page(race, 20) == Page((), None)
    await race.buy("bob", "race", "A", MICROS)
    await race.sell("bob", "race", "A", MICROS)
    assert await _page(race, 20) == Page((), None)
    await race.buy("bob", "race", "A", MICROS)
    await race.resolve("race", caller("ann"), "A")
    assert [(holder.account, holder.quantity) for holder in (await _page(race, 20)).items] == [("bob", MICROS)]
    await race.settle("race")
    assert await _page(race, 20) == Page((), None)


@pytest.mark.parametrize(("slug", "by"), [("fog", None), ("fog", admin()), ("draft", None), ("draft", caller("bob"))])
async def test_no_market_for_the_caller(race: World, store: MemoryStore, slug: str, by: Caller | None) -> None:
    """A market that does not exist for the caller has no list of holders."""
    with refused(store, MarketNotFoundError):
        await race.list_holders.execute(ListHoldersRequest(slug, 20, None, by))


@pytest.mark.parametrize("by", [caller("ann"), admin()])
async def test_a_draft_has_no_holders(race: World, by: Caller) -> None:
    """To those who see it a draft's list is empty."""
    result = await race.list_holders.execute(ListHoldersRequest("draft", 20, None, by))
    assert result.page == Page((), None)


async def test_a_new_holder_between_pages(race: World) -> None:
    """A new holder in front of the one in whose midst a page ended is not taken for that one."""
    first, new, last = NEIGHBOURS
    await race.buy(first, "race", "A", MICROS)
    for outcome in "ABC":
        await race.buy(last, "race", outcome, MICROS)
    page = await _page(race, 2)
    assert [(holder.account, holder.outcome) for holder in page.items] == [(first, "A"), (last, "A")]
    await race.buy(new, "race", "A", MICROS)
    listed = [(holder.account, holder.outcome) for holder in await _rest(race, 2, page.cursor)]
    assert [place for place in listed if place[0] == last] == [(last, "B"), (last, "C")]


async def test_a_listed_outcome_is_sold_between_pages(race: World) -> None:
    """Selling what a page has shown takes nothing from the next one."""
    for outcome in "ABC":
        await race.buy("bob", "race", outcome, MICROS)
    page = await _page(race, 1)
    assert [holder.outcome for holder in page.items] == ["A"]
    await race.sell("bob", "race", "A", MICROS)
    assert [holder.outcome for holder in await _rest(race, 1, page.cursor)] == ["B", "C"]


async def test_an_earlier_outcome_is_bought_between_pages(race: World) -> None:
    """Buying an outcome that comes before what was shown shows nothing twice."""
    for outcome in "BC":
        await race.buy("bob", "race", outcome, MICROS)
    page = await _page(race, 1)
    assert [holder.outcome for holder in page.items] == ["B"]
    await race.buy("bob", "race", "A", MICROS)
    listed = [holder.outcome for holder in await _rest(race, 1, page.cursor)]
    assert listed.count("B") == 0
    assert listed.count("C") == 1


@pytest.mark.parametrize("cursor", ["", "x", "1 2", "a b c", "1  x", "1 ! 0", "16 ann 0", f"1 {'a' * 65} 0"])
async def test_a_cursor_of_nowhere(race: World, cursor: str) -> None:
    """What no list ever gave is refused."""
    with pytest.raises(ValueError, match="cursor"):
        await _page(race, 20, cursor)


async def test_the_largest_holdings_of_an_outcome(race: World) -> None:
    """The largest first, of that outcome alone, as many as asked for, on one page; no other outcome is known."""
    for account, quantity in zip(("bob", "cid", *NEIGHBOURS), (9, 10, 3, 11, 1), strict=True):
        await race.buy(account, "race", "B", quantity * MICROS)
    await race.buy("bob", "race", "A", 50 * MICROS)
    for limit, quantities in ((100, [11, 10, 9, 3, 1]), (2, [11, 10])):
        page = (await race.list_holders.execute(ListHoldersRequest("race", limit, largest_of="B"))).page
        assert [(holder.outcome, holder.quantity) for holder in page.items] == [("B", it * MICROS) for it in quantities]
        assert page.cursor is None
    with pytest.raises(UnknownOutcomeError):
        await race.list_holders.execute(ListHoldersRequest("race", 100, largest_of="D"))
