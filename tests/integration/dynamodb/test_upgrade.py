"""Tables that the first release filled are read by this one, which keeps what was promised, and goes on in them.

``data/first-release.json`` has every item of the tables in which the first release (e613b34) lived: five accounts, four
markets, one of them traded, one paid out, one decided and waiting to be paid, one a draft; keys ``key-1`` to
``key-22`` for what was asked with ``request-1`` to ``request-22``. The tables of tests/e2e/first_release.py have more
markets: some were closed and opened again, some are being paid out, and their price histories trail behind.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from domain.application.history.list_events import ListEventsRequest
from domain.application.history.list_prices import ListPricesRequest
from domain.application.history.project_price_history import ProjectPriceHistoryRequest
from domain.application.instance.reconciliation.reconcile import find_repairs
from domain.application.ledger.list_journal import ListJournalRequest
from domain.application.trading.list_trades import ListTradesRequest
from domain.event.market_events import EventType, MarketChanged, MarketEvent
from domain.model.history.candle import Interval
from domain.model.kernel.command import Idempotency, command_id
from domain.model.kernel.money import MICROS
from domain.model.trading.market import MarketStatus
from domain.model.trading.order import OrderTerms
from domain.model.trading.replay import shown_market, verify_market
from domain.model.trading.trade import Side
from functions.adapter.out.dynamodb.reconciliation import DynamoStoredRecords, find_row_repairs, record_of
from functions.config.dynamodb import dynamodb_persistence
from tests.e2e import first_release
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
    return _load(Store(), ITEMS["core"], ITEMS["ledger"])


@pytest.fixture
def upgraded(tables: Store) -> World:
    """Every use case of this release over them."""
    clock = FakeClock()
    return World(dynamodb_persistence(cast("Client", tables), TABLES, clock, HighestRandom()), clock)


def _load(store: Store, core: Iterable[dict[str, Any]], ledger: Iterable[dict[str, Any]]) -> Store:
    for table, items in zip(TABLES, (core, ledger), strict=True):
        for some in batched(items, 100, strict=False):
            store.transact_write_items(TransactItems=[{"Put": {"TableName": table, "Item": item}} for item in some])
    return store


@pytest.fixture
def later() -> World:
    """Every use case of this release over the tables of tests/e2e, days after they were left."""
    clock = FakeClock(START + timedelta(days=4))
    store = _load(Store(), first_release.core_items(), first_release.ledger_items())
    world = World(dynamodb_persistence(cast("Client", store), TABLES, clock, HighestRandom()), clock)
    world.keys = iter(range(1000, 2000))
    return world


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


_CHANGES, _TRADE = EventType, EventType.TRADE
_EVENTS = {
    "rain": [_CHANGES.PUBLISHED, *[_TRADE] * 5],
    "noon": [_CHANGES.PUBLISHED, _TRADE],
    "fog": [_CHANGES.PUBLISHED, _TRADE, _CHANGES.CLOSED, _CHANGES.REOPENED, _TRADE, _CHANGES.CLOSED],
    "hail": [_CHANGES.PUBLISHED, *[_TRADE] * 4, _CHANGES.RESOLVING],
    "snow": [_CHANGES.PUBLISHED, *[_TRADE] * 5, _CHANGES.RESOLVING, _CHANGES.RESOLVED],
    "sleet": [_CHANGES.PUBLISHED, *[_TRADE] * 4, _CHANGES.RESOLVING, _CHANGES.VOIDED],
}
"""What happened to markets in the first release, which numbered no events."""


def _end(events: Sequence[MarketEvent]) -> int:
    return events[-1].position if events else 0


@pytest.mark.parametrize("limit", [1, 2, 100])
@pytest.mark.parametrize("slug", _EVENTS)
async def test_events_of_then_have_their_positions(later: World, slug: str, limit: int) -> None:
    """Page by page they are numbered without gaps, and those of this release go on from there.

    The first is 1, or more where a draft had been edited: its book counts those changes too.
    """
    book = (await later.see(slug)).book
    found: list[MarketEvent] = []
    while page := (await later.list_events.execute(ListEventsRequest(slug, _end(found), limit))).events:
        found += page
    assert [event.position for event in found] == list(range(2 if slug == "fog" else 1, book.position + 1))
    assert [event.type for event in found] == _EVENTS[slug]
    if slug == "rain":
        await later.buy("dan", slug, "YES", MICROS)
        await later.resolve(slug, admin(), "YES")
        more = (await later.list_events.execute(ListEventsRequest(slug, book.position, limit))).events
        assert [event.position for event in more] == list(range(book.position + 1, book.position + 1 + len(more)))
        assert more[0].type is _TRADE


async def test_decisions_of_then_are_told(later: World) -> None:
    """What that release did not say of its changes is in the market."""
    found = (await later.list_events.execute(ListEventsRequest("snow", 0, 100))).events
    market = (await later.see("snow")).market
    assert [event.data.resolution for event in found if isinstance(event.data, MarketChanged)] == [
        None,
        market.resolution,
        market.resolution,
    ]


async def test_a_price_history_that_trails_behind_goes_on(later: World) -> None:
    """Three of five trades were folded by then; those and one of now are folded once each, and nothing is left."""
    await later.buy("dan", "rain", "YES", MICROS)
    folded = await later.project_price_history.execute(ProjectPriceHistoryRequest("rain"))
    assert (folded.folded, folded.done) == (3, True)
    request = ListPricesRequest("rain", Interval.DAY, None, None)
    volumes = [candle.volume.amount for candle in (await later.list_prices.execute(request)).candles]
    assert sum(volumes) == (await later.see("rain")).book.volume.amount
