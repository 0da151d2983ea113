"""What is kept to answer a repeated request: no second copy of long texts, and nothing for longer than promised."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from domain.application.trading.clarify_market import ClarifyMarketRequest
from domain.application.trading.close_market import CloseMarketRequest
from domain.application.trading.create_market import CreateMarketRequest
from domain.application.trading.delete_draft import DeleteDraftRequest
from domain.application.trading.publish_market import PublishMarketRequest
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Command, Refusal
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import key_of
from domain.model.trading.market import MarketChanges, MarketDefinition
from domain.port.out.store import Insert
from functions.adapter.out.sqlite import expiry
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.expiry import ANSWER_LIFE, forget_answers
from functions.config.sqlite import sqlite_persistence
from tests.fakes.clock import START
from tests.fakes.world import World

ANN = Caller("ann")
LONG = MarketDefinition("Will it rain?", description="long description ☂ " * 400, rules='long "rules"\n' * 500)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty one."""
    with Database.open(tmp_path / "hunch.db") as opened:
        yield opened


def answers(database: Database) -> list[str]:
    """What is stored of answers, the oldest first."""

    def read(connection: sqlite3.Connection) -> list[str]:
        query = "SELECT answer FROM commands WHERE kind = 'Listing' ORDER BY created_at"
        return [answer for (answer,) in connection.execute(query)]

    return database.write_now(read)


async def test_a_published_markets_texts_are_not_stored_again(database: Database) -> None:
    """What publishing and closing answered is repeated to the letter, without its texts being kept a second time."""
    world = World(sqlite_persistence(database))
    await world.open("ann")
    await world.draft("rain", "ann", LONG)
    publish = PublishMarketRequest(ANN, "rain", world.fresh())
    published = (await world.publish_market.execute(publish)).listing
    world.clock.advance(timedelta(seconds=1))
    close = CloseMarketRequest(ANN, "rain", world.fresh())
    closed = (await world.close_market.execute(close)).listing
    assert [len(answer) < 2000 for answer in answers(database)] == [True, True, True]
    again = await world.publish_market.execute(publish)
    assert (again.listing, again.replayed) == (published, True)
    assert (await world.close_market.execute(close)).listing == closed
    assert (published.market.description, published.market.rules) == (LONG.description, LONG.rules)


async def test_a_drafts_answer_is_what_it_was(database: Database) -> None:
    """Edited, published or deleted since: who drafted it is told the same again."""
    world = World(sqlite_persistence(database))
    await world.open("ann")
    request = CreateMarketRequest(ANN, "rain", LONG, world.fresh())
    drafted = (await world.create_market.execute(request)).listing
    await world.edit("rain", ANN, MarketChanges(description="short"))
    assert (await world.create_market.execute(request)).listing == drafted
    await world.publish_drafted("rain", "ann")
    assert (await world.create_market.execute(request)).listing == drafted


async def test_a_deleted_drafts_answer_is_what_it_was_and_small(database: Database) -> None:
    """Drafting and deleting without end leaves no texts behind; whoever repeats a request has them, and gets them."""
    world = World(sqlite_persistence(database))
    await world.open("ann")
    request = CreateMarketRequest(ANN, "rain", LONG, world.fresh())
    drafted = (await world.create_market.execute(request)).listing
    await world.delete_draft.execute(DeleteDraftRequest(ANN, "rain"))
    assert [len(answer) < 2000 for answer in answers(database)] == [True]
    again = await world.create_market.execute(request)
    assert (again.listing, again.replayed) == (drafted, True)
    assert drafted.market.rules == LONG.rules


async def test_clarifications_are_not_stored_again(database: Database) -> None:
    """Each answer has as many of them as there were, in their order; none is kept a second time."""
    world = World(sqlite_persistence(database))
    await world.open("ann")
    await world.publish("rain", "ann")
    given = []
    for number in range(3):
        text = f'"{number}" ☂\n' + "x" * 1990
        request = ClarifyMarketRequest(ANN, "rain", text, world.fresh())
        given.append((request, (await world.clarify_market.execute(request)).listing))
        world.clock.advance(timedelta(seconds=1))
    assert max(map(len, answers(database))) < 2000
    for request, listing in given:
        assert (await world.clarify_market.execute(request)).listing == listing
    assert [len(listing.market.clarifications) for _, listing in given] == [1, 2, 3]


async def test_answers_are_forgotten_once_their_time_is_over(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a moment before; orders, grants and those who came by an invitation are remembered for ever."""
    monkeypatch.setattr(expiry, "_AT_ONCE", 2)
    world = World(sqlite_persistence(database))
    opened = await world.open("ann")
    await world.publish("rain", "ann")
    order = await world.buy("ann", "rain", "YES", MICROS)
    refusal = Refusal("forbidden", "Not Allowed", "forbidden", "No.")
    old = [Command("ann", f"{number:032}", "asked", refusal, START) for number in range(5)]
    guest = replace(old[0], account="invitation:1")
    young = replace(old[0], id="f" * 32, created_at=START + timedelta(microseconds=1))
    store = sqlite_persistence(database).unit_of_work
    await store.commit([Insert(command) for command in (*old, guest, young)])
    assert await forget_answers(database, START + ANSWER_LIFE) == 0
    forgotten = await forget_answers(database, START + ANSWER_LIFE + timedelta(microseconds=1))
    assert forgotten == len(old) + 3  # the account, the draft and its publication
    records = sqlite_persistence(database).records
    found = (await records.read(*(key_of(command) for command in (*old, guest, young)))).found
    assert list(found.values()) == [None] * len(old) + [guest, young]
    assert await world.find_order(order.id, ANN) == order
    assert (await world.open("ann")).balance == (await world.found(key_of(opened))).balance


def test_they_are_found_by_their_age(database: Database) -> None:
    """However many orders there are, nobody looks at them."""

    def plan(connection: sqlite3.Connection) -> list[str]:
        return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {expiry._FORGET}", ("2026", 1))]

    steps = database.write_now(plan)
    assert any("commands_by_age" in step for step in steps)
    assert [step for step in steps if step.startswith("SCAN") and "commands_by_age" not in step] == []
