from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.event.market_events import MarketChanged
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import (
    AccountNotFoundError,
    DomainError,
    ForbiddenError,
    InvalidMarketError,
    MarketAlreadyPublishedError,
    MarketNotFoundError,
)
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import key_for
from domain.model.trading.book import Book, open_book
from domain.model.trading.market import Market, MarketChanges
from tests.fakes.clock import START
from tests.fakes.faults import FaultyUnitOfWork
from tests.fakes.memory import MemoryStore, MemoryUnitOfWork
from tests.fakes.refusals import refused
from tests.fakes.statement import assert_balanced, statement_of
from tests.fakes.world import DEFINITION, World, admin, caller

LATER = START + timedelta(hours=1)
TOMORROW = START + timedelta(days=1)
NAMED = MarketChanges(name="Will it pour?")


@pytest.fixture(autouse=True)
async def drafted(world: World) -> Market:
    """Ann's draft, which would close in an hour; bob trades, zoe is an admin."""
    for account in ("ann", "bob", "zoe"):
        await world.open(account)
    return await world.draft("rain", "ann", replace(DEFINITION, closes_at=LATER, tags=("weather",)))


@pytest.mark.parametrize(
    ("changes", "after"),
    [
        (NAMED, {"name": "Will it pour?"}),
        (MarketChanges(description="", rules="A drop is enough."), {"description": "", "rules": "A drop is enough."}),
        (MarketChanges(outcomes=("A", "B", "C"), liquidity=MICROS), {"outcomes": ("A", "B", "C"), "liquidity": MICROS}),
        (MarketChanges(closes_at=TOMORROW), {"closes_at": TOMORROW}),
        (MarketChanges(clears_closes_at=True), {"closes_at": None}),
        (MarketChanges(tags=()), {"tags": ()}),
        (MarketChanges(), {}),
    ],
)
async def test_what_is_named_changes(
    world: World, store: MemoryStore, drafted: Market, changes: MarketChanges, after: dict[str, Any]
) -> None:
    """What the changes name is new, all else stays, and the draft is one revision on; no other record is touched."""
    world.clock.advance(timedelta(minutes=5))
    before = store.copy()
    listing = await world.edit("rain", caller("ann"), changes)
    expected = replace(drafted, **after, revision=1)
    assert listing == (expected, open_book(expected))
    before.put(expected)
    assert store == before


async def test_an_edited_draft_is_published_as_edited(world: World, store: MemoryStore) -> None:
    """What was edited is what trades: its outcomes, its liquidity and its subsidy."""
    await world.edit("rain", caller("ann"), MarketChanges(outcomes=("A", "B", "C"), liquidity=MICROS))
    await world.edit("rain", caller("ann"), NAMED)
    published = await world.publish_drafted("rain", "ann")
    assert (published.market.name, published.market.revision) == ("Will it pour?", 3)
    book = await world.found(key_for(Book, "rain"))
    assert (book.outcomes, book.liquidity, book.subsidy.amount) == (("A", "B", "C"), MICROS, 1_098_613)
    assert [event.revision for event in store.every(MarketChanged)] == [3]
    assert_balanced(statement_of(store))


@pytest.mark.parametrize(
    ("by", "slug", "error"),
    [
        (caller("nobody"), "rain", AccountNotFoundError),
        (admin("nobody"), "rain", AccountNotFoundError),
        (caller("ann"), "snow", MarketNotFoundError),
        (caller("bob"), "rain", MarketNotFoundError),
        (admin("zoe"), "rain", ForbiddenError),
    ],
)
async def test_refusals(world: World, store: MemoryStore, by: Caller, slug: str, error: type[DomainError]) -> None:
    """Accounts not opened, markets that do not exist for the caller, and admins on somebody's draft."""
    with refused(store, error):
        await world.edit(slug, by, NAMED)


@pytest.mark.parametrize(
    "changes",
    [
        MarketChanges(name=" "),
        MarketChanges(outcomes=("YES", "YES")),
        MarketChanges(outcomes=("YES",)),
        MarketChanges(liquidity=MICROS - 1),
        MarketChanges(closes_at=START),
        MarketChanges(tags=("Weather",)),
    ],
)
async def test_what_would_come_of_it_breaks_a_rule(world: World, store: MemoryStore, changes: MarketChanges) -> None:
    """An edit is held to the rules of a new draft."""
    with refused(store, InvalidMarketError):
        await world.edit("rain", caller("ann"), changes)


async def test_a_closing_time_that_has_passed_meanwhile(world: World, store: MemoryStore) -> None:
    """A draft whose closing time has come is edited together with that time, or not at all."""
    world.clock.advance(timedelta(hours=1))
    with refused(store, InvalidMarketError):
        await world.edit("rain", caller("ann"), NAMED)
    edited = await world.edit("rain", caller("ann"), replace(NAMED, clears_closes_at=True))
    assert (edited.market.name, edited.market.closes_at) == ("Will it pour?", None)


async def test_a_published_market_is_not_edited(world: World, store: MemoryStore) -> None:
    """From publication on it is already-published to its creator; others may not edit it in the first place."""
    await world.publish_drafted("rain", "ann")
    for by, error in (
        (caller("ann"), MarketAlreadyPublishedError),
        (caller("bob"), ForbiddenError),
        (admin("zoe"), ForbiddenError),
    ):
        with refused(store, error):
            await world.edit("rain", by, NAMED)


async def _edit(world: World) -> Market:
    return (await world.edit("rain", caller("ann"), NAMED)).market


async def _publish(world: World) -> Market:
    return (await world.publish_drafted("rain", "ann")).market


@pytest.mark.parametrize("other", [_edit, _publish])
async def test_another_change_in_between(
    world: World, store: MemoryStore, other: Callable[[World], Awaitable[Market]]
) -> None:
    """What was edited or published between reading and writing stands; this edit is decided again on top of it."""
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [], [lambda: other(world)])
    edit = world.with_faults(unit_of_work).edit("rain", caller("ann"), MarketChanges(rules="Mine."))
    if other is _publish:
        with pytest.raises(MarketAlreadyPublishedError):
            await edit
    else:
        edited = (await edit).market
        assert (edited.rules, edited.revision) == ("Mine.", 2)
        assert await world.found(key_for(Market, "rain")) == edited
    assert_balanced(statement_of(store))
