"""What each use case costs on DynamoDB: the table in docs/costs.md is what is measured here.

Write it anew with `WRITE_COSTS=1 pytest tests/integration/dynamodb/test_costs.py`.
"""

import asyncio
import os
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.application.history.list_prices import ListPricesRequest
from domain.application.history.project_price_history import ProjectPriceHistoryRequest
from domain.application.ledger.get_audit import GetAuditRequest
from domain.application.trading.list_markets import ListMarketsRequest
from domain.application.trading.publish_market import PublishMarketRequest
from domain.application.trading.quote import QuoteRequest
from domain.application.webhooks.ring_untold import RingUntoldRequest
from domain.application.webhooks.ring_webhooks import RingWebhooksRequest
from domain.model.history.candle import Interval
from domain.model.kernel.money import MICROS
from domain.model.trading.order import OrderTerms
from domain.model.trading.trade import Side
from functions.adapter.out.dynamodb.tables import Client
from functions.config.dynamodb import dynamodb_persistence
from tests.fakes.clock import FakeClock, LowestRandom
from tests.fakes.dynamodb import temporary_tables
from tests.fakes.world import DEFINITION, World, admin, caller
from tests.integration.dynamodb.conftest import Bench
from tests.integration.dynamodb.metering import Cost, MeteredClient, item_size

TABLE = Path(__file__).parents[3] / "docs" / "costs.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
HEADER = """\
| use case | calls that read | calls that write | read units | write units | of indexes | write units in all |
|---|---|---|---|---|---|---|
"""
CREATOR, TRADER = "0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9", "f9e8d7c6-b5a4-4392-8176-504f3e2d1c0b"
SLUG = "will-it-rain-in-oslo-on-friday"
TAGGED = replace(DEFINITION, description="Rain is more than a millimetre in a day. " * 10, tags=("weather", "oslo"))


class Scene:
    """One market and its people, and what each act costs."""

    def __init__(self, client: MeteredClient, world: World) -> None:
        self._client = client
        self._world = world
        self._costs: dict[str, Cost] = {}

    async def play(self) -> Mapping[str, Cost]:
        """Do every use case once, the market being about rain."""
        world = self._world
        await self._measure("open_account", world.open("ann"))
        await world.open("bob")
        await self._measure("create_market, two tags", world.draft("rain", "ann", TAGGED))
        await self._measure("publish_market", self._publish("rain"))
        await self._measure("get_market", world.see("rain"))
        await self._audit()
        for number in range(20):
            await world.publish(f"market-{number:02}", "ann", replace(TAGGED, liquidity=10 * MICROS))
        await self._measure("list_markets, 20", world.list_markets.execute(ListMarketsRequest(20)))
        await self._measure(
            "list_markets, 20 of a tag", world.list_markets.execute(ListMarketsRequest(20, tag="weather"))
        )
        terms = OrderTerms("YES", Side.BUY, quantity=MICROS)
        await self._measure("quote", world.quote.execute(QuoteRequest("rain", terms)))
        await self._measure("place_order, the first in a market", world.buy("bob", "rain", "YES", 7 * MICROS))
        await self._measure("place_order, a later one", world.buy("bob", "rain", "YES", 3 * MICROS))
        await self._measure("place_order, a sale", world.sell("bob", "rain", "YES", 2 * MICROS))
        for number in range(9):
            await world.buy("bob", f"market-{number:02}", "NO", MICROS)
        await self._measure("get_portfolio, 10 positions", world.portfolio("bob"))
        await self._fold()
        await self._join(range(11, 32))
        await self._measure("resolve_market", world.resolve("rain", caller("ann"), "YES"))
        await self._measure("settle_positions, 33 holders", world.settle("rain"))
        await self._measure("settle_positions, when it is done", world.settle("rain"))
        return self._costs

    async def _audit(self) -> None:
        """Walk over both accounts and the one book: once more after a first walk, and then with new entries."""
        world = self._world
        await world.walk()
        await self._measure("audit_ledger, 2 accounts and a market", world.walk())
        for account in ("ann", "bob"):
            await world.give(account, MICROS, admin("ann"))
        await self._measure("audit_ledger, the same, each account with a new entry", world.walk())
        await self._measure("get_audit", world.get_audit.execute(GetAuditRequest()))

    async def _fold(self) -> None:
        """Fold the first new trade, and the next ten at once, when the ones before them are folded."""
        world, fold = self._world, ProjectPriceHistoryRequest("rain")
        await world.project_price_history.execute(fold)
        await self._join(range(1))
        await self._measure("project_price_history, one new trade", world.project_price_history.execute(fold))
        await self._join(range(1, 11))
        await self._measure("project_price_history, ten new trades", world.project_price_history.execute(fold))
        await self._measure("ring_webhooks, without any", world.ring_webhooks.execute(RingWebhooksRequest("rain")))
        await self._measure("ring_untold, 20 markets without webhooks", world.ring_untold.execute(RingUntoldRequest()))
        prices = ListPricesRequest("rain", Interval.HOUR)
        await self._measure("list_prices, one candle", world.list_prices.execute(prices))

    async def _join(self, numbers: Iterable[int]) -> None:
        """Let traders of these numbers open an account and buy."""
        for trader in (f"trader-{number:02}" for number in numbers):
            await self._world.open(trader)
            await self._world.buy(trader, "rain", "YES", MICROS)

    async def _publish(self, slug: str) -> object:
        request = PublishMarketRequest(caller("ann"), slug, self._world.fresh())
        return await self._world.publish_market.execute(request)

    async def _measure(self, name: str, act: Awaitable[object]) -> None:
        self._client.cost = Cost()
        await act
        self._costs[name] = self._client.cost


@pytest.fixture(scope="module")
def costs(ministack_client: Client) -> Mapping[str, Cost]:
    """What everything costs."""
    with temporary_tables(ministack_client) as tables:
        client = MeteredClient(ministack_client, tables)
        clock = FakeClock()
        metered: Any = client
        world = World(dynamodb_persistence(metered, tables, clock, LowestRandom()), clock, LowestRandom())
        return asyncio.run(Scene(client, world).play())


def test_the_table_is_what_is_measured(costs: Mapping[str, Cost]) -> None:
    """The committed table is what this release costs."""
    measured = HEADER + "".join(map(_row, costs, costs.values()))
    text = TABLE.read_text()
    head, rest = text.split(BEGIN)
    committed, tail = rest.split(END)
    if "WRITE_COSTS" in os.environ:
        TABLE.write_text(head + BEGIN + measured + END + tail)
        committed = measured
    assert committed == measured


def _row(name: str, cost: Cost) -> str:
    in_all = cost.write_units + cost.index_units
    cells = (name, cost.reads, cost.writes, f"{cost.read_units:g}", cost.write_units, cost.index_units, in_all)
    return f"| {' | '.join(map(str, cells))} |\n"


@pytest.mark.parametrize("order", ["place_order, a later one", "place_order, a sale"])
def test_an_order_costs_at_most_twelve_units(costs: Mapping[str, Cost], order: str) -> None:
    """In the steady state an order is one call that reads and one that writes, for twelve write units at the most."""
    cost = costs[order]
    assert (cost.reads, cost.writes) == (1, 1)
    assert cost.write_units + cost.index_units <= 12


def test_what_only_reads_writes_nothing(costs: Mapping[str, Cost]) -> None:
    """Looking costs no write."""
    lists = ("list_markets, 20", "get_portfolio, 10 positions", "list_prices, one candle")
    for name in ("get_market", "quote", "get_audit", *lists):
        assert (costs[name].writes, costs[name].write_units) == (0, 0)


@pytest.mark.parametrize("side", Side)
async def test_an_order_is_one_read_and_one_transaction(bench: Bench, side: Side) -> None:
    """Whether it buys or sells, first or later, an order reads once and writes once, five items of at most 1 KB.

    The names are as long as those of Cognito's accounts, and a slug of six words.
    """
    world = bench.world
    for account in (CREATOR, TRADER):
        await world.open(account)
    await world.publish(SLUG, CREATOR)
    for terms in (
        OrderTerms("YES", Side.BUY, quantity=987_654_321),
        OrderTerms("NO", side, quantity=123_456_789) if side is Side.BUY else OrderTerms("YES", side, quantity=1),
    ):
        bench.client.calls.clear()
        await world.order(TRADER, SLUG, terms)
        read, write = bench.client.calls
        assert (read.operation, write.operation) == ("batch_get_item", "transact_write_items")
        assert len(read.parameters["RequestItems"][bench.tables.core]["Keys"]) == 5
        assert read.parameters["RequestItems"][bench.tables.core]["ConsistentRead"]
        items = [item["Put"]["Item"] for item in write.parameters["TransactItems"]]
        assert len(items) == 5
        assert max(item_size(item) for item in items) <= 1024


FIRST_RELEASE_SETTLEMENT = 236
"""Write units of settling the same 33 holders in the first release, which left no results."""


def test_a_result_costs_a_position_little(costs: Mapping[str, Cost]) -> None:
    """What track records add to a settlement: at most four write units for each position."""
    assert costs["settle_positions, 33 holders"].write_units - FIRST_RELEASE_SETTLEMENT <= 4 * 33
