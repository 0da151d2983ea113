"""The adapters that must pass this suite. Another one needs a branch in `adapter` and nothing else."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from typing import Protocol, cast

import pytest

from domain.event.market_events import MarketChanged
from domain.model.kernel.record import Key, key_for
from domain.model.ledger.account import Account
from domain.model.ledger.journal import JournalEntry
from domain.model.settlement.settlement import Tally
from domain.model.trading.book import Book
from domain.model.trading.position import HOLDER_SHARDS
from domain.port.out.store import Change
from domain.port.out.unit_of_work import CommitOutcome
from functions.adapter.out.dynamodb.items import decode as decode_item
from functions.adapter.out.dynamodb.tables import Client
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.layout.table import decode
from functions.config.dynamodb import dynamodb_persistence
from functions.config.ports import Persistence
from functions.config.sqlite import sqlite_persistence
from tests.fakes.clock import FakeClock, SeededRandom
from tests.fakes.dynamodb import DynamoLedger, connect, temporary_tables
from tests.fakes.memory import MemoryPersistence, MemoryStore
from tests.fakes.statement import Statement
from tests.simulation.expressions import Item
from tests.simulation.store import TABLES, Store


class Ledger(Protocol):
    """What no port reads yet: the append-only records, as they are stored."""

    async def entries(self) -> list[JournalEntry]: ...
    async def events(self) -> list[MarketChanged]: ...


@dataclass(frozen=True)
class MemoryLedger:
    """The append-only records of a store in memory."""

    store: MemoryStore

    async def entries(self) -> list[JournalEntry]:
        return self.store.every(JournalEntry)

    async def events(self) -> list[MarketChanged]:
        return self.store.every(MarketChanged)


@dataclass(frozen=True)
class SqliteLedger:
    """The append-only records of a SQLite file."""

    database: Database

    async def entries(self) -> list[JournalEntry]:
        return await self._every(JournalEntry, "SELECT document FROM journal ORDER BY account, seq")

    async def events(self) -> list[MarketChanged]:
        return await self._every(MarketChanged, "SELECT document FROM lifecycle ORDER BY market, revision")

    async def _every[R](self, kind: type[R], query: str) -> list[R]:
        found = await self.database.read(lambda connection: connection.execute(query).fetchall())
        return [decode(kind, document) for (document,) in found]


@dataclass(frozen=True)
class StoreLedger:
    """The append-only records of a simulated DynamoDB."""

    store: Store

    async def entries(self) -> list[JournalEntry]:
        return [decode_item(JournalEntry, item) for item in self._every("E#")]

    async def events(self) -> list[MarketChanged]:
        return [decode_item(MarketChanged, item) for item in self._every("V#")]

    def _every(self, prefix: str) -> Iterator[Item]:
        places = sorted(self.store.items)
        return (
            self.store.items[place] for place in places if place[0] == TABLES.ledger and place[2].startswith(prefix)
        )


@dataclass(frozen=True)
class Adapter:
    """One adapter, empty at the start of each test."""

    ports: Persistence
    ledger: Ledger

    async def commit(self, *writes: Change) -> CommitOutcome:
        """Do these writes in one transaction."""
        return await self.ports.unit_of_work.commit(writes)

    async def find[R](self, key: Key[R]) -> R | None:
        """What is stored under a key."""
        return (await self.ports.records.read(key)).get(key)

    async def statement(self, accounts: Iterable[str], slugs: Sequence[str]) -> Statement:
        """All money of these accounts and markets."""
        account_keys = [key_for(Account, account) for account in accounts]
        book_keys = [key_for(Book, slug) for slug in slugs]
        tally_keys = [key_for(Tally, slug, shard) for slug in slugs for shard in range(HOLDER_SHARDS)]
        return Statement(
            tuple(await self._read(account_keys)),
            tuple(await self._read(book_keys)),
            tuple(await self._read(tally_keys)),
            tuple(await self.ledger.entries()),
        )

    async def _read[R](self, keys: Sequence[Key[R]]) -> list[R]:
        found = []
        for some in batched(keys, 100, strict=False):
            snapshot = await self.ports.records.read(*some)
            found += [record for key in some if (record := snapshot.get(key)) is not None]
        return found


def pytest_configure(config: pytest.Config) -> None:
    """Name the mark of the tests that are about doing many things at once."""
    config.addinivalue_line("markers", "ministack: several tasks use the store at once, each in a thread")
    config.addinivalue_line("markers", "emulated(cases): how many the emulator does; the simulated store does all")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Spare the emulator many cases of the same: over the simulated store, as strict, the adapter is tried in all."""
    seen: Counter[str] = Counter()
    left_out = set()
    for item in items:
        mark = item.get_closest_marker("emulated")
        if mark is not None and "dynamodb" in item.name:
            test = item.nodeid.partition("[")[0]
            seen[test] += 1
            if seen[test] > mark.args[0]:
                left_out.add(item)
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def client(ministack: str) -> Client:
    """The client of a DynamoDB in a process of its own, which is exact under threads."""
    return connect(ministack)


@pytest.fixture(params=["memory", "sqlite", "dynamodb", "simulated"])
async def adapter(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Adapter]:
    """Each adapter in turn.

    The simulation's own DynamoDB stands the same suite, so that what is proved over it is proved of DynamoDB.
    """
    if request.param == "memory":
        store = MemoryStore()
        yield Adapter(MemoryPersistence.over(store), MemoryLedger(store))
    elif request.param == "sqlite":
        database = Database.open(tmp_path / "hunch.db")
        yield Adapter(sqlite_persistence(database), SqliteLedger(database))
        database.close()
    elif request.param == "simulated":
        simulated = Store()
        persistence = dynamodb_persistence(cast("Client", simulated), TABLES, FakeClock(), SeededRandom())
        yield Adapter(persistence, StoreLedger(simulated))
    else:
        threads = request.node.get_closest_marker("ministack") is not None
        with _over_dynamodb(request.getfixturevalue("client"), threads=threads) as adapter:
            yield adapter


@contextmanager
def _over_dynamodb(client: Client, *, threads: bool) -> Iterator[Adapter]:
    with temporary_tables(client) as tables:
        persistence = dynamodb_persistence(client, tables, FakeClock(), SeededRandom(), threads=threads)
        yield Adapter(persistence, DynamoLedger(client, tables.ledger))
