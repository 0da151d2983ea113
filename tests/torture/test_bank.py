"""The bank test: processes that share nothing but the store trade, and every credit is accounted for at the end."""

import asyncio
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from domain.application.trading.place_order import PlaceOrderRequest
from domain.model.kernel.errors import ContentionError, DomainError
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.book import Book
from domain.model.trading.order import Order, OrderTerms
from domain.model.trading.position import Position
from domain.model.trading.trade import Side
from functions.adapter.out.dynamodb.tables import Tables
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.system.clock import SystemRandom
from functions.config.dynamodb import dynamodb_persistence
from functions.config.sqlite import sqlite_persistence
from tests.contract.conftest import SqliteLedger
from tests.fakes.clock import FakeClock, SeededRandom
from tests.fakes.dynamodb import DynamoLedger, connect, temporary_tables
from tests.fakes.statement import Statement, assert_balanced
from tests.fakes.world import GRANT, World, admin, caller

PROCESSES, TASKS, ORDERS = 4, 4, 12
ACCOUNTS = tuple(f"trader-{number}" for number in range(6))
MARKETS = ("rain", "snow")


class Place(NamedTuple):
    """Where a store is, as one process tells another: a file, or an endpoint and its tables."""

    database: Path | None
    endpoint: str = ""
    tables: Tables = Tables("", "")


@pytest.mark.parametrize("store", ["sqlite", "dynamodb"])
async def test_processes_share_nothing_but_the_store(
    store: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Several processes trade with the same accounts in the same markets: nothing is made, lost, oversold or missed."""
    endpoint = request.getfixturevalue("ministack") if store == "dynamodb" else ""
    with _place(endpoint, tmp_path) as place:
        with _world(place) as world:
            for account in ("ann", "admin", *ACCOUNTS):
                await world.open(account)
            for slug in MARKETS:
                await world.publish(slug, "ann")
        with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
            orders = [order for some in pool.map(_trade, [place] * PROCESSES, range(PROCESSES)) for order in some]
        with _world(place, 1 + PROCESSES) as world:
            await _check(world, place, orders)
            for slug in MARKETS:
                await world.resolve(slug, admin(), {"YES": 300_000, "NO": 700_000})
                assert (await world.settle(slug)).done
            statement = await _statement(world, place)
            assert_balanced(statement, GRANT.amount * (2 + len(ACCOUNTS)))
            assert {book.pool.amount for book in statement.books} == {0}


async def _check(world: World, place: Place, orders: list[Order]) -> None:
    """Every acknowledged order is a trade of the ledger and the other way round; shares are where the books say."""
    statement = await _statement(world, place)
    assert_balanced(statement, GRANT.amount * (2 + len(ACCOUNTS)))
    told = {order.id: order.trades[0] for order in orders}
    assert len(told) == len(orders) > PROCESSES * TASKS
    assert {entry.trade.id: entry.trade for entry in statement.entries if entry.trade} == told
    for book in statement.books:
        keys = [key_for(Position, account, book.slug) for account in ACCOUNTS]
        found = await world.ports.records.read(*keys)
        positions = [position for key in keys if (position := found.get(key))]
        assert len(positions) == book.holders
        assert book.quantities == tuple(sum(held) for held in zip(*(p.quantities for p in positions), strict=True))


async def _statement(world: World, place: Place) -> Statement:
    accounts = [await world.found(key_for(Account, account)) for account in ("ann", "admin", *ACCOUNTS)]
    books = [await world.found(key_for(Book, slug)) for slug in MARKETS]
    return Statement(tuple(accounts), tuple(books), (), tuple(await _entries(place)))


async def _entries(place: Place) -> list[JournalEntry]:
    if place.database:
        with Database.open(place.database) as database:
            return await SqliteLedger(database).entries()
    return await DynamoLedger(connect(place.endpoint), place.tables.ledger).entries()


@contextmanager
def _place(endpoint: str, folder: Path) -> Iterator[Place]:
    if not endpoint:
        yield Place(folder / "hunch.db")
        return
    with temporary_tables(connect(endpoint)) as tables:
        yield Place(None, endpoint, tables)


@contextmanager
def _world(place: Place, number: int = 0) -> Iterator[World]:
    keys = (number * 1_000_000 + key for key in count())
    if place.database:
        with Database.open(place.database) as database:
            yield World(sqlite_persistence(database), random=SystemRandom(), keys=keys)
    else:
        client = connect(place.endpoint)
        ports = dynamodb_persistence(client, place.tables, FakeClock(), SeededRandom(), threads=True)
        yield World(ports, random=SystemRandom(), keys=keys)


def _trade(place: Place, number: int) -> list[Order]:
    """What one process does: several tasks trade at once."""

    async def trade() -> list[Order]:
        with _world(place, 1 + number) as world:
            each = await asyncio.gather(*(_orders(world, Random(f"{number}/{task}")) for task in range(TASKS)))
        return [order for orders in each for order in orders]

    return asyncio.run(trade())


async def _orders(world: World, random: Random) -> list[Order]:
    placed: list[Order] = []
    for _ in range(ORDERS):
        side = random.choice((Side.BUY, Side.BUY, Side.SELL))
        terms = OrderTerms(random.choice(("YES", "NO")), side, quantity=random.randint(1, 30 * MICROS))
        request = PlaceOrderRequest(caller(random.choice(ACCOUNTS)), random.choice(MARKETS), terms, world.fresh())
        if order := await _insist(world, request):
            placed.append(order)
    return placed


async def _insist(world: World, request: PlaceOrderRequest) -> Order | None:
    """Place it, however often that takes; None when it is refused."""
    for _ in range(500):
        try:
            return (await world.place_order.execute(request)).order
        except ContentionError:
            continue
        except DomainError:
            return None
    raise AssertionError("five hundred tries were not enough")
