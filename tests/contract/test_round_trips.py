"""No page asks its store once for each of its items."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import batched
from pathlib import Path
from typing import Any

import pytest

from domain.application.trading.list_holders import ListHoldersRequest
from domain.application.trading.list_markets import ListMarketsRequest
from domain.model.kernel.money import ZERO
from domain.model.trading.market import MarketStatus
from domain.model.trading.position import HOLDER_SHARDS, Position
from domain.port.out.store import Insert
from domain.port.out.unit_of_work import Committed
from functions.adapter.out.dynamodb.tables import Client
from functions.adapter.out.sqlite.database import Database
from functions.config.dynamodb import dynamodb_persistence
from functions.config.ports import Persistence
from functions.config.sqlite import sqlite_persistence
from tests.fakes.clock import FakeClock, SeededRandom
from tests.fakes.dynamodb import temporary_tables
from tests.fakes.samples import ANN, RAIN, RAIN_BOOK
from tests.fakes.world import World

FEW, MANY = 10, 99
FILTERS: list[dict[str, Any]] = [{"tag": "weather"}, {"creator": "ann"}, {"status": MarketStatus.ACTIVE}]


class CountingClient:
    """A client of DynamoDB that counts its calls."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.calls = 0

    def __getattr__(self, operation: str) -> Any:
        self.calls += 1
        return getattr(self._client, operation)


class CountingDatabase(Database):
    """A database that counts its reads, each of one state, and their statements."""

    reads = statements = 0

    async def read[R](self, work: Callable[[Any], R]) -> R:
        def counted(connection: Any) -> R:
            connection.set_trace_callback(self._count)
            return work(connection)

        self.reads += 1
        return await super().read(counted)

    def _count(self, statement: str) -> None:
        self.statements += statement.lstrip().startswith("SELECT")


@dataclass
class Counted:
    """An adapter that counts.

    Args:
        world: every use case over it.
        persistence: its ports.
        count: how many questions the store was asked so far.
        rounds: in how many goes; on SQLite many questions by key are one.
        names: numbers of what was stored.
    """

    world: World
    persistence: Persistence
    count: Callable[[], int]
    rounds: Callable[[], int]
    stored: int = field(default=0)

    async def grow(self, to: int) -> None:
        """Let there be so many markets in which bob holds shares, and so many holders in one more."""
        records: list[object] = []
        for number in range(self.stored, to):
            slug, account = f"market-{number:03}", replace(ANN, id=f"trader-{number:03}")
            records += [replace(RAIN, slug=slug), replace(RAIN_BOOK, slug=slug, version=0, quantities=(2, 2)), account]
            held = [("bob", slug), (account.id, "rain")]
            records += [Position(name, market, (1, 0), (ZERO, ZERO), 1) for name, market in held]
        self.stored = to
        for some in batched(records, 75, strict=False):
            assert await self.persistence.unit_of_work.commit([Insert(record) for record in some]) == Committed()


@pytest.fixture(params=["sqlite", "dynamodb"])
def counted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Counted]:
    """Each adapter, counting."""
    if request.param == "sqlite":
        with CountingDatabase.open(tmp_path / "hunch.db") as database:
            persistence: Persistence = sqlite_persistence(database)
            yield Counted(World(persistence), persistence, lambda: database.statements, lambda: database.reads)
    else:
        client: Any = CountingClient(request.getfixturevalue("client"))
        with temporary_tables(request.getfixturevalue("client")) as tables:
            persistence = dynamodb_persistence(client, tables, FakeClock(), SeededRandom())
            yield Counted(World(persistence), persistence, lambda: client.calls, lambda: client.calls)


async def test_a_page_is_read_at_once(counted: Counted) -> None:
    """Ten items or a hundred: the same few questions, but for holders, who are in sixteen places."""
    world, unit_of_work = counted.world, counted.persistence.unit_of_work
    await unit_of_work.commit([Insert(replace(ANN, id="bob")), Insert(RAIN), Insert(RAIN_BOOK)])

    async def markets(**filters: Any) -> int:
        return len((await world.list_markets.execute(ListMarketsRequest(100, **filters))).page.items)

    async def portfolio() -> int:
        return len((await world.portfolio("bob")).lines)

    async def holders() -> int:
        return len((await world.list_holders.execute(ListHoldersRequest("rain", 100))).page.items)

    pages: list[Callable[[], Awaitable[int]]] = [markets, *(partial(markets, **some) for some in FILTERS), portfolio]
    for size in (FEW, MANY):
        await counted.grow(size)
        for page in pages:
            before = counted.count()
            assert await page() in {size, size + 1}
            assert counted.count() - before <= 4
        before = counted.rounds()
        assert await holders() == size
        assert counted.rounds() - before <= 2 + 2 * HOLDER_SHARDS
