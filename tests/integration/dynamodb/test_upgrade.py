"""Tables that the first release filled are read by this one, which keeps what was promised, and goes on in them.

``data/first-release.json`` has every item of the tables in which the first release (e613b34) lived: five accounts, four
markets, one of them traded, one paid out, one decided and waiting to be paid, one a draft; keys ``key-1`` to
``key-22`` for what was asked with ``request-1`` to ``request-22``.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from domain.application.instance.reconciliation.reconcile import find_repairs
from domain.application.ledger.list_journal import ListJournalRequest
from domain.application.trading.list_trades import ListTradesRequest
from domain.model.kernel.command import Idempotency, command_id
from domain.model.kernel.money import MICROS
from domain.model.trading.market import MarketStatus
from domain.model.trading.order import OrderTerms
from domain.model.trading.replay import shown_market, verify_market
from domain.model.trading.trade import Side
from functions.adapter.out.dynamodb.reconciliation import DynamoStoredRecords, find_row_repairs, record_of
from functions.config.dynamodb import dynamodb_persistence
from tests.fakes.clock import START, FakeClock, HighestRandom
from tests.fakes.world import World, admin, caller
from tests.simulation.store import TABLES, Store

if TYPE_CHECKING:
    from functions.adapter.out.dynamodb.tables import Client

ITEMS: Mapping[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "data" / "first-release.json").read_text()
)
PEOPLE = ("admin", "ann", "bob", "cid", "dan")
COMMANDS = [item for item in ITEMS["core"] if item["SK"]["S"].startswith("K#")]
KEYS = {command_id(account, f"key-{number}"): number for account in PEOPLE for number in range(1, 40)}


@pytest.fixture
def tables() -> Store:
    """Those tables, on the simulated DynamoDB."""
    store = Store()
    for table, items in zip(TABLES, (ITEMS["core"], ITEMS["ledger"]), strict=True):
        for some in batched(items, 100, strict=False):
            store.transact_write_items(TransactItems=[{"Put": {"TableName": table, "Item": item}} for item in some])
    return store


@pytest.fixture
def upgraded(tables: Store) -> World:
    """Every use case of this release over them."""
    clock = FakeClock()
    return World(dynamodb_persistence(cast("Client", tables), TABLES, clock, HighestRandom()), clock)


def _orders() -> list[dict[str, Any]]:
    return [item for item in COMMANDS if item["answer_kind"]["S"] == "Order"]


async def test_everything_is_read(upgraded: World) -> None:
    """Markets, portfolios, journals, trades and orders, whose chains verify, and the books balance."""
    for slug, status in (("rain", "ACTIVE"), ("snow", "RESOLVED"), ("hail", "SETTLING")):
        listing = await upgraded.see(slug)
        assert listing.market.status is MarketStatus(status)
        page = (await upgraded.list_trades.execute(ListTradesRequest(slug, 100, None, None))).page
        verify_market(shown_market(listing), reversed(page.items))
    for account in PEOPLE:
        portfolio = await upgraded.portfolio(account)
        journal = (await upgraded.list_journal.execute(ListJournalRequest(caller(account), 100))).page.items
        assert journal[0].balance_after == portfolio.account.balance
        assert [entry.seq for entry in reversed(journal)] == list(range(1, portfolio.account.seq + 1))
    assert (await upgraded.walk()).wrong == ()
    assert (await upgraded.audit()).difference.amount == 0
    assert [line.quantity for line in (await upgraded.portfolio("bob")).lines] == [6 * MICROS]


async def test_orders_of_then_are_not_placed_again(upgraded: World) -> None:
    """Under its old key each gets its old answer."""
    for item in _orders():
        number, account = KEYS[item["id"]["S"]], item["account"]["S"]
        asked = Idempotency(f"key-{number}", item["fingerprint"]["S"])
        answer = item["answer"]["M"]
        slug = answer["market"]["S"]
        version = (await upgraded.see(slug)).book.version
        order = await upgraded.order(account, slug, OrderTerms("YES", Side.BUY, quantity=1), asked)
        assert (order.id, order.balance.amount) == (item["id"]["S"], int(answer["balance"]["M"]["amount"]["N"]))
        assert await upgraded.find_order(order.id, caller(account)) == order
        assert (await upgraded.see(slug)).book.version == version


async def test_life_goes_on(upgraded: World) -> None:
    """What was begun is finished, and people trade on in the market of then; money is exact throughout."""
    upgraded.clock.advance(timedelta(hours=3))
    upgraded.keys = iter(range(1000, 2000))
    assert (await upgraded.settle("hail")).done
    await upgraded.buy("dan", "rain", "YES", MICROS)
    await upgraded.sell("bob", "rain", "YES", MICROS)
    await upgraded.resolve("rain", admin(), "YES")
    assert (await upgraded.settle("rain")).done
    for slug in ("snow", "hail", "rain"):
        assert (await upgraded.fold(slug)).done
    assert (await upgraded.walk()).wrong == ()
    assert (await upgraded.audit()).difference.amount == 0


def test_it_follows_from_its_ledger(tables: Store) -> None:
    """Nothing stored contradicts the ledger; only results of the market that was paid by then are missing."""
    records = [record for item in tables.items.values() if (record := record_of(item)) is not None]
    findings = [
        (repair.subject, finding)
        for repair in find_repairs(DynamoStoredRecords(records), START)
        for finding in repair.findings
        if "audit" not in repair.subject
    ]
    assert findings
    assert all(subject == "market snow" and "the result of" in finding for subject, finding in findings), findings
    assert list(find_row_repairs(TABLES, tables.items.values())) == []
