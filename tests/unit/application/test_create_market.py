import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.application.shared.commands import Commands
from domain.application.trading.create_market import CreateMarket, CreateMarketRequest
from domain.application.trading.delete_draft import DeleteDraftRequest
from domain.event.market_events import MarketChanged
from domain.model.kernel.caller import Caller, Role
from domain.model.kernel.errors import (
    AccountNotFoundError,
    ContentionError,
    ForbiddenError,
    InvalidMarketError,
    LimitExceededError,
    SlugTakenError,
)
from domain.model.kernel.money import MICROS, Money
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.book import Book
from domain.model.trading.market import Market, MarketDefinition, MarketStatus
from tests.fakes.clock import START
from tests.fakes.faults import Fault, FaultyUnitOfWork
from tests.fakes.memory import MemoryStore, MemoryUnitOfWork
from tests.fakes.refusals import refused
from tests.fakes.world import DEFINITION, GRANT, World, caller

FULL = MarketDefinition(
    name="Who wins the cup? 🏆",
    description="The final.",
    rules="As the federation announces it.",
    outcomes=("Brazil", "Côte d'Ivoire", "日本"),
    liquidity=250 * MICROS,
    closes_at=START + timedelta(days=3),
    tags=("sport", "cup-2026"),
)


@pytest.fixture(autouse=True)
async def creator(world: World) -> None:
    """Ann has an account."""
    await world.open("ann")


async def test_a_draft_is_what_was_asked(world: World, store: MemoryStore) -> None:
    """A draft keeps every member of its definition, belongs to its creator and is at revision 0."""
    request = CreateMarketRequest(caller("ann"), "cup", FULL, world.fresh())
    listing = (await world.create_market.execute(request)).listing
    assert listing.market == Market(
        slug="cup",
        name=FULL.name,
        description=FULL.description,
        rules=FULL.rules,
        outcomes=FULL.outcomes,
        liquidity=FULL.liquidity,
        creator="ann",
        tags=FULL.tags,
        status=MarketStatus.DRAFT,
        created_at=START,
        published_at=None,
        closes_at=FULL.closes_at,
        resolution=None,
        revision=0,
    )
    assert store.every(Market) == [listing.market]
    assert store.every(MarketChanged) == []


async def test_a_draft_costs_nothing(world: World, store: MemoryStore) -> None:
    """No money moves and no book opens, but the answer shows the book as it would: ⌈250 ln 3⌉ of subsidy."""
    request = CreateMarketRequest(caller("ann"), "cup", FULL, world.fresh())
    listing = (await world.create_market.execute(request)).listing
    assert store.every(Book) == []
    assert [account.balance for account in store.every(Account)] == [GRANT]
    assert len(store.every(JournalEntry)) == 1
    assert listing.book.subsidy == listing.book.pool == Money(274_653_073)
    assert listing.book.quantities == (0, 0, 0)


async def test_without_an_account(world: World, store: MemoryStore) -> None:
    """Whoever has not opened an account cannot draft."""
    with refused(store, AccountNotFoundError):
        await world.draft("rain", "nobody")


@pytest.mark.parametrize("creator_", ["ann", "bob"])
async def test_a_slug_is_taken_once(world: World, store: MemoryStore, creator_: str) -> None:
    """A slug belongs to its first market, whoever asks again."""
    await world.open("bob")
    await world.draft("rain", "ann")
    with refused(store, SlugTakenError):
        await world.draft("rain", creator_)


async def test_two_creators_at_once(world: World, store: MemoryStore) -> None:
    """Of two creators who want one slug at the same time one gets it, the other is told so."""
    await world.open("bob")
    outcomes = await asyncio.gather(world.draft("rain", "ann"), world.draft("rain", "bob"), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Market", "SlugTakenError"]
    assert [outcome for outcome in outcomes if isinstance(outcome, Market)] == store.every(Market)


async def test_a_slug_taken_in_doubt(world: World, store: MemoryStore) -> None:
    """Where the first request was lost and another took the slug, the first may still be the owner: contention."""
    await world.open("bob")
    unit_of_work = FaultyUnitOfWork(MemoryUnitOfWork(store), [Fault.REQUEST_LOST], [lambda: world.draft("rain", "bob")])
    with pytest.raises(ContentionError):
        await world.with_faults(unit_of_work).draft("rain", "ann")
    assert [market.creator for market in store.every(Market)] == ["bob"]


@pytest.mark.parametrize("slug", ["", "-", "-rain", "rain-", "Rain", "räin", "a b", "a_b", "a/b", "rain\n", "a" * 65])
async def test_a_bad_slug(world: World, store: MemoryStore, slug: str) -> None:
    """A slug outside the pattern is refused."""
    with refused(store, InvalidMarketError):
        await world.draft(slug, "ann")


@pytest.mark.parametrize("slug", ["a", "7", "a-b", "a--b", "a" * 64])
async def test_a_good_slug(world: World, store: MemoryStore, slug: str) -> None:
    """The shortest, the longest and hyphenated slugs are accepted."""
    assert (await world.draft(slug, "ann")).slug == slug


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(replace(FULL, name=""), id="no name"),
        pytest.param(replace(FULL, name=" \t\n"), id="blank name"),
        pytest.param(replace(FULL, name="x" * 121), id="long name"),
        pytest.param(replace(FULL, name="a\x00b"), id="NUL in the name"),
        pytest.param(replace(FULL, description="x" * 10_001), id="long description"),
        pytest.param(replace(FULL, rules="x" * 10_001), id="long rules"),
        pytest.param(replace(FULL, rules="\x00"), id="NUL in the rules"),
        pytest.param(replace(FULL, outcomes=()), id="no outcome"),
        pytest.param(replace(FULL, outcomes=("YES",)), id="one outcome"),
        pytest.param(replace(FULL, outcomes=tuple(map(str, range(21)))), id="21 outcomes"),
        pytest.param(replace(FULL, outcomes=("YES", "NO", "YES")), id="one outcome twice"),
        pytest.param(replace(FULL, outcomes=("YES", "")), id="nameless outcome"),
        pytest.param(replace(FULL, outcomes=("YES", " ")), id="blank outcome"),
        pytest.param(replace(FULL, outcomes=("YES", "x" * 41)), id="long outcome"),
        pytest.param(replace(FULL, outcomes=("YES", "N\x00")), id="NUL in an outcome"),
        pytest.param(replace(FULL, liquidity=0), id="no liquidity"),
        pytest.param(replace(FULL, liquidity=-MICROS), id="negative liquidity"),
        pytest.param(replace(FULL, liquidity=MICROS - 1), id="too little liquidity"),
        pytest.param(replace(FULL, liquidity=1_000_000 * MICROS + 1), id="too much liquidity"),
        pytest.param(replace(FULL, tags=tuple(f"tag-{number}" for number in range(11))), id="11 tags"),
        pytest.param(replace(FULL, tags=("Sport",)), id="tag that is no slug"),
        pytest.param(replace(FULL, tags=("x" * 33,)), id="long tag"),
        pytest.param(replace(FULL, closes_at=START), id="closes now"),
        pytest.param(replace(FULL, closes_at=START - timedelta(microseconds=1)), id="closed before"),
    ],
)
async def test_a_broken_definition(world: World, store: MemoryStore, broken: MarketDefinition) -> None:
    """A definition that breaks a rule is refused."""
    with refused(store, InvalidMarketError):
        await world.draft("cup", "ann", broken)


@pytest.mark.parametrize(
    "extreme",
    [
        pytest.param(replace(FULL, name="x", description="", rules="", tags=(), closes_at=None), id="least text"),
        pytest.param(replace(FULL, name="🌧" * 120, description="é" * 10_000, rules="ß" * 10_000), id="most text"),
        pytest.param(replace(FULL, outcomes=tuple(f"{number:040}" for number in range(20))), id="most outcomes"),
        pytest.param(replace(FULL, outcomes=("YES", "yes")), id="names that differ in case"),
        pytest.param(replace(FULL, liquidity=MICROS), id="least liquidity"),
        pytest.param(replace(FULL, liquidity=1_000_000 * MICROS), id="most liquidity"),
        pytest.param(replace(FULL, tags=tuple(f"{number:032}" for number in range(10))), id="most tags"),
        pytest.param(replace(FULL, closes_at=START + timedelta(microseconds=1)), id="closes in a moment"),
    ],
)
async def test_an_extreme_definition(world: World, store: MemoryStore, extreme: MarketDefinition) -> None:
    """A definition at the edge of a rule is accepted and kept as it is."""
    market = await world.draft("cup", "ann", extreme)
    assert market in store.every(Market)
    assert (market.name, market.outcomes, market.tags) == (extreme.name, extreme.outcomes, extreme.tags)


async def test_a_draft_that_nobody_can_afford(world: World, store: MemoryStore) -> None:
    """A draft takes no money, so its creator need not have any."""
    market = await world.draft("rain", "ann", replace(DEFINITION, liquidity=1_000_000 * MICROS))
    assert store.every(Market) == [market]


@pytest.mark.parametrize(("roles", "may"), [((), False), ((Role.CREATOR,), True), ((Role.ADMIN,), True)])
async def test_creation_may_be_restricted(
    world: World, store: MemoryStore, *, roles: tuple[Role, ...], may: bool
) -> None:
    """To creators and admins, where the instance says so; to everybody else nothing happens."""
    restricted = CreateMarket(Commands(world.ports.store(world.clock, world.random)), creators_only=True)
    request = CreateMarketRequest(Caller("ann", frozenset(roles)), "rain", DEFINITION, world.fresh())
    if may:
        assert (await restricted.execute(request)).listing.market.creator == "ann"
    else:
        with refused(store, ForbiddenError):
            await restricted.execute(request)


@pytest.mark.parametrize("freed_by", ["publishing", "deleting"])
async def test_how_many_drafts(world: World, store: MemoryStore, freed_by: str) -> None:
    """A hundred and no more; one that is published or deleted makes room for another."""
    for number in range(100):
        await world.draft(f"draft-{number}", "ann")
    with refused(store, LimitExceededError):
        await world.draft("one-more", "ann")
    if freed_by == "publishing":
        await world.publish_drafted("draft-7", "ann")
    else:
        await world.delete_draft.execute(DeleteDraftRequest(caller("ann"), "draft-7"))
    await world.draft("one-more", "ann")
    with refused(store, LimitExceededError):
        await world.draft("another", "ann")


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.REQUEST_LOST])
async def test_a_lost_answer_deletes_a_draft(world: World, store: MemoryStore, fault: Fault) -> None:
    """The draft that is gone was this request's to delete, and counts as one less."""
    await world.draft("rain", "ann")
    faulty = world.with_faults(FaultyUnitOfWork(MemoryUnitOfWork(store), [fault]))
    await faulty.delete_draft.execute(DeleteDraftRequest(caller("ann"), "rain"))
    assert store.every(Market) == []
    assert (await world.found(key_for(Account, "ann"))).drafts == 0
