"""A server goes on while a command of the next release opens its file: it leaves alone what only that release knows."""

from pathlib import Path

import pytest

from domain.model.kernel.errors import DegradedError
from domain.model.kernel.money import MICROS
from functions.adapter.out.sqlite import database as database_module
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.schema import MIGRATIONS
from functions.adapter.out.sqlite.trouble import OVERTAKEN
from functions.config.sqlite import sqlite_persistence
from tests.fakes.world import World

STEP = "CREATE INDEX mottos ON accounts (document ->> '$.motto');\n"
"""A release that adds a field has a step for it, so that those before it see that the file is no longer theirs."""
SET_MOTTO = """UPDATE accounts SET document = json_set(document, '$.motto', 'Sun!') WHERE id = 'ann'"""
MOTTO = "SELECT document ->> '$.motto' FROM accounts WHERE id = 'ann'"


async def motto(database: Database) -> str | None:
    """What only the next release knows of ann."""
    found: str | None = await database.read(lambda connection: connection.execute(MOTTO).fetchone()[0])
    return found


async def test_a_server_of_the_release_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It refuses every write as a degraded one does, erases nothing, says why, and goes on reading."""
    with Database.open(tmp_path / "hunch.db") as database:
        world = World(sqlite_persistence(database))
        await world.open("ann")
        await world.publish("rain", "ann")
        with monkeypatch.context() as next_release:
            next_release.setattr(database_module, "MIGRATIONS", (*MIGRATIONS, STEP))
            with Database.open(tmp_path / "hunch.db") as later:
                await later.write(lambda connection: connection.execute(SET_MOTTO).rowcount)
        with pytest.raises(DegradedError, match=OVERTAKEN.cause):
            await world.buy("ann", "rain", "YES", MICROS)
        assert database.condition.trouble == OVERTAKEN
        assert await motto(database) == "Sun!"
        assert (await world.portfolio("ann")).account.seq == 2
    with monkeypatch.context() as next_release:
        next_release.setattr(database_module, "MIGRATIONS", (*MIGRATIONS, STEP))
        with Database.open(tmp_path / "hunch.db") as later:
            await World(sqlite_persistence(later), keys=iter([1000])).buy("ann", "rain", "YES", MICROS)
