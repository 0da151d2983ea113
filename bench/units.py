"""Whether a use case costs more units of DynamoDB the older its market is: ten thousand trades beside a hundred.

Run as ``python -m bench.units``; it takes some minutes. The trades are made in memory, and what they leave behind
is then copied into moto's DynamoDB, which is in this process: two tables for each market. Every act is done once on
each, and its calls are metered as in docs/costs.md, where the units are explained. The ratio is the old market's units
at their on-demand prices divided by the young one's: 1 is a cost that does not grow.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping
from itertools import batched
from typing import Any

from bench.figures import Figure, Subject, compared, progress, say
from bench.market import PAGE, Act, acts, make_trades
from domain.model.kernel.command import Command
from domain.model.kernel.record import type_of
from functions.adapter.out.dynamodb.items import to_item
from functions.adapter.out.dynamodb.tables import Client, Tables
from functions.adapter.out.system.clock import SystemRandom
from functions.config.dynamodb import dynamodb_persistence
from tests.fakes.clock import FakeClock
from tests.fakes.dynamodb import connect, mocked_aws, temporary_tables
from tests.fakes.memory import MemoryPersistence, MemoryStore
from tests.integration.dynamodb.metering import Cost, MeteredClient

YOUNG, OLD = 100, 10_100
"""Both numbers leave every trader with shares of both outcomes, so that nothing but the age differs."""
BATCH = 25
"""The most items that are put at once."""
WRITE_PRICE, READ_PRICE = 0.625, 0.125
"""Dollars for a million units on demand, in us-east-1 in November 2026."""


async def _meter(client: Client, trades: int) -> Mapping[str, Cost]:
    """What each act costs on a market of that many trades."""
    with temporary_tables(client) as tables:
        clock, begin = FakeClock(), time.perf_counter()
        await _fill(client, tables, clock, trades)
        progress(f"  {trades} trades in {time.perf_counter() - begin:.0f} s")
        metered: Any = MeteredClient(client, tables)
        measured = acts(dynamodb_persistence(metered, tables, clock, SystemRandom()), clock, trades)
        for _ in range(PAGE):  # so that the first page of the trader's own lists is full on both
            await measured["place_order"].do()
        return {name: await _cost(metered, act) for name, act in measured.items()}


async def _fill(client: Client, tables: Tables, clock: FakeClock, trades: int) -> None:
    """Fill empty tables with what the trades leave behind; without transactions, since moto copies a table for each.

    Commands are left out: nobody asks for these again.
    """
    store = MemoryStore()
    memory: Any = MemoryPersistence.over(store)
    await make_trades(memory, clock, trades)
    kept = (record for record in store.records.values() if not isinstance(record, Command))
    for records in batched(kept, BATCH, strict=False):
        requests: dict[str, list[Any]] = {}
        for record in records:
            table = tables.ledger if type_of(type(record)).in_ledger else tables.core
            requests.setdefault(table, []).append({"PutRequest": {"Item": to_item(record)}})
        client.batch_write_item(RequestItems=requests)


async def _cost(client: MeteredClient, act: Act) -> Cost:
    if act.before:
        await act.before()
    client.cost = Cost()
    await act.do()
    return client.cost


def figures(old: int) -> Iterator[Figure]:
    """The price of each call on an old market beside that on a young one."""
    metric = f"a million calls after {old} trades"
    for name, (young, aged) in _measure(old).items():
        yield compared(Subject("units", name, metric, "$"), [_price(aged)], f"{YOUNG} trades", [_price(young)])


def _measure(old: int) -> dict[str, tuple[Cost, Cost]]:
    """What each act costs on a young market, and on one of so many trades."""
    with mocked_aws():
        client = connect()
        young, aged = (asyncio.run(_meter(client, trades)) for trades in (YOUNG, old))
    return {name: (before, aged[name]) for name, before in young.items()}


def _columns(cost: Cost) -> str:
    return f"{cost.reads + cost.writes:4} {cost.read_units:7g} {cost.write_units + cost.index_units:7}"


def _price(cost: Cost) -> float:
    return READ_PRICE * cost.read_units + WRITE_PRICE * (cost.write_units + cost.index_units)


def main() -> None:
    """Make both markets and compare."""
    costs = _measure(OLD)
    say(f"{'calls, read units, write units':34} {f'{YOUNG} trades':>20} {f'{OLD} trades':>20}   ratio")
    for name, (young, old) in costs.items():
        say(f"{name:34} {_columns(young):>20} {_columns(old):>20}   {_price(old) / _price(young):5.2f}")


if __name__ == "__main__":
    main()
