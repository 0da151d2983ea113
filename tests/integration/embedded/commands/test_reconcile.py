"""``hunch reconcile`` over a file and over two tables: torn copies in, right ones out."""

import asyncio
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import batched
from pathlib import Path
from typing import Any

import pytest

from domain.model.kernel.record import type_of
from domain.port.out.store import Insert
from functions.adapter.out.dynamodb.gateway import DynamoGateway
from functions.adapter.out.dynamodb.items import place_of_record, to_item
from functions.adapter.out.dynamodb.layout import layout_of
from functions.adapter.out.dynamodb.layout.item import Item, row_item
from functions.adapter.out.dynamodb.reconciliation import KINDS, _head, read_tables
from functions.adapter.out.dynamodb.tables import Client, Tables
from functions.adapter.out.sqlite import rows
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.layout import TABLES
from functions.adapter.out.sqlite.reconciliation import SqliteStoredRecords, open_snapshot
from tests.fakes.clock import FakeClock, HighestRandom
from tests.fakes.dynamodb import ENVIRONMENT, connect, every_item, mocked_aws, temporary_tables
from tests.fakes.memory import MemoryStore
from tests.fakes.samples import RECORDS
from tests.fakes.torn import TEARS, Story, tell_story
from tests.integration.embedded.commands.conftest import Hunch
from tests.unit.application.test_reconciliation import require_alive, require_right

RIGHT = "Everything stored follows from the ledger.\n"


@pytest.fixture(scope="module")
def story() -> Story:
    """What happened."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        return runner.run(tell_story())


def _write_file(path: Path, store: MemoryStore) -> None:
    """A file with these records, whatever they refer to."""
    with Database.open(path):
        pass
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        for record in store.records.values():
            assert rows.apply_change(connection, Insert(record))
        connection.execute("COMMIT")


def _read_file(path: Path) -> MemoryStore:
    store = MemoryStore()
    with open_snapshot(path) as connection:
        for kind in TABLES:
            for record in SqliteStoredRecords(connection).every(kind):
                store.put(record)
    return store


@pytest.mark.parametrize("tear", TEARS)
async def test_a_torn_file(hunch: Hunch, story: Story, tear: str) -> None:
    """It is looked at first and stays as it is; then it is mended, once and for good, and its markets verify."""
    path = Path("hunch.db")
    torn = TEARS[tear](story)
    await asyncio.to_thread(_write_file, path, torn)
    looked = await asyncio.to_thread(hunch, "reconcile")
    assert (looked.exit_code, looked.stderr) == (1, "")
    assert looked.stdout.splitlines()[-1].endswith("Nothing was changed: look at them, and run it again with --apply.")
    assert _read_file(path).records == torn.records
    mended = await asyncio.to_thread(hunch, "reconcile", "--apply")
    assert (mended.exit_code, mended.stderr) == (0, "")
    assert mended.stdout.splitlines()[:-1] == looked.stdout.splitlines()[:-1]
    assert (await asyncio.to_thread(hunch, "reconcile", "--apply")).stdout == RIGHT
    for slug in ("rain", "snow"):
        verified = await asyncio.to_thread(hunch, "verify", slug)
        assert verified.exit_code == 0 or "no market" in verified.stderr, verified.stderr
    await require_right(_read_file(path))
    with Database.open(path) as database, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        await database.write(lambda connection: connection.execute("DELETE FROM journal"))
    await require_alive(_read_file(path))


def test_a_file_that_a_server_has_open(hunch: Hunch, story: Story) -> None:
    """It may be looked at, and is not changed."""
    path = Path("hunch.db")
    _write_file(path, TEARS["book ahead of ledger"](story))
    with Database.open(path):
        assert hunch("reconcile").exit_code == 1
        refused = hunch("reconcile", "--apply")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == f"Error: Nothing was changed: another process has {path} open. Stop the server first.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--core-table", "core"), "Give both --core-table and --ledger-table."),
        (("--core-table", "core", "--ledger-table", "ledger", "--database", "x.db"), "not both."),
        ((), "There is no database hunch.db."),
    ],
)
def test_mistakes(hunch: Hunch, arguments: tuple[str, ...], said: str) -> None:
    """One line says what is missing."""
    ended = hunch("reconcile", *arguments)
    assert ended.exit_code in {1, 2}
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.fixture(scope="module")
def client() -> Client:
    """The client that the command makes, made once."""
    return connect()


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch, client: Client) -> Iterator[Tables]:
    """Two tables on a DynamoDB in this process."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with mocked_aws(), temporary_tables(client) as made:
        monkeypatch.setattr("functions.adapter.out.dynamodb.gateway.create_client", lambda: client)
        yield made


def _write_tables(client: Client, tables: Tables, store: MemoryStore) -> None:
    puts: list[tuple[str, Item]] = []
    for record in store.records.values():
        puts.append((_table(tables, record), to_item(record)))
        puts += [(tables.core, row_item(row)) for row in layout_of(type(record)).rows(record)]
    for some in batched(puts, 25, strict=False):
        requests: dict[str, list[Any]] = {}
        for table, item in some:
            requests.setdefault(table, []).append({"PutRequest": {"Item": item}})
        client.batch_write_item(RequestItems=requests)


def _table(tables: Tables, record: object) -> str:
    return tables.ledger if type_of(type(record)).in_ledger else tables.core


async def _read_tables(client: Client, tables: Tables) -> MemoryStore:
    found, rows = await read_tables(DynamoGateway(client, tables, FakeClock(), HighestRandom()))
    assert rows == []
    store = MemoryStore()
    for kind in KINDS.values():
        for record in found.every(kind):
            store.put(record)
    return store


def _options(tables: Tables) -> tuple[str, ...]:
    return "--core-table", tables.core, "--ledger-table", tables.ledger


@pytest.mark.parametrize("tear", ["a gap in the versions"])
async def test_torn_tables(hunch: Hunch, story: Story, client: Client, tables: Tables, tear: str) -> None:
    """The same on AWS."""
    torn = TEARS[tear](story)
    _write_tables(client, tables, torn)
    items = [every_item(client, table) for table in tables]
    looked = await asyncio.to_thread(hunch, "reconcile", *_options(tables))
    assert (looked.exit_code, looked.stderr) == (1, "")
    assert [every_item(client, table) for table in tables] == items
    mended = await asyncio.to_thread(hunch, "reconcile", *_options(tables), "--apply")
    assert (mended.exit_code, mended.stderr) == (0, "")
    await require_right(await _read_tables(client, tables))


def test_rows_that_do_not_follow(hunch: Hunch, story: Story, client: Client, tables: Tables) -> None:
    """A list without a market, and a board with a place that nobody has, are made again of their records."""
    _write_tables(client, tables, story.present)
    right = every_item(client, tables.core)
    board = [item for item in right if item["PK"]["S"].startswith("Y#")]
    assert board
    client.delete_item(TableName=tables.core, Key={name: board[0][name] for name in ("PK", "SK")})
    client.put_item(TableName=tables.core, Item={**board[1], "SK": {"S": f"{'9' * 20}#nobody"}})
    looked = hunch("reconcile", *_options(tables))
    assert looked.stdout.splitlines() == [
        *sorted(
            [
                f"table {tables.core}: the row {board[0]['PK']['S']} / {board[0]['SK']['S']} is missing",
                f"table {tables.core}: the row {board[1]['PK']['S']} / {'9' * 20}#nobody follows from no record",
            ]
        ),
        "2 differences. Nothing was changed: look at them, and run it again with --apply.",
    ]
    assert hunch("reconcile", *_options(tables), "--apply").exit_code == 0
    assert every_item(client, tables.core) == right


def test_tables_that_are_written(
    hunch: Hunch, story: Story, client: Client, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the ledger grows while it is read, nothing is found and nothing is changed."""
    store = story.present
    late = next(key for key in store.records if type_of(key.kind).in_ledger)
    record = store.records.pop(late)
    _write_tables(client, tables, store)
    scan_items = DynamoGateway.scan_items

    async def scan(
        self: DynamoGateway, table: str, after: Mapping[str, Any] | None, *, only_keys: bool = False
    ) -> tuple[list[Item], Item | None]:
        if table == tables.core:
            client.put_item(TableName=tables.ledger, Item=to_item(record))
        return await scan_items(self, table, after, only_keys=only_keys)

    monkeypatch.setattr(DynamoGateway, "scan_items", scan)
    refused = hunch("reconcile", *_options(tables), "--apply")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == f"Error: {tables.ledger} is being written: stop the service first.\n"


def test_tables_that_are_not_there(hunch: Hunch, tables: Tables) -> None:
    """AWS's own words, on one line."""
    refused = hunch("reconcile", "--core-table", "nobody", "--ledger-table", tables.ledger)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Error: AWS refuses: ")


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_items_are_known_by_their_keys(record: object) -> None:
    """Each record that is looked at is told from all others by how its key begins."""
    place = place_of_record(record)
    found = KINDS.get((_head(place.partition), _head(place.sort)))
    assert found is (type(record) if type(record) in KINDS.values() else None)
