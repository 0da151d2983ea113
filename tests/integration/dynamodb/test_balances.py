"""The index of all that holds credits: what earlier releases left comes into it; until then the table is asked."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError

from domain.application.admission.list_people import ListPeopleRequest
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import Key, key_for, key_of
from domain.model.ledger.account import Account
from domain.model.trading.book import Book
from domain.port.out.paging import InvalidCursorError
from domain.port.out.store import Change, Replace
from domain.port.out.unit_of_work import CommitOutcome
from functions.adapter.out.dynamodb.balance_index import TRUST, UNKNOWN, BalanceIndex, advance
from functions.adapter.out.dynamodb.balances import DynamoBalances
from functions.adapter.out.dynamodb.gateway import DynamoGateway
from functions.adapter.out.dynamodb.items import place_of
from functions.adapter.out.dynamodb.layout.item import Item, ItemKey
from functions.adapter.out.dynamodb.layout.trading import HOLDS
from functions.adapter.out.dynamodb.records import DynamoRecords
from functions.adapter.out.dynamodb.tables import BALANCES
from functions.config.dynamodb import dynamodb_persistence
from tests.fakes.clock import FakeClock, LowestRandom
from tests.fakes.world import World, admin
from tests.integration.dynamodb.recording import Failure, RecordingClient, service_error
from tests.simulation.store import TABLES, Store

if TYPE_CHECKING:
    from functions.adapter.out.dynamodb.tables import Client

PEOPLE = ("ann", "bob", "cyd", "dan", "eve")
HELD: tuple[Key[Any], ...] = (*(key_for(Account, name) for name in PEOPLE), key_for(Book, "rain"))


class Instance:
    """Tables with five accounts and a market, over which other releases may have run.

    Args:
        page: how many items an answer has.
    """

    def __init__(self, page: int = 1000) -> None:
        self.page, self.clock, self.store = page, FakeClock(), Store(page=lambda: self.page)
        self.client = RecordingClient(cast("Client", self.store))
        recorded: Any = self.client
        self.world = World(dynamodb_persistence(recorded, TABLES, self.clock, LowestRandom()), self.clock)
        self.gateway = DynamoGateway(recorded, TABLES, self.clock, LowestRandom())
        self.balances = DynamoBalances(self.gateway)

    def item(self, key: Key[Any]) -> Item:
        """The stored item of a key."""
        return self.store.items[TABLES.core, *place_of(key)]

    def strip(self, keys: Iterable[Key[Any]] = HELD) -> None:
        """Let a release that knows of no index write these items again, as they are."""
        for key in keys:
            item = {name: value for name, value in self.item(key).items() if name != BALANCES.partition}
            self.store.put_item(TableName=TABLES.core, Item=item)

    async def complete(self, seconds: float = 60) -> BalanceIndex:
        """Look for what the index lacks, once; what is known then."""
        await self.balances.complete(self.clock.now(), self.clock.monotonic() + seconds)
        return await self.world.found(key_for(BalanceIndex))

    async def walk(self, limit: int | None = None) -> list[Key[Any]]:
        """All keys that a walk finds."""
        found, cursor = list[Key[Any]](), None
        while True:
            page = await self.balances.find(cursor, limit)
            found, cursor = [*found, *page.items], page.cursor
            if cursor is None:
                return found

    async def asks_the_index(self) -> bool:
        """Whether a walk, which finds everything once, reads the index alone."""
        self.client.calls.clear()
        found = await self.walk(2)
        assert (len(found), set(found)) == (len(HELD), set(HELD))
        asked = set(self.client.operations()) - {"batch_get_item"}
        assert len(asked) == 1
        return asked == {"query"}


@pytest.fixture
async def instance() -> Instance:
    """Tables of this release, which nobody has looked through yet."""
    made = Instance()
    for name in PEOPLE:
        await made.world.open(name)
    await made.world.publish("rain", "ann")
    await made.world.buy("bob", "rain", "YES", MICROS)
    await made.world.draft("draft", "ann")
    return made


async def test_new_tables(instance: Instance) -> None:
    """The first look finds nothing missing, and from then on the index is asked."""
    assert not await instance.asks_the_index()
    assert (await instance.complete()).complete_at == instance.clock.now()
    assert await instance.asks_the_index()


async def test_items_of_an_earlier_release(instance: Instance) -> None:
    """They come into the index as they are; it is asked once a second look has found that they stayed there."""
    instance.strip()
    before = {key: instance.item(key) for key in HELD}
    assert (await instance.complete()).complete_at is None
    assert not await instance.asks_the_index()
    assert (await instance.complete()).complete_at is not None
    assert await instance.asks_the_index()
    for key in HELD:
        held = HOLDS[place_of(key).sort]
        assert instance.item(key) == {**before[key], BALANCES.partition: {"S": held}}


class Interrupted(DynamoRecords):
    """Records, of which the first that is stored alone is traded on just before.

    Args:
        instance: whose they are.
        is_earlier: whether the function that trades is of the release before.
    """

    def __init__(self, instance: Instance, *, is_earlier: bool) -> None:
        super().__init__(instance.gateway)
        self._instance, self._is_earlier = instance, is_earlier
        self.traded: list[str] = []

    async def commit_alone(self, write: Change) -> CommitOutcome:
        if isinstance(write, Replace) and isinstance(write.read, Account) and not self.traded:
            self.traded.append(write.read.id)
            await self._instance.world.buy(write.read.id, "rain", "YES", MICROS)
            if self._is_earlier:
                self._instance.strip([key_of(write.read)])
        return await super().commit_alone(write)


@pytest.mark.parametrize("is_earlier", [False, True])
async def test_a_trade_meanwhile(instance: Instance, *, is_earlier: bool) -> None:
    """A trade between reading an item and storing it again stays.

    One of this release brings the attribute itself. One of the release before takes it out, the second look finds that,
    and the third finds nothing.
    """
    instance.strip()
    instance.balances._records = interrupted = Interrupted(instance, is_earlier=is_earlier)
    await instance.complete()
    (trader,) = interrupted.traded
    assert (await instance.world.portfolio(trader)).lines[0].quantity >= MICROS
    assert (BALANCES.partition in instance.item(key_for(Account, trader))) is not is_earlier
    looks = [(await instance.complete()).complete_at is not None for _ in range(1 + is_earlier)]
    assert looks == [False] * is_earlier + [True]
    assert await instance.asks_the_index()
    assert (await instance.world.walk()).wrong == ()


async def test_a_release_that_was_put_back_for_a_while(instance: Instance) -> None:
    """What it left out is found within a month; from then on the table is asked until nothing is missing."""
    assert (await instance.complete()).complete_at is not None
    instance.strip(HELD[1:3])
    assert len(await instance.walk()) == len(HELD) - 2
    instance.client.calls.clear()
    await instance.complete()
    assert "scan" not in instance.client.operations()
    instance.clock.advance(TRUST)
    assert (await instance.complete()).complete_at is None
    assert not await instance.asks_the_index()
    assert (await instance.complete()).complete_at == instance.clock.now()
    assert await instance.asks_the_index()


async def test_a_look_in_many_runs(instance: Instance) -> None:
    """A run ends when its time is up, and the next goes on there; what was added before counts."""
    instance.strip(HELD[:2])
    instance.page = 1
    looks = [await instance.complete(0) for _ in range(2)]
    assert [look.version for look in looks] == [1, 2]
    assert all(look.cursor is not None and look.complete_at is None for look in looks)
    while looks[-1].cursor is not None:
        looks.append(await instance.complete(0))
    assert looks[-1].complete_at is None
    while looks[-1].complete_at is None:
        looks.append(await instance.complete(0))
    assert await instance.asks_the_index()


async def test_two_that_look_at_once(instance: Instance) -> None:
    """The slower one keeps nothing of what it found out, and stops."""
    read = await instance.complete(0)
    assert not await instance.balances._keep(UNKNOWN, advance(UNKNOWN, 0, None, instance.clock.now()))
    assert await instance.world.found(key_for(BalanceIndex)) == read


async def test_walks_that_were_begun_go_on(instance: Instance) -> None:
    """In the way in which they began: of the table although the index is complete, and the other way round."""
    begun = await instance.balances.find(None, 3)
    await instance.complete()
    rest = await instance.balances.find(begun.cursor, 100)
    assert sorted(map(str, (*begun.items, *rest.items))) == sorted(map(str, HELD))
    indexed = await instance.balances.find(None, 3)
    assert indexed.cursor == "A#cyd\n~P"
    instance.store.delete_item(TableName=TABLES.core, Key=place_of(key_for(BalanceIndex)).attributes())
    rest = await instance.balances.find(indexed.cursor, 100)
    assert {*indexed.items, *rest.items} == set(HELD)
    assert rest.cursor is None


async def test_a_release_without_the_index_goes_on(instance: Instance) -> None:
    """Where it is put back in the midst of a walk, it takes the cursor for a place in the table."""
    await instance.complete()
    cursor = (await instance.balances.find(None, 3)).cursor
    assert cursor is not None
    place = ItemKey(*cursor.split("\n"))
    items, _ = await instance.gateway.scan(tuple(HOLDS), place.attributes())
    assert len(items) < len(HELD)


@pytest.mark.parametrize(
    "cursor", ["", "\n", "A#ann", "A#ann\n", "\nP", "A#ann\n~", "A#ann\n~META", f"A#{'a' * 1023}\n~P"]
)
async def test_cursors_of_no_walk(instance: Instance, cursor: str) -> None:
    """What no page ends with is refused."""
    with pytest.raises(InvalidCursorError):
        await instance.balances.find(cursor)


async def test_a_walk_over_accounts_has_no_place_among_books(instance: Instance) -> None:
    """A cursor of the other walk is refused."""
    with pytest.raises(InvalidCursorError):
        await instance.balances.find("M#rain\n~BOOK", only_accounts=True)


async def test_people_by_the_index(instance: Instance) -> None:
    """Admins list accounts in the order of their names, and reading them costs no more than there are."""
    await instance.complete()
    instance.client.calls.clear()
    first = (await instance.world.list_people.execute(ListPeopleRequest(admin("ann"), 3))).page
    rest = (await instance.world.list_people.execute(ListPeopleRequest(admin("ann"), 3, first.cursor))).page
    assert [account.id for account in (*first.items, *rest.items)] == list(PEOPLE)
    assert rest.cursor is None
    assert "scan" not in instance.client.operations()


@pytest.mark.parametrize("code", ["ValidationException", "ResourceNotFoundException"])
async def test_tables_without_the_index(instance: Instance, code: str) -> None:
    """Of an earlier release, and adopted: the table is asked for good, and nobody looks for what the index lacks."""
    for _ in range(2):
        instance.client.plan("query", Failure(service_error(code)))
        await instance.balances.complete(instance.clock.now(), instance.clock.monotonic())
        assert instance.client.operations()[-1] == "query"
        assert not await instance.asks_the_index()


async def test_an_index_that_may_not_be_read(instance: Instance) -> None:
    """A missing permission is an error, and no reason to go on as if the index were not there."""
    instance.client.plan("query", Failure(service_error("AccessDeniedException")))
    with pytest.raises(ClientError):
        await instance.complete()


async def test_a_trade_writes_to_no_index(instance: Instance) -> None:
    """What is in the index of a book and of an account is the same after a trade."""
    keys = {BALANCES.partition, BALANCES.sort, "PK", "SK"}
    before = {key: {name: instance.item(key)[name] for name in keys} for key in HELD}
    await instance.world.buy("bob", "rain", "YES", MICROS)
    await instance.world.sell("bob", "rain", "YES", MICROS)
    assert {key: {name: instance.item(key)[name] for name in keys} for key in HELD} == before
