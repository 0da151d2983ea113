"""The first release's tables are adopted and lived in; then they are restored, torn, and lived in again.

The stack adopts its tables by the options ``coreTable``, ``ledgerTable`` and ``ledgerStream``, which the local endpoint
deploys and changes. These tests are one story and run in this order.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from functions.adapter.out.dynamodb.tables import Tables, create_tables
from tests.e2e import first_release, runbook
from tests.e2e.deployment import Deployment
from tests.e2e.first_release import Exchange
from tests.e2e.people import Person, Town, reach
from tests.e2e.rehearsal import RESTORE, RIGHT, STOP, UPGRADE, Rehearsal, adopt
from tests.e2e.runbook import commands_of
from tests.e2e.torn_tables import Items, items_of, put, tear, trades_of
from tests.fakes.ministack import Ministack
from tests.integration.http.exchanges import includes

FIRST = Tables(core="first-core", ledger="first-ledger")
TRADERS = ("bob", "cid", "dan", "eve")
AT_ONCE = 4
"""Orders at the same time."""


@pytest.fixture(scope="module")
def rehearsal(account: Ministack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """A stack that has adopted the tables of the first release."""
    deployment = Deployment(account, tmp_path_factory.mktemp("rehearsal"), name="rehearsal")
    database = deployment.client("dynamodb")
    create_tables(database, FIRST)
    for table in FIRST:  # what is in them was read from their streams long ago
        database.update_table(TableName=table, StreamSpecification={"StreamEnabled": False})
    put(database, FIRST.core, first_release.core_items())
    put(database, FIRST.ledger, first_release.ledger_items())
    prepared = runbook.run(deployment, f".venv/bin/python -m infra.adopt {FIRST.core} {FIRST.ledger}")
    assert prepared.code == 0, prepared.output
    adopt(deployment, prepared.output)
    deployment.finish_api()
    with reach(deployment) as http:
        people: dict[str | None, Person] = {None: Person(http)}
        people |= {who: Person(http, f"Key {key}") for who, key in first_release.keys().items()}
        made = Rehearsal(deployment, Town(deployment, http), people)
        made.silence_schedules()
        yield made


def test_what_was_shown_is_shown(rehearsal: Rehearsal) -> None:
    """Portfolios, journals, orders, markets in every state, trades, holders, prices and the audit read as they did."""

    def ask(exchange: Exchange) -> list[object]:
        answer = rehearsal.people[exchange["who"]].send("GET", exchange["path"])
        is_same = answer.status_code == exchange["status"] and includes(answer.json(), exchange["answer"])
        return [] if is_same else [exchange["who"], exchange["path"], answer.text]

    assert [other for other in map(ask, first_release.READS) if other] == []


def test_what_was_done_is_not_done_again(rehearsal: Rehearsal) -> None:
    """A command of then, repeated under its key, gets its answer of then, and moves nothing."""

    def repeat(exchange: Exchange) -> list[object]:
        answer = rehearsal.people[exchange["who"]].send("POST", exchange["path"], exchange["body"], key=exchange["key"])
        is_same = answer.headers.get("Idempotency-Replayed") == "true" and includes(answer.json(), exchange["answer"])
        return [] if is_same else [exchange["who"], exchange["path"], answer.text]

    before = items_of(rehearsal.database, FIRST.ledger)
    assert [other for other in map(repeat, first_release.repeatable(("ann", *TRADERS))) if other] == []
    assert items_of(rehearsal.database, FIRST.ledger) == before


def test_a_settlement_under_way_finishes(rehearsal: Rehearsal) -> None:
    """One market was paid out in part, another not at all; both are rung for, and everybody has what is theirs."""
    assert rehearsal.call("ring_stale")["done"] == 2
    for slug in ("hail", "wind"):
        rehearsal.nobody.wait_for(f"/v1/markets/{slug}", lambda market: market["status"] != "SETTLING")
    assert rehearsal.nobody.get("/v1/markets/hail")["status"] == "RESOLVED"
    assert rehearsal.nobody.get("/v1/markets/wind")["status"] == "VOIDED"
    for who in TRADERS:
        balance = Decimal(rehearsal.people[who].get("/v1/portfolio")["balance"])
        assert balance == first_release.balance_once_paid(who)


def test_trading_goes_on(rehearsal: Rehearsal) -> None:
    """Somebody new trades with the people of then; what follows from trades catches up, and everything adds up."""
    fay = rehearsal.town.somebody("fay")
    fay.post("/v1/accounts")
    fay.post("/v1/markets/rain/orders", {"outcome": "YES", "side": "buy", "spend": "3"})
    rehearsal.order("bob", "rain", "YES", key="bob-sells", side="sell")
    rehearsal.order("dan", "sky", "BLACK", key="dan-buys")
    volume = rehearsal.nobody.get("/v1/markets/rain")["volume"]
    rehearsal.nobody.wait_for(
        "/v1/markets/rain/prices?interval=1d",
        lambda found: sum(Decimal(candle["volume"]) for candle in found["prices"]) == Decimal(volume),
    )
    rehearsal.call("close_expired_markets")
    rehearsal.call("ring_unrecorded")
    rehearsal.nobody.wait_for("/v1/accounts/bob/record", lambda record: record["markets"] == 2)


def test_what_an_upgrade_leaves_to_do(rehearsal: Rehearsal) -> None:
    """By the runbook's line, which finds the one market that is not in the list by closing time, and nothing else."""
    stop, start = commands_of(STOP)
    (mend,) = commands_of(UPGRADE)
    assert rehearsal.run(stop).code == 0
    assert rehearsal.most_at_once("place_order") == 0
    mended = rehearsal.run(mend)
    assert mended.code == 0, mended.output
    assert mended.output.splitlines()[:-1] == [
        f"table {FIRST.core}: the row CLOSING / 2099-01-01T00:00:00.000000Z#sky is missing"
    ]
    assert rehearsal.run(mend) == RIGHT
    assert rehearsal.run(start).code == 0
    assert rehearsal.most_at_once("place_order") is None
    rehearsal.require_right()


def live_and_remember(rehearsal: Rehearsal) -> Items:
    """Two markets are made and traded; the core table then; and what is traded afterwards, some of it at once."""
    ann = rehearsal.people["ann"]
    for slug in ("east", "west"):
        ann.post("/v1/markets", {"name": f"Will it come from the {slug}?", "slug": slug, "liquidity": "10"})
        ann.post(f"/v1/markets/{slug}/publish", status=200)
        rehearsal.order("bob", slug, "YES", key=f"{slug}-1")
    earlier = items_of(rehearsal.database, FIRST.core)
    rehearsal.order("cid", "west", "NO", key="west-2")
    rehearsal.order("bob", "west", "YES", key="west-3")
    later = (("bob", "sky", "BLUE"), ("cid", "sky", "GREY"), ("dan", "rain", "NO"), ("eve", "east", "NO"))
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for order in [threads.submit(rehearsal.order, *each, key=f"{each[1]}-{each[0]}") for each in later]:
            order.result()
    return earlier


def test_a_torn_restore(rehearsal: Rehearsal) -> None:
    """By the runbook's lines: stopped, restored, torn in five ways at once, reconciled, adopted, started again."""
    core, ledger = rehearsal.tables
    restored = Tables(f"{core}-restored", f"{ledger}-restored")
    earlier = live_and_remember(rehearsal)
    stop, start = commands_of(STOP)
    restore, look, mend, deploy = commands_of(RESTORE)
    assert rehearsal.run(stop).code == 0
    assert rehearsal.run(restore).code == 0

    trades = trades_of(items_of(rehearsal.database, restored.ledger))
    dan = max(number for slug, number in trades if slug == "rain")
    tear(
        rehearsal.database,
        restored,
        earlier,
        unwritten=trades["rain", dan],
        half=trades["east", 2],
        lost=trades["west", 2],
    )
    torn = [items_of(rehearsal.database, table) for table in restored]
    looked = rehearsal.run(look)
    assert looked.code == 1
    assert [items_of(rehearsal.database, table) for table in restored] == torn
    mended = rehearsal.run(mend)
    assert mended.code == 0, mended.output
    assert mended.output.splitlines()[:-1] == looked.output.splitlines()[:-1]
    assert rehearsal.run(look) == rehearsal.run(mend) == RIGHT

    ended = rehearsal.run(deploy)
    assert ended.code == 0, ended.output
    adopt(rehearsal.deployment, ended.output)
    assert rehearsal.tables == restored
    assert rehearsal.run(start).code == 0


def test_no_trade_of_the_ledger_is_lost(rehearsal: Rehearsal) -> None:
    """Up to the first gap of its market each trade is shown as it was; what the ledger had lost never was."""
    before = trades_of(items_of(rehearsal.database, FIRST.ledger))
    lost = {("rain", max(number for slug, number in before if slug == "rain")), ("west", 2), ("west", 3)}
    kept = {place: entry.trade.digest for place, entry in before.items() if place not in lost and entry.trade}
    slugs = {slug for slug, _ in before}
    shown = {(slug, number): digest for slug in slugs for number, digest in rehearsal.trades(slug).items()}
    assert shown == kept
    rehearsal.require_right()


def test_the_restored_service_trades_on(rehearsal: Rehearsal) -> None:
    """An order that was restored is not placed again, one that was lost is; a market is paid out by the new stream."""
    for who, slug, outcome, is_known in (
        ("bob", "sky", "BLUE", True),
        ("cid", "sky", "GREY", True),
        ("eve", "east", "NO", True),
        ("dan", "rain", "NO", False),
    ):
        body = {"outcome": outcome, "side": "buy", "quantity": "1"}
        answer = rehearsal.people[who].send("POST", f"/v1/markets/{slug}/orders", body, key=f"{slug}-{who}")
        assert (answer.status_code, answer.headers.get("Idempotency-Replayed") == "true") == (201, is_known), (
            answer.text
        )
    for slug in ("rain", "east", "west"):
        rehearsal.order("eve", slug, "YES", key=f"{slug}-again")
    rehearsal.people["ann"].post("/v1/markets/west/resolve", {"outcome": "NO"}, status=202)
    rehearsal.nobody.wait_for("/v1/markets/west", lambda market: market["status"] == "RESOLVED")
    rehearsal.nobody.wait_for("/v1/accounts/eve/record", lambda record: record["markets"] == 3)
    rehearsal.require_right()
