"""Many processes trade on one book of a real endpoint at once."""

import asyncio
from collections.abc import Iterator
from random import Random

import pytest

from domain.application.ledger.open_account import OpenAccountRequest
from domain.application.trading.create_market import CreateMarketRequest
from domain.application.trading.place_order import PlaceOrderRequest
from domain.application.trading.publish_market import PublishMarketRequest
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import ContentionError
from domain.model.kernel.money import MICROS
from domain.model.trading.market import MarketDefinition
from domain.model.trading.order import Order, OrderTerms
from domain.model.trading.trade import Side
from functions.adapter.out.dynamodb.tables import Client, Tables
from functions.adapter.out.system.clock import SystemClock
from functions.config.dynamodb import dynamodb_persistence
from functions.config.ports import Ports
from functions.config.settings import Settings
from functions.config.use_cases import UseCases
from tests.contract.conftest import Adapter
from tests.fakes.dynamodb import DynamoLedger, every_item, temporary_tables
from tests.fakes.statement import assert_balanced

PROCESSES, ORDERS = 16, 3
TRADERS = [Caller(f"trader-{number:02}") for number in range(PROCESSES)]


@pytest.fixture
def tables(client: Client) -> Iterator[Tables]:
    """Empty tables."""
    with temporary_tables(client) as tables:
        yield tables


async def test_every_order_is_filled_or_may_be_repeated(client: Client, tables: Tables) -> None:
    """Sixteen at once: each order is one trade, money is conserved, and nothing is left in the mailbox."""
    processes = [_process(client, tables, seed) for seed in range(PROCESSES)]
    for trader in TRADERS:
        await processes[0].open_account.execute(OpenAccountRequest(trader, Idempotency("open", "")))
    definition = MarketDefinition("Will it rain?", liquidity=100 * MICROS)
    await processes[0].create_market.execute(CreateMarketRequest(TRADERS[0], "rain", definition, Idempotency("d", "")))
    await processes[0].publish_market.execute(PublishMarketRequest(TRADERS[0], "rain", Idempotency("p", "")))
    orders = await asyncio.gather(
        *(_trade(process, trader) for process, trader in zip(processes, TRADERS, strict=True))
    )
    filled = [order for some in orders for order in some]
    versions = sorted(order.trades[0].version for order in filled)
    assert versions == list(range(1, PROCESSES * ORDERS + 1))
    persistence = dynamodb_persistence(client, tables, SystemClock(), Random(0))
    adapter = Adapter(persistence, DynamoLedger(client, tables.ledger))
    statement = await adapter.statement([trader.account for trader in TRADERS], ["rain"])
    assert_balanced(statement)
    assert not [item for item in every_item(client, tables.core) if item["PK"]["S"].startswith("Q#")]
    trades = [entry for entry in await adapter.ledger.entries() if entry.trade]
    assert len(trades) == len(filled)


def _process(client: Client, tables: Tables, seed: int) -> UseCases:
    """A process of its own, but for the client."""
    random, clock = Random(seed), SystemClock()
    persistence = dynamodb_persistence(client, tables, clock, random, threads=True)
    return UseCases(Ports(persistence, clock, random, Settings()))


async def _trade(process: UseCases, trader: Caller) -> list[Order]:
    """Place orders one after the other, each until it is filled."""
    terms, done = OrderTerms("YES", Side.BUY, quantity=MICROS), list[Order]()
    for number in range(ORDERS):
        request = PlaceOrderRequest(trader, "rain", terms, Idempotency(f"order-{number}", ""))
        for _ in range(5):
            try:
                done.append((await process.place_order.execute(request)).order)
            except ContentionError:
                continue
            break
    return done
